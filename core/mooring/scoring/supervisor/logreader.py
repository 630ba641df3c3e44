"""Reads the log from any point on, while it is being written and thrown away at the other end."""

from __future__ import annotations

import json
import os
from typing import Any, BinaryIO, Iterator

from mooring.scoring.supervisor.logbook import first_number, segment_names

__all__ = ["book_name", "last_event", "read_records"]

_NEAR_BYTES = 65536


def book_name(folder: str) -> str:
    """The word that tells this book from others; empty when there is none."""
    try:
        with open(os.path.join(folder, "book"), encoding="ascii") as file:
            return file.read()
    except FileNotFoundError:
        return ""


def read_records(folder: str, after: int = 0) -> Iterator[dict[str, Any]]:
    """The records numbered above `after` that are there now, in order, each whole.

    Where the stream no longer reaches back far enough, the events of that time are still given.
    """
    stream = segment_names(folder, "stream")
    oldest = first_number(stream[0]) if stream else 0
    if after + 1 < oldest:
        for record in _read_kind(folder, "events", after):
            if record["seq"] >= oldest:
                break
            after = record["seq"]
            yield record
    yield from _read_kind(folder, "stream", after)


def last_event(folder: str, name: str) -> int | None:
    """Number of the last event of that name; None when there is none."""
    for segment in reversed(segment_names(folder, "events")):
        numbers = [record["seq"] for record in _read_segment(folder, segment, 0) if record["event"] == name]
        if numbers:
            return int(numbers[-1])
    return None


def _read_kind(folder: str, kind: str, after: int) -> Iterator[dict[str, Any]]:
    names = segment_names(folder, kind)
    started = [name for name in names if first_number(name) <= after + 1]
    for name in names[max(0, len(started) - 1) :]:
        for record in _read_segment(folder, name, after):
            after = record["seq"]
            yield record


def _read_segment(folder: str, name: str, after: int) -> Iterator[dict[str, Any]]:
    try:
        file = open(os.path.join(folder, name), "rb")  # noqa: SIM115
    except FileNotFoundError:  # thrown away since it was listed
        return
    with file:
        _seek_near(file, after)
        for line in file:
            if not line.endswith(b"\n"):  # being written, or left so by a writer that was killed
                return
            record: dict[str, Any] = json.loads(line)
            if record["seq"] > after:
                yield record


def _seek_near(file: BinaryIO, after: int) -> None:
    """Go to the start of a line at or before the first one wanted, by halving."""
    low, high = 0, os.fstat(file.fileno()).st_size
    while high - low > _NEAR_BYTES:
        middle = (low + high) // 2
        file.seek(middle)
        file.readline()
        start, line = file.tell(), file.readline()
        if line.endswith(b"\n") and json.loads(line)["seq"] <= after:
            low = start
        else:
            high = middle
    file.seek(low)
