"""What keeper and master say to each other: small binary frames, some with a descriptor, some with bytes.

Worker: OPENED (slot, with the connection), TAKEN (slot, and which offer it was), CLOSED (slot), LEFT (slot: somebody
else may go on with it). Master: ACCEPT (begin to take connections), ADOPT (number of the offer in the slot's place,
with the connection, and the bytes that wait for an answer).
"""

from __future__ import annotations

import array
import os
import socket
import struct
from collections import deque
from typing import Any, NamedTuple

__all__ = [
    "ACCEPT",
    "ADOPT",
    "CLOSED",
    "FRAME",
    "LEFT",
    "NO_SLOT",
    "OPENED",
    "TAKEN",
    "Frame",
    "FrameReader",
    "fd_message",
]

FRAME = struct.Struct("<III")  # what, slot or offer, bytes that follow (TAKEN: the offer)
OPENED, TAKEN, CLOSED, LEFT, ACCEPT, ADOPT = 1, 2, 3, 4, 5, 6
NO_SLOT = 0xFFFFFFFF
"""TAKEN without a slot: served, but not kept."""

_WITH_FD = (OPENED, ADOPT)
_CHUNK = 256 * 1024
_ROOM_FOR_FDS = socket.CMSG_SPACE(128 * 4)
_CLOSE_ON_EXEC = getattr(socket, "MSG_CMSG_CLOEXEC", 0)


def fd_message(fd: int) -> list[Any]:
    """The ancillary data that takes a descriptor along."""
    return [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [fd]))]


class Frame(NamedTuple):
    """One frame; `number` is the slot or the offer, `fd` is -1 without a connection."""

    what: int
    number: int
    offer: int
    data: bytes
    fd: int


class FrameReader:
    """Puts frames together from what a socket delivers.

    Args:
        sock: A Unix stream socket.
    """

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._data = b""
        self._fds: deque[int] = deque()

    def receive(self) -> list[Frame] | None:
        """Frames that are complete now; None at the end.

        Raises:
            BlockingIOError: Nothing is there.
        """
        try:
            data, ancillary, _flags, _address = self._sock.recvmsg(
                _CHUNK, _ROOM_FOR_FDS, socket.MSG_DONTWAIT | _CLOSE_ON_EXEC
            )
        except ConnectionError:
            data, ancillary = b"", []
        for _level, _kind, words in ancillary:
            fds = array.array("i")
            fds.frombytes(words[: len(words) - len(words) % fds.itemsize])
            self._fds.extend(fds)
        if not data:
            self.close()
            return None
        self._data += data
        return self._frames()

    def close(self) -> None:
        """Close descriptors nobody took."""
        while self._fds:
            os.close(self._fds.popleft())

    def _frames(self) -> list[Frame]:
        frames = []
        data, at = self._data, 0
        while len(data) - at >= FRAME.size:
            what, slot, size = FRAME.unpack_from(data, at)
            end = at + FRAME.size + (size if what == ADOPT else 0)
            if len(data) < end:
                break
            fd = self._fds.popleft() if what in _WITH_FD else -1
            frames.append(Frame(what, slot, size, data[at + FRAME.size : end], fd))
            at = end
        self._data = data[at:]
        return frames
