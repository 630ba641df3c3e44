"""Connections that a worker has accepted and not registered yet, taken from it before it is killed.

Between the two calls only the worker has the connection. One that is frozen just then would take it along.
"""

from __future__ import annotations

import ctypes
import os
import re
import socket
import sys
from typing import Collection

__all__ = ["inode", "take_connections"]

_PIDFD_GETFD = 438  # the same on all machines, since Linux 5.6
_SOCKET = re.compile(r"socket:\[(\d+)\]")


def take_connections(pid: int, known: Collection[int]) -> list[socket.socket]:
    """Duplicates of a living process's connections; none where the system does not let us.

    Args:
        pid: Of a child, or a child's child.
        known: Inodes of those that are not wanted.
    """
    if sys.platform != "linux" or not hasattr(os, "pidfd_open"):
        return []
    try:
        pidfd = os.pidfd_open(pid)
    except OSError:
        return []
    try:
        found = [_duplicate(pidfd, fd) for fd in _socket_fds(pid, known)]
    finally:
        os.close(pidfd)
    return [sock for sock in found if sock is not None]


def inode(sock: socket.socket) -> int:
    """Tells whether two descriptors are the same socket."""
    return os.fstat(sock.fileno()).st_ino


def _socket_fds(pid: int, known: Collection[int]) -> list[int]:
    folder = f"/proc/{pid}/fd"
    found: list[int] = []
    try:
        for name in os.listdir(folder):
            link = _SOCKET.match(os.readlink(os.path.join(folder, name)))
            if link and int(link[1]) not in known:
                found.append(int(name))
    except OSError:  # it closes them as we look, or is gone
        pass
    return found


def _duplicate(pidfd: int, fd: int) -> socket.socket | None:
    """The socket, if it is a connection of TCP."""
    ours = ctypes.CDLL(None, use_errno=True).syscall(_PIDFD_GETFD, pidfd, fd, 0)
    if ours < 0:
        return None
    try:
        sock = socket.socket(fileno=ours)
    except OSError:
        os.close(ours)
        return None
    try:
        if sock.family in (socket.AF_INET, socket.AF_INET6) and sock.type == socket.SOCK_STREAM:
            sock.getpeername()
            return sock
    except OSError:  # it listens, or its client is gone
        pass
    sock.close()
    return None
