"""A real ingress and Gateway controller of a test's own: Traefik, with the tests' kubeconfig, on this machine's loopback."""

from __future__ import annotations

import os
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType

import httpx
import pytest
import yaml

from mooring.targets.kubernetes.cluster import Cluster, Json
from mooring.targets.kubernetes.kinds import INGRESS_CLASS, Kind

from .waiting import turn_with, until

GATEWAY_CLASS = Kind("GatewayClass", "gateway.networking.k8s.io/v1", "gatewayclasses", is_namespaced=False)
GATEWAY_API = "gateway-api"
DEFINITION = Kind(
    "CustomResourceDefinition", "apiextensions.k8s.io/v1", "customresourcedefinitions", is_namespaced=False
)


class Traefik:
    """Serves the Ingresses, and where told so the Gateways, of one namespace while the block runs.

    Attributes:
        name: Of its IngressClass and GatewayClass.
        address: Its own on the loopback, which it writes into the status of Ingresses.
        has_port_80: Whether it may listen there.
        http, https: Ports of 127.0.0.1 that answer, too; Gateways get this address.
    """

    def __init__(self, cluster: Cluster, namespace: str, folder: Path, *, has_gateways: bool = False) -> None:
        self._has_gateways = has_gateways
        self.name = f"mooring-test-{os.getpid()}"
        self.address = f"127.{os.getpid() % 200 + 1}.{os.getpid() // 200 % 200 + 1}.1"
        self.has_port_80 = os.geteuid() == 0
        self.http, self.https, self._ping = (_free_port() for _ in range(3))
        self._cluster, self._namespace, self._folder = cluster, namespace, folder

    def __enter__(self) -> Traefik:
        self._cluster.create(INGRESS_CLASS, "", self._class("IngressClass", "ingress"))
        if self._has_gateways:
            self._cluster.create(GATEWAY_CLASS, "", self._class("GatewayClass", "gateway"))
        self._log = (self._folder / "traefik.log").open("wb")
        program = Path(os.environ["MOORING_TEST_TRAEFIK"]) / "traefik"
        self._process = subprocess.Popen([program, *self._flags()], stdout=self._log, stderr=self._log)
        until(self._answers)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.wait()
        self._log.close()
        self._cluster.delete(INGRESS_CLASS, "", self.name)
        if self._has_gateways:
            self._cluster.delete(GATEWAY_CLASS, "", self.name)

    def gateway(self, name: str, **rules: Json) -> Json:
        """A Gateway of the class; `rules` are of its listener."""
        listener = {"name": "http", "protocol": "HTTP", "port": self.http, **rules}
        return {
            "apiVersion": "gateway.networking.k8s.io/v1",
            "kind": "Gateway",
            "metadata": {"name": name},
            "spec": {"gatewayClassName": self.name, "listeners": [listener]},
        }

    def _class(self, kind: str, controller: str) -> Json:
        key = "controllerName" if kind == "GatewayClass" else "controller"
        version = "gateway.networking.k8s.io/v1" if kind == "GatewayClass" else INGRESS_CLASS.version
        named = {key: f"traefik.io/{controller}-controller"}
        return {"apiVersion": version, "kind": kind, "metadata": {"name": self.name}, "spec": named}

    def _flags(self) -> list[str]:
        gateways = [
            "--providers.kubernetesgateway",
            f"--providers.kubernetesgateway.namespaces={self._namespace}",
            "--providers.kubernetesgateway.statusaddress.ip=127.0.0.1",
        ]
        return [
            *([f"--entrypoints.own.address={self.address}:80"] if self.has_port_80 else []),
            f"--entrypoints.http.address=127.0.0.1:{self.http}",
            f"--entrypoints.https.address=127.0.0.1:{self.https}",
            "--entrypoints.https.http.tls",
            f"--entrypoints.ping.address=127.0.0.1:{self._ping}",
            "--ping.entrypoint=ping",
            "--providers.kubernetesingress",
            f"--providers.kubernetesingress.namespaces={self._namespace}",
            f"--providers.kubernetesingress.ingressclass={self.name}",
            f"--providers.kubernetesingress.ingressendpoint.ip={self.address}",
            *(gateways if self._has_gateways else []),
            "--global.sendanonymoususage=false",
            "--global.checknewversion=false",
        ]

    def _answers(self) -> bool:
        if self._process.poll() is not None:
            pytest.fail(f"Traefik ended: {(self._folder / 'traefik.log').read_text()[-2000:]}")
        try:
            return httpx.get(f"http://127.0.0.1:{self._ping}/ping").status_code == 200
        except httpx.TransportError:
            return False


@contextmanager
def gateway_api(cluster: Cluster) -> Iterator[None]:
    """The Gateway API's own definitions, while the block runs; a cluster that has them keeps its own."""
    with turn_with(GATEWAY_API):
        files = sorted(Path(os.environ["MOORING_TEST_TRAEFIK"]).glob("gateway-api/*.yaml"))
        texts = [] if has_gateway_api(cluster) else [file.read_text() for file in files]
        definitions: list[Json] = [each for text in texts for each in yaml.safe_load_all(text)]
        names = [str(each["metadata"]["name"]) for each in definitions]
        try:
            for definition in definitions:
                cluster.create(DEFINITION, "", definition)
            until(lambda: all(_is_established(cluster, name) for name in names))
            yield
        finally:
            for name in names:
                cluster.delete(DEFINITION, "", name)
            until(lambda: not names or not has_gateway_api(cluster))


def _is_established(cluster: Cluster, definition: str) -> bool:
    found = cluster.find(DEFINITION, None, definition) or {}
    conditions: list[Json] = (found.get("status") or {}).get("conditions") or []
    return any(each["type"] == "Established" and each["status"] == "True" for each in conditions)


def has_gateway_api(cluster: Cluster) -> bool:
    """Whether somebody has defined it."""
    return cluster.ask("GET", "/apis/gateway.networking.k8s.io/v1") is not None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
