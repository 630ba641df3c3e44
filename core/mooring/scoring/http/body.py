"""Bodies that arrive in pieces: of a known length straight into their final place, or chunked."""

from __future__ import annotations

import io
import re

from mooring.scoring.http.failures import BadMessage

__all__ = ["ChunkedBody", "SizedBody"]

_CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]{1,15})[ \t]*(?:;[^\r\n]*)?\Z")
_MOST_LINE_BYTES = 4096
_MOST_TRAILER_BYTES = 16384


class SizedBody:
    """A body of `length` bytes, filled in place.

    `bytes(length)` is zero pages that the system commits when they are written, so a large Content-Length
    alone takes no memory; BytesIO hands its buffer over as bytes without a copy (CPython; elsewhere it copies).
    """

    def __init__(self, length: int) -> None:
        self._file = io.BytesIO(bytes(length))
        self._view: memoryview | None = self._file.getbuffer()
        self._length = length
        self._filled = 0

    @property
    def missing(self) -> int:
        """Bytes still to come."""
        return self._length - self._filled

    def room(self) -> memoryview:
        """Where the next bytes go; tell with `advance` how many were put there."""
        assert self._view is not None  # noqa: S101
        return self._view[self._filled :]

    def advance(self, count: int) -> None:
        """Count bytes that were written into `room()`."""
        self._filled += count

    def feed(self, data: bytes) -> bytes | None:
        """Take what belongs to the body; what follows it once the body is whole, else None."""
        taken = min(len(data), self.missing)
        self.room()[:taken] = data if taken == len(data) else memoryview(data)[:taken]
        self._filled += taken
        return None if self.missing else data[taken:]

    def take(self) -> bytes:
        """The whole body; the object is spent."""
        if self._view is not None:
            self._view.release()
            self._view = None
        return self._file.getvalue()


class ChunkedBody:
    """A body in the chunked transfer coding; extensions and trailers are read and dropped.

    Args:
        max_bytes: Largest body; more raises `BadMessage` 413.
    """

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._pieces = bytearray()
        self._pending = bytearray()
        self._left = 0  # bytes of the current chunk still to come, its line end included
        self._in_trailer = False
        self._trailer_bytes = 0

    def feed(self, data: bytes) -> bytes | None:
        """Take what belongs to the body; what follows it once the body is whole, else None."""
        self._pending += data
        while self._step():
            pass
        if not self._in_trailer:
            return None
        return self._finish()

    def take(self) -> bytes:
        """The whole body."""
        return bytes(self._pieces)

    def _step(self) -> bool:
        if self._in_trailer:
            return False
        return self._read_data() if self._left else self._read_size()

    def _read_data(self) -> bool:
        pending = self._pending
        if self._left > 2:  # noqa: PLR2004 - the two bytes of the line end
            taken = min(len(pending), self._left - 2)
            self._pieces += memoryview(pending)[:taken]
            del pending[:taken]
            self._left -= taken
            if self._left > 2:  # noqa: PLR2004
                return False
        if len(pending) < self._left:
            return False
        if not pending.startswith(b"\r\n"):
            raise BadMessage(400, "A chunk does not end where its size says.")
        del pending[:2]
        self._left = 0
        return True

    def _read_size(self) -> bool:
        end = self._pending.find(b"\r\n")
        if end < 0:
            if len(self._pending) > _MOST_LINE_BYTES:
                raise BadMessage(400, "A chunk's size line is too long.")
            return False
        match = _CHUNK_LINE.match(bytes(self._pending[:end]))
        if match is None or end > _MOST_LINE_BYTES:
            raise BadMessage(400, "A chunk's size is not a hexadecimal number.")
        del self._pending[: end + 2]
        size = int(match.group(1), 16)
        if len(self._pieces) + size > self._max_bytes:
            raise BadMessage(413, f"The body is larger than {self._max_bytes} bytes.")
        self._in_trailer = size == 0
        self._left = size + 2 if size else 0
        return True

    def _finish(self) -> bytes | None:
        pending = self._pending
        while True:
            end = pending.find(b"\r\n")
            if end < 0:
                if self._trailer_bytes + len(pending) > _MOST_TRAILER_BYTES:
                    raise BadMessage(431, "The trailers are too long.")
                return None
            self._trailer_bytes += end + 2
            if self._trailer_bytes > _MOST_TRAILER_BYTES:
                raise BadMessage(431, "The trailers are too long.")
            del pending[: end + 2]
            if end == 0:
                return bytes(pending)
