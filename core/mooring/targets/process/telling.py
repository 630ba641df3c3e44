"""What the supervisor says, in the words of a target."""

from __future__ import annotations

from typing import Any

from mooring.deployments.target import Crash, Observation, Running
from mooring.deployments.values import State

HOST = "127.0.0.1"

_STATES: dict[str, State] = {
    "serving": "Healthy",
    "updating": "Healthy",
    "starting": "Transitioning",
    "stopping": "Transitioning",
    "restarting": "Unhealthy",
    "failed": "Failed",
}
_DETAILS = ("pid", "generation", "started", "workers", "zygotes", "restarts")


def scoring_uri(port: int) -> str:
    """Where to POST."""
    return f"http://{HOST}:{port}/score"


def read_running(status: dict[str, Any]) -> Running:
    """The address of a service."""
    port: int = status["port"]
    return Running(
        scoring_uri=scoring_uri(port),
        swagger_uri=f"http://{HOST}:{port}/swagger.json",
        port=port,
        details={"pid": status["pid"], "generation": status["generation"]},
    )


def read_observation(status: dict[str, Any]) -> Observation:
    """How a service is."""
    return Observation(
        present=True,
        state=_STATES[status["state"]],
        revision=status["revision"],
        running=read_running(status),
        crash=read_crash(status["last_crash"]) if status["last_crash"] else None,
        details={key: status[key] for key in _DETAILS},
    )


def read_crash(facts: dict[str, Any]) -> Crash:
    """Why a version did not come up, or a worker died."""
    known: dict[str, Any] = {
        name: facts[name] for name in Crash.__dataclass_fields__ if facts.get(name) is not None
    }
    known["log_tail"] = tuple(known.get("log_tail", ()))
    return Crash(**known)
