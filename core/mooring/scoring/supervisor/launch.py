"""Starts a master so that it outlives whoever starts it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from pathlib import Path
from typing import Any, Sequence

__all__ = ["LaunchFailed", "launch_master", "listen"]

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
    listen_fds = [listener.fileno() for listener in listeners]
    script = Path(ring, "mooring", "scoring", "supervisor")
    words = Path(run_dir, "master.err")
    try:
        with words.open("wb") as file:
            starter = subprocess.Popen(
                [
                    python,
                    "-S",
                    "-E",
                    "-s",
                    script,
                    "master",
                    run_dir,
                    str(say),
                    ",".join(map(str, listen_fds)),
                ],
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=file,
                start_new_session=True,
                pass_fds=(say, *listen_fds),
            )
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


def _last_words(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")[-2000:].strip() or "it ended without a word"
