"""Starts a master so that it outlives whoever starts it."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, Sequence

__all__ = ["LaunchFailed", "launch_master", "listen", "start_heir"]

_BACKLOG = 2048  # connections wait here while a worker is being replaced


class LaunchFailed(Exception):
    """The master did not come up; the text says what it said."""


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens; with port 0 on a free one.

    Raises:
        OSError: EADDRINUSE, EACCES or EADDRNOTAVAIL, mostly.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        sock.listen(_BACKLOG)
    except BaseException:
        sock.close()
        raise
    return sock


def launch_master(python: str, ring: str, run_dir: str, listeners: Sequence[socket.socket]) -> int:
    """Start the master of the service described in `<run_dir>/service.json`; gives its pid.

    Args:
        python: Any Python of 3.8 or newer; nothing is needed in it.
        ring: Folder that holds the package.
        run_dir: The service's folder.
        listeners: The master gets duplicates; close your own afterwards.

    Raises:
        LaunchFailed: It did not come up.
    """
    hear, say = os.pipe()
    words = Path(run_dir, "master.err")
    try:
        starter = _spawn(python, ring, run_dir, listeners, say)
    except BaseException:
        os.close(hear)
        raise
    finally:
        os.close(say)
    starter.wait()
    with os.fdopen(hear, "rb") as file:
        line = file.readline()
    answer: dict[str, Any] = json.loads(line) if line else {"error": _last_words(words)}
    if "pid" not in answer:
        raise LaunchFailed(answer["error"])
    pid: int = answer["pid"]
    return pid


def start_heir(run_dir: str, listeners: Sequence[socket.socket]) -> None:
    """Start a master in the place of one that died; this process is one it left behind, with its sockets.

    Of several that do so, one gets the service's lock; the others end at once.
    """
    ring = Path(__file__).parents[3]
    with contextlib.suppress(OSError):
        _spawn(sys.executable, str(ring), run_dir, listeners, None).wait()


def _spawn(
    python: str, ring: str, run_dir: str, listeners: Sequence[socket.socket], say: int | None
) -> subprocess.Popen[bytes]:
    """The process that is the master's parent for a moment; `say` is where the master reports, None for an heir."""
    fds = [listener.fileno() for listener in listeners]
    script = Path(ring, "mooring", "scoring", "supervisor")
    role = "heir" if say is None else str(say)
    with Path(run_dir, "master.err").open("wb") as words:
        return subprocess.Popen(
            [python, "-S", "-E", "-s", script, "master", run_dir, role, ",".join(map(str, fds))],
            stdin=subprocess.DEVNULL,
            stdout=words,
            stderr=words,
            start_new_session=True,
            pass_fds=fds if say is None else (say, *fds),
        )


def _last_words(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")[-2000:].strip() or "it ended without a word"
