"""The log of a service in a container: written to standard output, which the container's engine keeps.

Numbers are microseconds since 1970, so that they rise from one start of a container to the next, and from one
container of a service to the next.
"""

from __future__ import annotations

import errno
import json
import os
import time
from typing import Any

from mooring.scoring.supervisor.logbook import LogBook

__all__ = ["StreamBook"]

_KEPT_BYTES = 4 * 1024 * 1024  # while nobody reads; what comes on top of it is lost: serving matters more


class StreamBook(LogBook):
    """A log without files.

    Args:
        fd: Written to without waiting.
        as_records: JSON lines with all facts; else the bare text, for people.
    """

    def __init__(self, fd: int = 1, *, as_records: bool = False) -> None:
        self.next_number = 1
        self.on_record = None
        self._fd = fd
        self._as_records = as_records
        self._unwritten = bytearray()
        os.set_blocking(fd, False)

    def flush(self) -> None:
        """Write what can be written now."""
        while self._unwritten:
            try:
                written = os.write(self._fd, self._unwritten)
            except OSError as error:
                if error.errno != errno.EAGAIN:
                    self._unwritten.clear()
                return
            del self._unwritten[:written]

    def close(self) -> None:
        """Write the rest, waiting for the reader a little."""
        give_up = time.monotonic() + 1.0
        self.flush()
        while self._unwritten and time.monotonic() < give_up:
            time.sleep(0.01)
            self.flush()

    def _note(self, facts: dict[str, Any]) -> None:
        now = time.time()
        number = max(self.next_number, int(now * 1_000_000))
        self.next_number = number + 1
        record = {"seq": number, "time": round(now, 6), **facts}
        if len(self._unwritten) < _KEPT_BYTES:
            shown = json.dumps(record, ensure_ascii=False) if self._as_records else facts["text"]
            self._unwritten += shown.encode("utf-8", "replace") + b"\n"
        if self.on_record:
            self.on_record(record)
