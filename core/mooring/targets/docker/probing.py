"""Asks a service's own address whether anybody is there, whatever name its certificate bears."""

from __future__ import annotations

import contextlib
import http.client
import ssl
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from mooring.deployments.target import Crash
from mooring.engine import DockerTrouble, Engine
from mooring.images.contract import PORT

_ALIVE = range(200, 500)
_LOOK_EVERY_S = 0.02
_ASK_INSIDE = f"import urllib.request as r; r.urlopen('http://127.0.0.1:{PORT}/', timeout=10)"


def await_answer(
    ask: Callable[[], int], engine: Engine, container: str, uri: str, *, within_s: float
) -> Crash | None:
    """None once a service is answered for at its address; else on which side of it the fault is.

    Args:
        ask: Gives the status of the health route at the address.
        engine: That runs it.
        container: Of the app, which says that it serves.
        uri: For messages.
        within_s: How long it may take.
    """
    give_up = time.monotonic() + within_s
    while ask() not in _ALIVE:
        if time.monotonic() > give_up:
            return _judge(engine, container, uri, within_s)
        time.sleep(_LOOK_EVERY_S)
    return None


def _judge(engine: Engine, container: str, uri: str, within_s: float) -> Crash:
    facts = engine.find_container(container) or {}
    if _answers_inside(engine, facts):
        return Crash(
            code="address-unreachable",
            engine=f"The container serves, but {uri} can't be reached from here",
            advice="Look for a firewall in between, or a published address (MOORING_DOCKER_PUBLISH) that is not the "
            "engine's machine's.",
        )
    return Crash(
        code="health-unanswered",
        engine=f"init() ended, but the health check (GET /) was not answered within {within_s:g} s",
        advice="Look for threads, child processes or signals of the script that keep its process from working.",
    )


def _answers_inside(engine: Engine, facts: dict[str, Any]) -> bool:
    """Whether the app answers to its own container, asked with its own Python."""
    python = (facts.get("Config") or {}).get("Entrypoint") or ["python"]
    with contextlib.suppress(DockerTrouble), engine.told():
        call = engine.api.exec_create(facts["Id"], [python[0], "-c", _ASK_INSIDE])
        engine.api.exec_start(call["Id"])
        return bool(engine.api.exec_inspect(call["Id"])["ExitCode"] == 0)
    return False


def answers(host: str, uri: str, within_s: float) -> int:
    """Status of the health route; 0 when nobody answers.

    Args:
        host: Of the engine: names on certificates need not be known here.
        uri: Scoring URI; scheme and port are taken from it.
        within_s: Longest silence.
    """
    parts = urlsplit(uri)
    if parts.scheme == "https":
        # Nothing is sent but "are you there": who answers is proved to clients, not here.
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            host, parts.port, timeout=within_s, context=context
        )
    else:
        connection = http.client.HTTPConnection(host, parts.port, timeout=within_s)
    with contextlib.closing(connection):
        try:
            connection.request("GET", "/")
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
