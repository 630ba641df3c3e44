"""What would keep a service from running on an engine, found before anything is made."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

from mooring.deployments.releasing import auth_mode
from mooring.engine import Engine
from mooring.errors import MooringError
from mooring.findings import Finding
from mooring.settings import Settings

if TYPE_CHECKING:
    from mooring.configs import DeploymentConfig

_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def check_deployment(
    engine: Engine, settings: Settings, deployment: DeploymentConfig, own_port: Callable[[], int | None]
) -> list[Finding]:
    """Findings about engine, port and publishing; `own_port` gives the service's port, which is not taken."""
    try:
        with engine.told():
            system = engine.questions.version().get("Os")
        own = own_port()
    except MooringError as error:
        return [_error(error.code, error.problem, error.remedy)]
    findings: list[Finding] = []
    if system and system != "linux":
        problem = f"The Docker engine runs {system} containers; services need Linux containers."
        findings.append(_error("engine-not-linux", problem, "Switch Docker to Linux containers."))
    port = getattr(deployment, "port", None)
    if port and port != own and engine.host in _LOOPBACK and _is_taken(port):
        problem = f"{settings.docker_publish}:{port} is already in use."
        remedy = "Stop the other process, or deploy without a port to take a free one."
        findings.append(_error("port-taken", problem, remedy))
    if settings.docker_publish not in _LOOPBACK and auth_mode(deployment) == "off":
        problem = f"docker_publish is {settings.docker_publish}, and the service would answer everybody who reaches it."
        remedy = "Set authEnabled to true (computeType aci), or publish on 127.0.0.1."
        findings.append(_error("published-without-auth", problem, remedy))
    return findings


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
