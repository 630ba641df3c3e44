"""One worker process: load the script, answer on the listeners, obey the supervisor's channel, drain, end."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import socket
import sys
from time import perf_counter
from typing import TYPE_CHECKING, Callable, Sequence

from mooring.scoring.channel import Channel
from mooring.scoring.contract.application import Application
from mooring.scoring.contract.failures import BootError
from mooring.scoring.logs import configure_logs
from mooring.scoring.supervisor.imports import describe_start

if TYPE_CHECKING:
    from mooring.scoring.settings import ServerSettings
    from mooring.scoring.supervisor.keeper import ConnectionKeeper

__all__ = ["BOOT_FAILURE", "load_application", "serve_worker", "tell_boot_failure"]

BOOT_FAILURE = 3
logger = logging.getLogger("azmlinfsrv")


def serve_worker(
    settings: ServerSettings,
    listeners: Sequence[socket.socket],
    channel: socket.socket | None = None,
    *,
    application: Application | None = None,
    on_stuck: Callable[[], None] | None = None,
    keeper: ConnectionKeeper | None = None,
) -> int:
    """Serve until told to end; the process's exit code: 0, or 3 when the script can not be started.

    Call it in the main thread of its process. It takes SIGTERM and SIGINT (drain, then return) and one real-time
    signal (to interrupt runs).

    Args:
        settings: As read in this process.
        listeners: Bound and listening; may be shared with other workers.
        channel: One end of a stream socket pair to a supervisor; its end means drain.
        application: Loaded before the fork; None loads it here.
        on_stuck: Called from another thread when a run does not end; what to do without a supervisor.
        keeper: Takes and keeps connections on the supervisor's word; without it, they end with this worker.
    """
    configure_logs(settings)
    if settings.debug_port is not None:
        _await_debugger(settings.debug_port)
    talk = Channel(channel)
    try:
        loaded = application or load_application(settings, talk)
        from mooring.scoring.service import Service

        service = Service(settings, loaded, talk, on_stuck, keeper)
    except Exception as error:  # noqa: BLE001 - whatever it is, the supervisor wants to hear it
        tell_boot_failure(error, talk)
        return BOOT_FAILURE
    _settle_memory()
    return service.serve(listeners)


def _await_debugger(port: int) -> None:
    """Hold the worker until a debugger has connected, as the reference does."""
    try:
        import debugpy  # noqa: T100 - what the setting asks for
    except ImportError:
        logger.warning("AZUREML_DEBUG_PORT is ignored: the package debugpy is not installed.")
        return
    debugpy.listen(port)  # noqa: T100
    logger.info("Waiting for a debugger on port %d.", port)
    debugpy.wait_for_client()  # noqa: T100


def load_application(settings: ServerSettings, talk: Channel | None = None) -> Application:
    """The application with its script's `init()` done; raises `BootError`."""
    talk = talk or Channel(None)
    modules, variables = set(sys.modules), dict(os.environ)
    talk.send({"event": "loading"})
    started = perf_counter()
    application = Application(settings)
    application.load()
    seconds = perf_counter() - started
    application.init_seconds = seconds  # type: ignore[attr-defined]
    loaded = {"event": "loaded", "init_s": round(seconds, 4), "rss_bytes": resident_bytes()}
    talk.send({**loaded, **describe_start(modules, variables, settings.app_root)})
    return application


def tell_boot_failure(error: Exception, talk: Channel | None = None) -> None:
    """Say in the log and on the channel why the service can not start."""
    if isinstance(error, BootError):
        failure = error.to_dict()
        if error.traceback:
            logger.error("%s", error.traceback)
    else:
        failure = {"kind": "server", "message": str(error), "path": None, "line": None, "traceback": ""}
    logger.error("The service can not start: %s", error)
    if talk is not None:
        talk.send({"event": "boot-failed", "failure": failure})


def _settle_memory() -> None:
    """What loading made stays: keep the collector from walking through it again and again."""
    gc.collect()
    gc.freeze()


def resident_bytes() -> int:
    """Resident memory of this process; 0 where the system does not tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return 0


def new_event_loop() -> asyncio.AbstractEventLoop:
    """A loop of uvloop where it can be had; the script's own loops stay asyncio's."""
    try:
        import uvloop
    except ImportError:
        return asyncio.new_event_loop()
    return uvloop.new_event_loop()
