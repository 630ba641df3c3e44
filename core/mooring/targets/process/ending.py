"""Ends every process of a service, also those whose supervisor is gone."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator

from mooring.scoring.supervisor.sweep import SERVICE_MARK, end_marked, marked_processes

_GIVE_UP_AFTER_S = 10.0
_PAUSE_S = 0.01


def processes_of(nonce: str) -> Iterator[int]:
    """Pids of all processes of a service that run."""
    if sys.platform == "linux":
        yield from marked_processes(SERVICE_MARK, nonce)
        return
    import psutil

    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):  # gone since, or somebody else's
            if process.environ().get(SERVICE_MARK) == nonce:
                yield process.pid


def end_processes(nonce: str) -> None:
    """End them all, and those they start meanwhile; returns when none is left."""
    give_up = time.monotonic() + _GIVE_UP_AFTER_S
    while time.monotonic() < give_up:
        if not _end_once(nonce):
            return
        time.sleep(_PAUSE_S)


def _end_once(nonce: str) -> int:
    if sys.platform == "linux":
        return end_marked(SERVICE_MARK, nonce)
    import psutil

    pids = list(processes_of(nonce))
    for pid in pids:
        with contextlib.suppress(psutil.NoSuchProcess):
            psutil.Process(pid).kill()
    return len(pids)
