"""Waiting for what comes true in a cluster at some time, however busy the machine is, and for one's turn in it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from filelock import FileLock


def until(holds: Callable[[], object], within_s: float = 120.0) -> None:
    """Return once it holds; fail when it does not for so long."""
    give_up = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < give_up, "it never came true"
        time.sleep(0.3)


def turn_with(what: str) -> FileLock:
    """Held by who adds something to the whole cluster for a while, and by who wants it absent or unchanged."""
    return FileLock(Path(tempfile.gettempdir()) / f"mooring-test-{what}.lock", timeout=150)
