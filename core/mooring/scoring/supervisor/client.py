"""Talks to a master: finds its socket, asks, listens to what it tells meanwhile."""

from __future__ import annotations

import contextlib
import json
import os
import socket
import tempfile
from typing import Any, Callable, Generator, Iterator

from mooring.scoring.supervisor.files import CONTROL_SOCKET

__all__ = ["MasterGone", "ask"]

_LONGEST_ADDRESS = 100  # of a Unix socket: 104 on macOS, 108 on Linux


class MasterGone(Exception):
    """Nobody answers on the control socket, or no more."""


def ask(
    run_dir: str,
    question: dict[str, Any],
    *,
    within_s: float | None = 10.0,
    on_record: Callable[[dict[str, Any]], None] | None = None,
) -> dict[str, Any]:
    """Put one question to the master of the service in `run_dir`.

    Args:
        run_dir: The service's folder.
        question: `{"do": …}`.
        within_s: Longest silence; None waits as long as the master lives.
        on_record: Called with each record of the log until the answer comes.

    Raises:
        MasterGone: There is no master, it went away, or it was silent for too long.
    """
    if on_record:
        question = dict(question, follow=True)
    try:
        with contextlib.closing(_connect(run_dir, within_s)) as sock:
            sock.sendall(json.dumps(question).encode() + b"\n")
            for message in _messages(sock):
                if "record" not in message:
                    return message
                if on_record:
                    on_record(message["record"])
    except (OSError, ValueError) as error:
        raise MasterGone(str(error)) from error
    raise MasterGone("it hung up")


def _connect(run_dir: str, within_s: float | None) -> socket.socket:
    sock = socket.socket(socket.AF_UNIX)
    sock.settimeout(within_s)
    try:
        with _short_address(run_dir) as address:
            sock.connect(address)
    except BaseException:
        sock.close()
        raise
    return sock


@contextlib.contextmanager
def _short_address(run_dir: str) -> Generator[str, None, None]:
    """The socket's path, through a link where it is too long to be an address."""
    path = os.path.join(os.path.abspath(run_dir), CONTROL_SOCKET)
    if len(os.fsencode(path)) <= _LONGEST_ADDRESS:
        yield path
        return
    with tempfile.TemporaryDirectory(prefix="mooring-") as folder:
        link = os.path.join(folder, "s")
        os.symlink(os.path.dirname(path), link)
        yield os.path.join(link, CONTROL_SOCKET)


def _messages(sock: socket.socket) -> Iterator[dict[str, Any]]:
    with sock.makefile("rb") as file:
        for line in file:
            yield json.loads(line)
