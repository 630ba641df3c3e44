"""Shared memory in which a worker notes, for each connection, what it has received and not yet answered.

The worker may be killed at any instruction, so that nothing has to be finished for the notes to be true: they are
compared with what the kernel counted on the same connection (`tcp.count_bytes`). A slot holds a head and the bytes.

A slot's head: state; flags; kept = bytes noted since the last answer; rest = how many of the last of these belong to
the next request; consumed = all bytes taken from the socket; written = all bytes given to it, the announced answer
included; answer = bytes of that answer.
"""

from __future__ import annotations

import mmap
import os
import struct
import sys
import tempfile
from dataclasses import dataclass

__all__ = [
    "ANSWERED",
    "CLOSES",
    "FREE",
    "OPEN",
    "SLOTS",
    "SLOT_BYTES",
    "UNKEPT",
    "Head",
    "Journal",
    "make_journal_file",
]

SLOTS = 2048
SLOT_BYTES = 64 * 1024  # a longer request is not replayed
HEAD = struct.Struct("<IIIIQQQ")
_SLOT = HEAD.size + SLOT_BYTES

FREE, OPEN, ANSWERED, UNKEPT = 0, 1, 2, 3
"""States. OPEN: what is noted has not been answered. ANSWERED: its answer was about to be written, whole. UNKEPT: a
stream or a refusal is under way, which can't be taken up by another worker."""

CLOSES = 1
"""Flag: the connection ends with that answer."""


@dataclass(frozen=True)
class Head:
    """A slot's head; see the module."""

    state: int
    flags: int
    kept: int
    rest: int
    consumed: int
    written: int
    answer: int


class Journal:
    """The slots of one worker.

    Args:
        fd: From `make_journal_file`; may be closed afterwards.
    """

    def __init__(self, fd: int) -> None:
        self.map = mmap.mmap(fd, SLOTS * _SLOT)

    def place(self, slot: int) -> int:
        """Where a slot begins in `map`; its bytes begin `HEAD.size` later."""
        return slot * _SLOT

    def read(self, slot: int) -> Head:
        """A slot's head."""
        return Head(*HEAD.unpack_from(self.map, self.place(slot)))

    def unanswered(self, slot: int, head: Head, *, is_answered: bool) -> bytes | None:
        """The bytes whose request waits for an answer; None when there were too many to be noted."""
        start = max(0, head.kept - head.rest) if is_answered else 0
        if head.kept > SLOT_BYTES:
            return None if head.rest or not is_answered else b""
        begin = self.place(slot) + HEAD.size
        return self.map[begin + start : begin + head.kept]

    def close(self) -> None:
        """Give the memory back."""
        self.map.close()


def make_journal_file() -> int:
    """Descriptor of memory for a `Journal`; only pages that are written to take room."""
    if sys.platform == "linux":
        fd = os.memfd_create("mooring-journal")
    else:
        with tempfile.TemporaryFile() as file:
            fd = os.dup(file.fileno())
    os.ftruncate(fd, SLOTS * _SLOT)
    return fd
