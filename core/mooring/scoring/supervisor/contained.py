"""`supervisor contained`: a service as the only thing in a container, described by environment variables.

| variable | meaning |
| --- | --- |
| all of `mooring.scoring.settings` | as everywhere |
| MOORING_REVISION | number shown in status and log |
| MOORING_READY_WITHIN_S, MOORING_DRAIN_S | how long a start, and the last requests, may take |
| MOORING_LINGER_S | how long to go on serving after SIGTERM, until whoever sends requests has heard of it; 0 unless said |
| MOORING_VARIABLES_FILE | JSON object of more variables for the script, in a file because they may be secret |
| MOORING_CONTAINER_LOG | `records` writes JSON lines to standard output; else plain text |
| MOORING_RUN_DIR | folder for the control socket; below /tmp by default |
"""

from __future__ import annotations

import json
import os
import secrets
import signal
import sys
from typing import Any, Mapping

from mooring.scoring.supervisor.launch import listen
from mooring.scoring.supervisor.master import Master
from mooring.scoring.supervisor.spec import GenerationSpec, ServiceSpec, save_service
from mooring.scoring.supervisor.streambook import StreamBook
from mooring.scoring.supervisor.sweep import SERVICE_MARK

__all__ = ["run_contained"]

BOOT_FAILURE = 3
_OFF = ("false", "0", "no", "off")
_RING = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))


def run_contained() -> int:
    """Supervise the service; as the container's first process, also bury what others leave behind."""
    if os.getpid() != 1:
        return _supervise()
    child = os.fork()
    if child == 0:
        return _supervise()
    return _look_after(child)


def _look_after(child: int) -> int:
    """Pass signals on and reap every orphan, until the supervisor ends; its exit code, or 128 + signal."""
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: os.kill(child, signal.SIGTERM))
    while True:
        pid, status = os.wait()
        if pid == child:
            return os.WEXITSTATUS(status) if os.WIFEXITED(status) else 128 + os.WTERMSIG(status)


def _supervise() -> int:
    variables = {**os.environ, **_more_variables(os.environ.get("MOORING_VARIABLES_FILE", ""))}
    run_dir = variables.get("MOORING_RUN_DIR") or f"/tmp/mooring-{os.getuid()}"  # noqa: S108 - the container's own
    os.makedirs(run_dir, mode=0o700, exist_ok=True)
    os.chdir(run_dir)
    service = render_service(variables, run_dir)
    save_service(".", service)
    as_records = variables.get("MOORING_CONTAINER_LOG") == "records"
    book = StreamBook(as_records=as_records)
    try:
        listener = listen(service.host, service.port)
    except OSError as error:
        book.event("generation-failed", f"Port {service.port} can't be listened on: {error.strerror}.")
        book.close()
        return BOOT_FAILURE
    linger_s = _seconds(variables, "MOORING_LINGER_S", 0.0)
    master = Master([listener], book, waits_for_questions=False, linger_s=linger_s)
    master.run()
    return BOOT_FAILURE if master.has_failed else 0


def render_service(variables: Mapping[str, str], run_dir: str) -> ServiceSpec:
    """What the environment variables of a container ask for."""
    nonce = secrets.token_hex(16)
    count = _whole(variables, "WORKER_COUNT", 1)
    several: dict[str, str] = {"MOORING_METRICS_DIR": os.path.join(run_dir, "metrics")} if count > 1 else {}
    return ServiceSpec(
        name=variables.get("SERVICE_NAME", "service"),
        nonce=nonce,
        host=variables.get("MOORING_HOST", "0.0.0.0"),  # noqa: S104 - of the container, which publishes it or not
        port=_whole(variables, "SERVER_PORT", 5001),
        generation=1,
        current=GenerationSpec(
            revision=_whole(variables, "MOORING_REVISION", 1),
            python=sys.executable,
            ring=_RING,
            app_root=variables.get("AML_APP_ROOT", "/var/azureml-app"),
            interpreter_variables={**variables, SERVICE_MARK: nonce},
            worker_variables=several,
            worker_count=count,
            ready_within_s=_seconds(variables, "MOORING_READY_WITHIN_S", 300.0),
            drain_s=_seconds(variables, "MOORING_DRAIN_S", 30.0),
            is_warm=variables.get("MOORING_WARM", "true").lower() not in _OFF,
            replays=variables.get("MOORING_REPLAY", "true").lower() not in _OFF,
        ),
    )


def _more_variables(path: str) -> dict[str, Any]:
    if not path or not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        return {str(name): str(value) for name, value in json.load(file).items()}


def _whole(variables: Mapping[str, str], name: str, default: int) -> int:
    text = variables.get(name, "")
    return int(text) if text.isdigit() and int(text) > 0 else default


def _seconds(variables: Mapping[str, str], name: str, default: float) -> float:
    try:
        return float(variables.get(name, "") or default)
    except ValueError:
        return default
