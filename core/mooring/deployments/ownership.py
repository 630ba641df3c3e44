"""Who is changing a service: one at a time, and the dead are recognised.

The lock (flock, so that the kernel drops it when its owner dies) keeps others out; the `Operation` in the record
says who and since when, and is believed only while that very process lives.
"""

from __future__ import annotations

import getpass
import os
import socket
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

from mooring.deployments.values import Operation, OperationKind

_STAT_STARTTIME = 19  # field 22 of /proc/<pid>/stat, counted after the command's closing parenthesis


def process_started(pid: int) -> str:
    """When a process started, in the system's own unit; empty when there is no such process.

    Source: proc_pid_stat(5), field 22 `starttime`. A zombie counts as gone: it can't go on with anything.
    """
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return "" if Path("/proc/self/stat").exists() else _ask_psutil(pid)
    except OSError:
        return ""
    fields = stat[stat.rindex(")") + 2 :].split()
    return "" if fields[0] in ("Z", "X") else fields[_STAT_STARTTIME]


def _ask_psutil(pid: int) -> str:
    import psutil  # systems without /proc

    try:
        process = psutil.Process(pid)
        return "" if process.status() == psutil.STATUS_ZOMBIE else repr(process.create_time())
    except psutil.Error:
        return ""


def current_user() -> str:
    """The user's login name, or the number when the system knows no name (as in some containers)."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return str(os.getuid())


def begin_operation(kind: OperationKind, revision: int, *, pid: int | None = None) -> Operation:
    """An operation owned by this process, or by `pid`."""
    owner = os.getpid() if pid is None else pid
    return Operation(
        kind=kind,
        revision=revision,
        pid=owner,
        process_started=process_started(owner),
        host=socket.gethostname(),
        user=current_user(),
        started_time=datetime.now(timezone.utc),
    )


def is_alive(operation: Operation) -> bool:
    """Whether the operation's owner still runs; one on another host is believed."""
    if operation.host != socket.gethostname():
        return True
    return process_started(operation.pid) == operation.process_started != ""


@contextmanager
def try_lock(path: Path) -> Generator[bool, None, None]:
    """Hold a service's lock; yields False, without waiting, when somebody else holds it.

    A deleted service takes its lock file along (`path.unlink()` while holding it), so the file that was locked must
    still be the one of that name; otherwise two processes could each hold a lock.
    """
    import fcntl

    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        # Not inheritable, so what is started meanwhile does not hold it on after our death.
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            if _is_still(path, descriptor):
                yield True
                return
        finally:
            os.close(descriptor)


def _is_still(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
