"""The service's log: lines of the workers and changes of state, numbered in one sequence.

Folder: `stream-<first number>.jsonl` holds lines and events and is thrown away segment by segment;
`events-<first number>.jsonl` holds the events again and is kept longer, so that noise can not push them out;
`book` holds a random word, because numbers mean nothing in another book.
"""

from __future__ import annotations

import json
import os
import time
from typing import Any, Callable

__all__ = ["LogBook"]

SEGMENT_BYTES = 10 * 1024 * 1024
SEGMENTS_KEPT = 5
_NUMBER_WIDTH = 16


class LogBook:
    """Writes the log. Records become visible with `flush`, whole and in order.

    Args:
        folder: Made when missing; numbering goes on where the last writer ended.
        segment_bytes: A segment that has grown so far is followed by a new one.
        segments_kept: So many stay, for the stream and for the events.
    """

    def __init__(
        self, folder: str, segment_bytes: int = SEGMENT_BYTES, segments_kept: int = SEGMENTS_KEPT
    ) -> None:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        self._name_book(folder)
        self.next_number = _last_number(folder) + 1
        self._stream = _Segments(folder, "stream", segment_bytes, segments_kept)
        self._events = _Segments(folder, "events", segment_bytes, segments_kept)
        self._unseen: list[dict[str, Any]] = []
        self.on_record: Callable[[dict[str, Any]], None] | None = None

    def line(self, stream: str, text: str, **facts: Any) -> None:
        """Note one line that a process wrote."""
        self._note({"kind": "line", "stream": stream, "text": text, **facts})

    def event(self, name: str, text: str, **facts: Any) -> None:
        """Note a change of state; `text` is one sentence for people."""
        self._note({"kind": "event", "event": name, "text": text, **facts})

    def flush(self) -> None:
        """Let readers see what was noted."""
        if not self._unseen:
            return
        records, self._unseen = self._unseen, []
        self._stream.write(records)
        events = [record for record in records if record["kind"] == "event"]
        if events:
            self._events.write(events)

    def close(self) -> None:
        """Flush and close the files."""
        self.flush()
        self._stream.close()
        self._events.close()

    def _note(self, facts: dict[str, Any]) -> None:
        record = {"seq": self.next_number, "time": round(time.time(), 6), **facts}
        self.next_number += 1
        self._unseen.append(record)
        if self.on_record:
            self.on_record(record)

    def _name_book(self, folder: str) -> None:
        path = os.path.join(folder, "book")
        if not os.path.exists(path):
            with open(path, "x", encoding="ascii") as file:
                file.write(os.urandom(4).hex())


class _Segments:
    """Append-only files that follow each other."""

    def __init__(self, folder: str, kind: str, segment_bytes: int, kept: int) -> None:
        self._folder = folder
        self._kind = kind
        self._segment_bytes = segment_bytes
        self._kept = kept
        self._fd = -1
        self._size = 0

    def write(self, records: list[dict[str, Any]]) -> None:
        if self._fd < 0 or self._size >= self._segment_bytes:
            self._begin(records[0]["seq"])
        data = b"".join(
            json.dumps(record, ensure_ascii=False).encode("utf-8", "replace") + b"\n" for record in records
        )
        try:
            written = os.write(self._fd, data)
        except OSError:  # disk full: serving matters more than the log
            written = 0
        if written < len(data):
            os.ftruncate(self._fd, self._size)
        else:
            self._size += written

    def close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def _begin(self, number: int) -> None:
        self.close()
        name = f"{self._kind}-{number:0{_NUMBER_WIDTH}d}.jsonl"
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_TRUNC
        self._fd = os.open(os.path.join(self._folder, name), flags, 0o600)
        self._size = 0
        for old in segment_names(self._folder, self._kind)[: -self._kept]:
            os.unlink(os.path.join(self._folder, old))


def segment_names(folder: str, kind: str) -> list[str]:
    """Files of one kind, oldest first."""
    try:
        names = os.listdir(folder)
    except FileNotFoundError:
        return []
    return sorted(name for name in names if name.startswith(kind + "-") and name.endswith(".jsonl"))


def first_number(name: str) -> int:
    """Number of the first record in a segment of that name."""
    return int(name.rpartition("-")[2][:-6])


def _last_number(folder: str) -> int:
    """Number of the last record in the book; a record that a killed writer left half is none."""
    names = segment_names(folder, "stream")
    if not names:
        return 0
    with open(os.path.join(folder, names[-1]), "rb") as file:
        file.seek(max(0, os.fstat(file.fileno()).st_size - 1024 * 1024))
        lines = file.read().split(b"\n")[:-1]
    last: int = json.loads(lines[-1])["seq"] if lines else first_number(names[-1]) - 1
    return last
