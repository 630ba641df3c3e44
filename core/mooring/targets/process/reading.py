"""The supervisor's log as lines with cursors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from typing import Any

from mooring.deployments.values import LogLine
from mooring.scoring.supervisor.logreader import book_name, last_event, read_records


def read_lines(folder: str, *, after: str = "", last_start: bool = False) -> Iterator[LogLine]:
    """Lines and events that are there now, oldest first.

    Args:
        folder: Of the log.
        after: Cursor; one of another book, or of none, means from the start.
        last_start: Only from the last start of a version on.
    """
    book = book_name(folder)
    number = _number(after, book)
    if last_start:
        number = max(number, (last_event(folder, "generation-starting") or 1) - 1)
    for record in read_records(folder, number):
        yield _as_line(record, book)


def _number(cursor: str, book: str) -> int:
    name, _, number = cursor.partition("-")
    return int(number) if name == book and number.isdigit() else 0


def _as_line(record: dict[str, Any], book: str) -> LogLine:
    worker = record.get("worker")
    return LogLine(
        time=datetime.fromtimestamp(record["time"], tz=timezone.utc),
        text=record["text"],
        stream=record.get("stream", "system"),
        source=f"worker-{worker}" if worker else "supervisor",
        cursor=f"{book}-{record['seq']}",
    )
