"""Copying a file while hashing the very bytes that were written, and having them safe on disk at the end.

Three things take long: copying, hashing, and the disk. They overlap: this thread lets the kernel copy and then waits
for the disk, while a second one reads the copy back (from memory, as it was written a moment ago) and hashes it;
OpenSSL works outside the interpreter's lock. Hashing the copy rather than the original means that a digest is
true for what is kept, whatever happens to the original meanwhile.
"""

from __future__ import annotations

import errno
import hashlib
import os
import threading
from collections.abc import Callable

Count = Callable[[int], None]
"""Told the size of each piece that is done."""

_PIECE_BYTES = 16 * 1024 * 1024
_BUFFER_BYTES = 1024 * 1024
"""Stays in the processor's cache between being read and being hashed."""

_AHEAD_BYTES = 1024 * 1024 * 1024
"""How far copying may run ahead of hashing, so that the copy is still in memory when it is read back."""

FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
"""Ways of a system to say that a file can't grow."""


class ReadFailed(Exception):
    """The source can't be read; other errors of a copy are the target's."""


def hash_file(descriptor: int, *, count: Count) -> str:
    """`sha256:…` of a file from its current position to its end; raises ReadFailed."""
    digest = hashlib.sha256()
    buffer = memoryview(bytearray(_BUFFER_BYTES))
    try:
        while size := os.readv(descriptor, [buffer]):
            digest.update(buffer[:size])
            count(size)
    except OSError as error:
        raise ReadFailed(error.strerror or str(error)) from error
    return f"sha256:{digest.hexdigest()}"


def copy_hashed(source: int, target: int, *, count: Count) -> str:
    """Copy from one descriptor to another, both at their start, and return `sha256:…` of the copy.

    The copy is on disk (`fsync`) when this returns.

    Raises:
        ReadFailed: The source can't be read.
        OSError: The target can't be written.
    """
    first = _read(source)
    _write_all(target, first)
    if len(first) < _BUFFER_BYTES:  # that was all of it: a thread would cost more than it saves
        os.fsync(target)
        count(len(first))
        return f"sha256:{hashlib.sha256(first).hexdigest()}"
    follower = _Follower(target, count)
    try:
        follower.may_read(len(first))
        _copy_rest(source, target, follower)
        os.fsync(target)
    finally:
        follower.end()
    return follower.digest()


def _copy_rest(source: int, target: int, follower: _Follower) -> None:
    copy = _kernel_copy
    while True:
        try:
            size = copy(source, target)
        except OSError as error:
            if copy is _plain_copy or error.errno in FULL:
                raise
            copy = _plain_copy  # the kernel can't copy between these two, or can't read: this will tell
            continue
        if not size:
            return
        follower.may_read(size)


def _kernel_copy(source: int, target: int) -> int:
    """No detour through this process; instant where the file system can share blocks."""
    if not hasattr(os, "copy_file_range"):
        return _plain_copy(source, target)
    return os.copy_file_range(source, target, _PIECE_BYTES)


def _plain_copy(source: int, target: int) -> int:
    piece = _read(source)
    _write_all(target, piece)
    return len(piece)


def _read(source: int) -> bytes:
    try:
        return os.read(source, _BUFFER_BYTES)
    except OSError as error:
        raise ReadFailed(error.strerror or str(error)) from error


def _write_all(target: int, piece: bytes) -> None:
    rest = memoryview(piece)
    while rest:
        rest = rest[os.write(target, rest) :]


class _Follower:
    """Hashes a file behind the one who writes it."""

    def __init__(self, descriptor: int, count: Count) -> None:
        self._descriptor = descriptor
        self._count = count
        self._digest = hashlib.sha256()
        self._changed = threading.Condition()
        self._written = 0
        self._hashed = 0
        self._is_complete = False
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._work, name="mooring-hash", daemon=True)
        self._thread.start()

    def may_read(self, size: int) -> None:
        """Say that so many more bytes are written; waits when hashing is far behind."""
        with self._changed:
            self._written += size
            self._changed.notify_all()
            while self._written - self._hashed > _AHEAD_BYTES and self._failure is None:
                self._changed.wait()

    def end(self) -> None:
        """Wait until everything written is hashed."""
        with self._changed:
            self._is_complete = True
            self._changed.notify_all()
        self._thread.join()

    def digest(self) -> str:
        """After `end`."""
        if self._failure is not None:
            raise self._failure
        return f"sha256:{self._digest.hexdigest()}"

    def _work(self) -> None:
        try:
            buffer = memoryview(bytearray(_BUFFER_BYTES))
            while wanted := self._await_bytes():
                size = self._read(buffer[: min(wanted, _BUFFER_BYTES)])
                self._digest.update(buffer[:size])
                self._count(size)
                with self._changed:
                    self._hashed += size
                    self._changed.notify_all()
        except BaseException as error:  # noqa: BLE001 (raised again by `digest`, in the caller's thread)
            with self._changed:
                self._failure = error
                self._changed.notify_all()

    def _read(self, buffer: memoryview) -> int:
        size = os.preadv(self._descriptor, [buffer], self._hashed)
        if not size:
            raise OSError(errno.EIO, "the copy was cut off while it was written")
        return size

    def _await_bytes(self) -> int:
        with self._changed:
            while self._written == self._hashed and not self._is_complete:
                self._changed.wait()
            return self._written - self._hashed
