"""Carries what a process writes to its stdout or stderr into the log, line by line."""

from __future__ import annotations

import os
from typing import Callable

from mooring.scoring.supervisor.loop import Loop

__all__ = ["LinePump"]

_CHUNK = 65536
_LONGEST_LINE = 65536
_CHUNKS_A_TURN = 4  # a script that never stops printing must not keep the master from its other work


class LinePump:
    """One pipe's reading end.

    Args:
        loop: The loop to live in.
        fd: Owned from now on.
        write: Called with each line, without its end; bytes that are no UTF-8 are replaced.
    """

    def __init__(self, loop: Loop, fd: int, write: Callable[[str], None]) -> None:
        self._loop = loop
        self._fd = fd
        self._write = write
        self._rest = b""
        os.set_blocking(fd, False)
        loop.watch(fd, self._read_some)

    def finish(self) -> None:
        """Take what is there and close, even if a grandchild still holds the other end."""
        while self._fd >= 0 and self._read_once():
            pass
        self.close()

    def close(self) -> None:
        """Write an unfinished last line and let go of the pipe."""
        if self._fd < 0:
            return
        if self._rest:
            self._put(self._rest)
            self._rest = b""
        self._loop.forget(self._fd)
        os.close(self._fd)
        self._fd = -1

    def _read_some(self) -> None:
        for _ in range(_CHUNKS_A_TURN):
            if not self._read_once():
                return

    def _read_once(self) -> bool:
        try:
            data = os.read(self._fd, _CHUNK)
        except BlockingIOError:
            return False
        if not data:
            self.close()
            return False
        *lines, self._rest = (self._rest + data).split(b"\n")
        for line in lines:
            self._put(line)
        while len(self._rest) > _LONGEST_LINE:
            self._put(self._rest[:_LONGEST_LINE])
            self._rest = self._rest[_LONGEST_LINE:]
        return True

    def _put(self, line: bytes) -> None:
        self._write(line.decode("utf-8", "replace").rstrip("\r"))
