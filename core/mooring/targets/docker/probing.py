"""Asks whether anybody is there: the app in its container, and a service's own address, whatever name its certificate bears."""

from __future__ import annotations

import contextlib
import http.client
import ssl
import time
from urllib.parse import urlsplit

from mooring.deployments.target import Crash
from mooring.engine import Engine
from mooring.images.contract import PORT

_ALIVE = range(200, 500)
_LOOK_EVERY_S = 0.02
_ASK = (
    "import http.client as h; c = h.HTTPConnection('127.0.0.1', {port}, timeout={within_s});"
    "c.request('GET', '/'); c.getresponse()"
)


def probe_inside(engine: Engine, container: str, *, within_s: float) -> Crash | None:
    """None when an app answers its health check; asked inside its container, with its own Python.

    Args:
        engine: That runs it.
        container: Says that it serves.
        within_s: Longest silence.
    """
    facts = engine.find_container(container) or {}
    python = ((facts.get("Config") or {}).get("Entrypoint") or ["python"])[0]
    words = [python, "-S", "-E", "-s", "-c", _ASK.format(port=PORT, within_s=within_s)]
    with engine.told(container):
        call = engine.api.exec_create(container, words)
        engine.api.exec_start(call["Id"])
        if engine.api.exec_inspect(call["Id"])["ExitCode"] == 0:
            return None
    return Crash(
        code="health-unanswered",
        engine=f"init() ended, but the health check (GET /) was not answered within {within_s:g} s",
        advice="Look for threads, child processes or signals of the script that keep its process from working.",
    )


def await_answer(host: str, uri: str, *, within_s: float) -> Crash | None:
    """None once a service is answered for at its address.

    Args:
        host: Of the engine.
        uri: Scoring URI; the app behind it answers.
        within_s: How long it may take.
    """
    give_up = time.monotonic() + within_s
    while answers(host, uri, 5) not in _ALIVE:
        if time.monotonic() > give_up:
            return Crash(
                code="address-unreachable",
                engine=f"The container serves, but {uri} can't be reached from here",
                advice="Look for a firewall in between, or a published address (MOORING_DOCKER_PUBLISH) that is not "
                "the engine's machine's.",
            )
        time.sleep(_LOOK_EVERY_S)
    return None


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
