"""Which process is meant: a pid alone may have been given to another one since.

A process is named by its pid together with the time it was started; after a reboot nothing is the same process.
"""

from __future__ import annotations

import os
import subprocess
import sys

__all__ = ["is_running", "started_stamp"]

_START_FIELD = 19  # of /proc/<pid>/stat, counted after the name in parentheses; proc(5) calls it field 22


def started_stamp(pid: int) -> str | None:
    """When a process was started, in the system's own words; None when it is gone or only waits to be reaped."""
    if sys.platform == "linux":
        return _stamp_from_proc(pid)
    return _stamp_from_ps(pid)


def is_running(pid: int, stamp: str) -> bool:
    """Whether the process that had this pid and start is still there."""
    return started_stamp(pid) == stamp


def _stamp_from_proc(pid: int) -> str | None:
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            text = file.read().decode("utf-8", "replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = text[text.rindex(")") + 2 :].split()
    if fields[0] in ("Z", "X"):
        return None
    return f"{_boot_id()}/{fields[_START_FIELD]}"


def _boot_id() -> str:
    try:
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            return file.read(8)
    except OSError:
        return ""


def _stamp_from_ps(pid: int) -> str | None:
    environment = dict(os.environ, LC_ALL="C")
    answer = subprocess.run(
        ["ps", "-o", "state=,lstart=", "-p", str(pid)],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    state, _, stamp = answer.stdout.strip().partition(" ")
    return stamp.strip() or None if state and not state.startswith("Z") else None
