"""A metrics adapter of a test's own: serves what pods tell at /metrics as the cluster's custom metrics, as Prometheus's does.

The API server hands requests for its API group on to it, the cluster's own autoscaler asks there, and it asks the pods.
"""

from __future__ import annotations

import json
import ssl
import threading
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import httpx

from mooring.images.contract import PORT
from mooring.targets.kubernetes.cluster import Cluster, Json
from mooring.targets.kubernetes.errors import KubernetesTrouble
from mooring.targets.kubernetes.kinds import ENDPOINT_SLICE, NODE, POD, SERVICE, Kind

from .certificates import self_signed
from .waiting import until

API_SERVICE = Kind("APIService", "apiregistration.k8s.io/v1", "apiservices", is_namespaced=False)
GROUP, VERSION, NAME = "custom.metrics.k8s.io", "v1beta1", "mooring-test-adapter"
CUSTOM_METRICS = "custom-metrics"
"""Whose turn it is with them; an autoscaler that is made meanwhile counts requests."""


class MetricsAdapter:
    """Serves one metric of the pods of a namespace while the block runs.

    Args:
        cluster: Whose API it becomes a part of; on a node that is this machine.
        namespace: Of pods and of the adapter's Service.
        metric: Its name.
        folder: For its certificate.
    """

    def __init__(self, cluster: Cluster, namespace: str, metric: str, folder: Path) -> None:
        self._cluster, self._namespace, self._metric = cluster, namespace, metric
        certificate, key = self_signed(folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self._address = _address_of_the_node(cluster)
        self._server = ThreadingHTTPServer((self._address, 0), self._handler())
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever)

    def __enter__(self) -> MetricsAdapter:
        self._thread.start()
        try:
            for kind, manifest in self._objects():
                self._cluster.create(kind, self._namespace, manifest)
            until(self._is_served)
        except BaseException:
            self.end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def end(self) -> None:
        """Leave the cluster as it was: an API group that nobody answers for keeps namespaces from going away."""
        for kind, manifest in reversed(self._objects()):
            self._cluster.delete(kind, self._namespace, manifest["metadata"]["name"])
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _is_served(self) -> bool:
        try:
            return self._cluster.ask("GET", f"/apis/{GROUP}/{VERSION}") is not None
        except KubernetesTrouble:  # 503 until the API server has found the way
            return False

    def values(self, labels: str) -> list[Json]:
        """The metric of each pod with these labels that answers."""
        wanted = dict(part.split("=", 1) for part in labels.split(",") if part)
        found: list[Json] = []
        for pod in self._cluster.items(POD, self._namespace, labels=wanted):
            value = self._ask(pod["status"].get("podIP") or "")
            if value is not None:
                found.append(self._value(pod["metadata"]["name"], value))
        return found

    def _ask(self, address: str) -> float | None:
        try:
            text = httpx.get(f"http://{address}:{PORT}/metrics", timeout=5).text
        except (httpx.TransportError, httpx.InvalidURL):
            return None
        lines = [line.rpartition(" ") for line in text.splitlines() if line.startswith(self._metric)]
        return sum(float(value) for _, _, value in lines) if lines else None

    def _value(self, pod: str, value: float) -> Json:
        described = {"kind": "Pod", "namespace": self._namespace, "name": pod, "apiVersion": "/v1"}
        now = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        return {
            "describedObject": described,
            "metricName": self._metric,
            "timestamp": now,
            "value": f"{round(value * 1000)}m",
        }

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        adapter = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked = urlsplit(self.path)
                body = json.dumps(adapter.answer(unquote(asked.path), parse_qs(asked.query))).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                pass

        return Handler

    def answer(self, path: str, query: dict[str, list[str]]) -> Json:
        """What the API group answers: what there is, or values."""
        version = {"apiVersion": f"{GROUP}/{VERSION}"}
        if path.endswith(f"/pods/*/{self._metric}"):
            return {
                "kind": "MetricValueList",
                **version,
                "metadata": {},
                "items": self.values(query.get("labelSelector", [""])[0]),
            }
        resource = {
            "name": f"pods/{self._metric}",
            "singularName": "",
            "namespaced": True,
            "kind": "MetricValueList",
            "verbs": ["get"],
        }
        return {
            "kind": "APIResourceList",
            "apiVersion": "v1",
            "groupVersion": f"{GROUP}/{VERSION}",
            "resources": [resource],
        }

    def _objects(self) -> list[tuple[Kind, Json]]:
        """A Service that leads to this machine, and the API group that leads to the Service."""
        named: Json = {"metadata": {"name": NAME}}
        service = {"spec": {"ports": [{"name": "https", "port": 443, "protocol": "TCP"}]}}
        port = {"name": "https", "port": self._server.server_address[1], "protocol": "TCP"}
        endpoints: Json = {
            "metadata": {"name": NAME, "labels": {"kubernetes.io/service-name": NAME}},
            "addressType": "IPv4",
            "ports": [port],
            "endpoints": [{"addresses": [self._address], "conditions": {"ready": True}}],
        }
        api = {
            "group": GROUP,
            "version": VERSION,
            "groupPriorityMinimum": 100,
            "versionPriority": 100,
            "insecureSkipTLSVerify": True,
            "service": {"name": NAME, "namespace": self._namespace},
        }
        return [
            (SERVICE, {"apiVersion": SERVICE.version, "kind": SERVICE.name, **named, **service}),
            (
                ENDPOINT_SLICE,
                {"apiVersion": ENDPOINT_SLICE.version, "kind": ENDPOINT_SLICE.name, **endpoints},
            ),
            (
                API_SERVICE,
                {
                    "apiVersion": API_SERVICE.version,
                    "kind": API_SERVICE.name,
                    "metadata": {"name": f"{VERSION}.{GROUP}"},
                    "spec": api,
                },
            ),
        ]


def _address_of_the_node(cluster: Cluster) -> str:
    (node, *_) = cluster.items(NODE, None)
    return next(str(each["address"]) for each in node["status"]["addresses"] if each["type"] == "InternalIP")
