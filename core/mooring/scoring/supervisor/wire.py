"""JSON lines over a Unix stream socket, with file descriptors where a message brings some.

A message that brings descriptors says how many (`"fds": 2`). Bytes and descriptors each keep their order on such a
socket, so the receiver takes as many from the front of those that came.
"""

from __future__ import annotations

import array
import json
import os
import socket
from collections import deque
from typing import Any, Callable, Sequence

from mooring.scoring.supervisor.loop import Loop

__all__ = ["LineSocket", "Lines", "send_line"]

_CHUNK = 65536
_ROOM_FOR_FDS = socket.CMSG_SPACE(64 * 4)
_CLOSE_ON_EXEC = getattr(socket, "MSG_CMSG_CLOEXEC", 0)
_LONGEST_LINE = 64 * 1024 * 1024


class Lines:
    """Puts messages together from what a socket delivers."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._text = b""
        self._fds: deque[int] = deque()

    def receive(self) -> list[tuple[dict[str, Any], list[int]]] | None:
        """Messages that are complete now, each with its descriptors; None at the end of the stream.

        Raises:
            BlockingIOError: Nothing is there (of a non-blocking socket).
        """
        try:
            text, ancillary, _flags, _address = self._sock.recvmsg(_CHUNK, _ROOM_FOR_FDS, _CLOSE_ON_EXEC)
        except (ConnectionError, BrokenPipeError):
            return None
        for level, kind, data in ancillary:
            if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                fds = array.array("i")
                fds.frombytes(data[: len(data) - len(data) % fds.itemsize])
                self._fds.extend(fds)
        if not text:
            self.close()
            return None
        *lines, self._text = (self._text + text).split(b"\n")
        if len(self._text) > _LONGEST_LINE:
            return None
        return [self._with_fds(json.loads(line)) for line in lines]

    def close(self) -> None:
        """Close descriptors nobody asked for."""
        while self._fds:
            os.close(self._fds.popleft())

    def _with_fds(self, message: dict[str, Any]) -> tuple[dict[str, Any], list[int]]:
        return message, [self._fds.popleft() for _ in range(message.pop("fds", 0))]


def send_line(sock: socket.socket, message: dict[str, Any], fds: Sequence[int] = ()) -> None:
    """Send one message whole, over a blocking socket."""
    data, ancillary = _pack(message, fds)
    sent = sock.sendmsg([data], ancillary)
    if sent < len(data):
        sock.sendall(data[sent:])


def _pack(message: dict[str, Any], fds: Sequence[int]) -> tuple[bytes, list[Any]]:
    if fds:
        message = dict(message, fds=len(fds))
    data = json.dumps(message, separators=(",", ":")).encode() + b"\n"
    return data, [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", fds))] if fds else []


class LineSocket:
    """A socket of JSON lines in the master's loop; sending never blocks.

    Args:
        loop: The loop to live in.
        sock: Owned from now on.
        on_message: Called with each message.
        on_close: Called once, when the other side is gone.
    """

    def __init__(
        self,
        loop: Loop,
        sock: socket.socket,
        on_message: Callable[[dict[str, Any]], None],
        on_close: Callable[[], None],
    ) -> None:
        self._loop = loop
        self._sock = sock
        self._lines = Lines(sock)
        self._on_message = on_message
        self._on_close = on_close
        self._unsent: deque[tuple[bytes, list[Any]]] = deque()
        self.is_open = True
        sock.setblocking(False)
        loop.watch(sock.fileno(), self._read)

    @property
    def unsent_bytes(self) -> int:
        """What waits for a slow reader."""
        return sum(len(data) for data, _ in self._unsent)

    def send(self, message: dict[str, Any], fds: Sequence[int] = ()) -> None:
        """Send now or as soon as the other side reads; descriptors are duplicated, the caller keeps its own."""
        if not self.is_open:
            return
        data, ancillary = _pack(message, [os.dup(fd) for fd in fds])
        self._unsent.append((data, ancillary))
        self._write()

    def read_rest(self) -> None:
        """Take the messages that are there already."""
        while self.is_open and self._read():
            pass

    def close(self) -> None:
        """Hang up, without a call of `on_close`."""
        if self.is_open:
            self.is_open = False
            self._loop.forget(self._sock.fileno())
            self._lines.close()
            self._sock.close()
            for _data, ancillary in self._unsent:
                _close_fds(ancillary)
            self._unsent.clear()

    def _read(self) -> bool:
        try:
            messages = self._lines.receive()
        except BlockingIOError:
            return False
        except ValueError:  # no JSON: whatever it is, it does not speak our language
            messages = None
        if messages is None:
            self.close()
            self._on_close()
            return False
        for message, fds in messages:
            for fd in fds:
                os.close(fd)
            if self.is_open:
                self._on_message(message)
        return True

    def _write(self) -> None:
        while self._unsent:
            data, ancillary = self._unsent.popleft()
            try:
                sent = self._sock.sendmsg([data], ancillary)
            except BlockingIOError:
                self._unsent.appendleft((data, ancillary))
                break
            except OSError:  # the other side is gone; reading will say so
                _close_fds(ancillary)
                break
            _close_fds(ancillary)
            if sent < len(data):
                self._unsent.appendleft((data[sent:], []))
        if self.is_open:
            self._loop.watch(self._sock.fileno(), self._read, self._write if self._unsent else None)


def _close_fds(ancillary: list[Any]) -> None:
    for _level, _kind, fds in ancillary:
        for fd in fds:
            os.close(fd)
