"""Memory and processor time of a process, from the system."""

from __future__ import annotations

import os
import subprocess
import sys

__all__ = ["cpu_seconds", "oom_kills", "rss_bytes"]


def rss_bytes(pid: int) -> int | None:
    """Memory a process has in use; None when it is gone."""
    if sys.platform != "linux":
        kilobytes = _ps(pid, "rss=")
        return int(kilobytes) * 1024 if kilobytes else None
    try:
        with open(f"/proc/{pid}/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return None


def cpu_seconds(pid: int) -> float | None:
    """Processor time a process has used so far; None when it is gone."""
    if sys.platform != "linux":
        return _seconds(_ps(pid, "time="))
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            text = file.read().decode("utf-8", "replace")
    except OSError:
        return None
    user, system = text[text.rindex(")") + 2 :].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def oom_kills() -> int:
    """How many processes of our control group the kernel has killed for want of memory; 0 where that is not told."""
    return next((count for count in map(_count_in, _oom_files()) if count is not None), 0)


def _count_in(path: str) -> int | None:
    try:
        with open(path, encoding="ascii") as file:
            counts = dict(line.split() for line in file)
        return int(counts["oom_kill"])
    except (OSError, ValueError, KeyError):
        return None


def _oom_files() -> list[str]:
    """Where the count may be: version 2 of control groups; version 1, which containers see as if it were the whole."""
    try:
        with open("/proc/self/cgroup", encoding="ascii") as file:
            groups = [line.strip().split(":", 2) for line in file]
    except (OSError, ValueError):
        return []
    unified = [f"/sys/fs/cgroup{group}/memory.events" for _, kind, group in groups if not kind]
    memory = [group for _, kind, group in groups if "memory" in kind.split(",")]
    places = [
        place for group in memory for place in (f"/sys/fs/cgroup/memory{group}", "/sys/fs/cgroup/memory")
    ]
    return [*unified, *(f"{place}/memory.oom_control" for place in places)]


def _ps(pid: int, column: str) -> str:
    answer = subprocess.run(["ps", "-o", column, "-p", str(pid)], capture_output=True, text=True, check=False)
    return answer.stdout.strip()


def _seconds(clock: str) -> float | None:
    """`[[dd-]hh:]mm:ss.hh` as seconds."""
    if not clock:
        return None
    days, _, rest = clock.rpartition("-")
    total = 0.0
    for part in rest.split(":"):
        total = total * 60 + float(part)
    return total + 86400 * int(days or 0)
