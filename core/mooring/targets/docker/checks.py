"""What would keep a service from running on an engine, found before anything is made."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from mooring.deployments.releasing import auth_mode
from mooring.engine import Engine
from mooring.errors import MooringError
from mooring.findings import Finding
from mooring.images.labels import SCOPE
from mooring.targets.docker.host_names import label_of, port_of
from mooring.targets.docker.place import DNS, SERVICE, DockerPlace

if TYPE_CHECKING:
    from mooring.configs import DeploymentConfig

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def check_deployment(
    engine: Engine, place: DockerPlace, deployment: DeploymentConfig, own_port: Callable[[], int | None]
) -> list[Finding]:
    """Findings about engine, port and publishing; `own_port` gives the service's port, which is not taken."""
    try:
        with engine.told():
            system = engine.questions.version().get("Os")
        own = own_port()
        label = label_of(deployment.to_dict())
        holders = engine.containers({DNS: label}) if label else []
    except MooringError as error:
        return [_error(error.code, error.problem, error.remedy)]
    findings = [
        *_check_system(system),
        *_check_label(label, holders, place),
        *_check_certificate(deployment),
        *_check_publishing(engine, place.settings.docker_publish, deployment),
    ]
    port = getattr(deployment, "port", None) or (port_of(label) if label and not findings else None)
    if port and port != own and engine.host in _LOOPBACK and _is_taken(port):
        problem = f"{place.settings.docker_publish}:{port} is already in use."
        remedy = "Stop the other process, or deploy without a port (or dnsNameLabel) to take a free one."
        findings.append(_error("port-taken", problem, remedy))
    return findings


def _check_system(system: str | None) -> list[Finding]:
    if not system or system == "linux":
        return []
    problem = f"The Docker engine runs {system} containers; services need Linux containers."
    return [_error("engine-not-linux", problem, "Switch Docker to Linux containers.")]


def _check_publishing(engine: Engine, published: str, deployment: DeploymentConfig) -> list[Finding]:
    if published in _LOOPBACK and engine.host not in _LOOPBACK:
        problem = f"The engine is on {engine.host}, and docker_publish is {published}: only that machine itself would reach the service."
        remedy = (
            "Set MOORING_DOCKER_PUBLISH to 0.0.0.0, or to an address of that machine, and authEnabled to true "
            "(computeType aci)."
        )
        return [_error("address-unreachable", problem, remedy)]
    if published not in _LOOPBACK and auth_mode(deployment) == "off":
        problem = f"docker_publish is {published}, and the service would answer everybody who reaches it."
        remedy = "Set authEnabled to true (computeType aci), or publish on 127.0.0.1."
        return [_error("published-without-auth", problem, remedy)]
    return []


def _check_label(label: str, holders: list[dict[str, Any]], place: DockerPlace) -> list[Finding]:
    others = {
        each["Labels"].get(SERVICE)
        for each in holders
        if (each["Labels"].get(SERVICE), each["Labels"].get(SCOPE)) != (place.service, place.scope)
    }
    if not others:
        return []
    problem = f"The dnsNameLabel {label!r} belongs to the service {', '.join(map(str, sorted(others)))}."
    return [_error("dns-label-taken", problem, "Choose another label, or delete that service.")]


def _check_certificate(deployment: DeploymentConfig) -> list[Finding]:
    """A certificate and key that don't fit would be found by the front, after everything was built."""
    asked = deployment.to_dict()
    paths = asked.get("sslCertificate"), asked.get("sslKey")
    if not asked.get("sslEnabled") or not all(paths):
        return []
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(str(paths[0]), str(paths[1]), password="")
    except (OSError, ValueError) as error:  # ssl.SSLError is an OSError
        reason = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
        problem = f"{paths[0]} and {paths[1]} are no certificate with its key: {reason}."
        return [
            _error("certificate-unusable", problem, "Give a PEM chain and its PEM key without a passphrase.")
        ]
    return []


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return True
        return False


def _error(code: str, problem: str, remedy: str) -> Finding:
    return Finding(code=code, severity="error", problem=problem, remedy=remedy)
