"""What people and the desk are told about a container: its address."""

from __future__ import annotations

from typing import Any

from mooring.deployments.target import Running
from mooring.engine import Engine
from mooring.settings import Settings
from mooring.targets.docker.host_names import host_name_of, is_known_here, label_of

_LOOPBACK = "127.0.0.1"
_EVERYWHERE_OR_HERE = (_LOOPBACK, "0.0.0.0", "::")  # noqa: S104 - names, nothing is bound here


def scheme_of(deployment: dict[str, Any]) -> str:
    """`https` when the deployment config switches TLS on."""
    return "https" if deployment.get("sslEnabled") else "http"


def reachable_host(engine: Engine, settings: Settings) -> str:
    """Name or address at which published ports are reached from here."""
    published = settings.docker_publish
    return engine.host if published in _EVERYWHERE_OR_HERE else published


def running_of(
    engine: Engine, settings: Settings, deployment: dict[str, Any], port: int | None, container: str
) -> Running:
    """The address of a service, at its front."""
    scheme = scheme_of(deployment)
    host = reachable_host(engine, settings)
    label = label_of(deployment)
    if scheme == "https" and deployment.get("cname"):
        host = str(deployment["cname"])
    elif label and host == _LOOPBACK and is_known_here(host_name_of(label)):
        host = host_name_of(label)
    base = f"{scheme}://{host}:{port}"
    details: dict[str, Any] = {"container": container[:12], "engine": engine.place}
    if label:
        details["fqdn"] = host_name_of(label)
    return Running(f"{base}/score", f"{base}/swagger.json", port, details)
