"""Finds and ends processes by a mark in their environment: what a script started and forgot, and what a master lost.

A process group is left with setsid(), a parent with a double fork; the environment is inherited by all.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Iterator

__all__ = ["SERVICE_MARK", "end_marked", "marked_processes"]

SERVICE_MARK = "MOORING_SERVICE_NONCE"


def marked_processes(name: str, value: str) -> Iterator[int]:
    """Pids of our user's processes that were started with this environment variable; Linux only, else none."""
    if sys.platform != "linux":
        return
    mark = f"{name}={value}".encode()
    for entry in os.listdir("/proc"):
        if entry.isdigit() and int(entry) != os.getpid() and _has_mark(entry, mark):
            yield int(entry)


def end_marked(name: str, value: str) -> int:
    """End them; says how many there were."""
    count = 0
    for pid in marked_processes(name, value):
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
        count += 1
    return count


def _has_mark(pid: str, mark: bytes) -> bool:
    try:
        with open(f"/proc/{pid}/environ", "rb") as file:
            return mark in file.read().split(b"\0")
    except OSError:  # gone since, or somebody else's
        return False
