"""One ordered, resumable stream of what happened to a service and what it wrote."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from itertools import islice

from mooring.deployments.beginning import not_found
from mooring.deployments.parts import Parts
from mooring.deployments.values import Event, LogLine, Service
from mooring.errors import MooringError

# A look is one indexed query and one stat of a log file; five a second are seen as "at once".
_LOOK_EVERY_S = 0.15


@dataclass(frozen=True)
class Cursor:
    """Where a reader is: after an event, and after a log line of the target."""

    event: int = 0
    line: str = ""

    @staticmethod
    def parse(text: str | None) -> Cursor:
        """A cursor a stream gave; anything else begins at the start."""
        number, _, line = (text or "").partition("~")
        return Cursor(int(number), line) if number.isdigit() else Cursor()

    def __str__(self) -> str:
        return f"{self.event}~{self.line}"


def stream(parts: Parts, name: str, cursor: str | None, *, follow: bool) -> Iterator[Event | LogLine]:
    """Events and log lines, oldest first; with `follow` it goes on until the service is deleted.

    Raises:
        ServiceNotFound: There is none, at the beginning.
    """
    record = parts.store.find(name)
    if record is None:
        raise not_found(parts, name)
    return _read(parts, record, Cursor.parse(cursor), follow=follow)


def logs(parts: Parts, name: str, *, num_lines: int, last_start: bool) -> list[LogLine]:
    """The last lines a service wrote.

    Raises:
        ServiceNotFound: There is none.
    """
    record = parts.store.find(name)
    if record is None:
        raise not_found(parts, name)
    target = parts.targets.named(record.target)
    return list(deque(target.logs(name, last_start=last_start), maxlen=max(num_lines, 0)))


def tail(parts: Parts, name: str, *, num_lines: int) -> list[Event | LogLine]:
    """The last lines of the stream; `stream` goes on from the cursor of the last one.

    Raises:
        ServiceNotFound: There is none.
    """
    record = parts.store.find(name)
    if record is None:
        raise not_found(parts, name)
    lines = deque(_lines(parts, record, "", at_most=None), maxlen=max(num_lines, 0))
    merged = _merge(parts.store.events(name), lines, Cursor())
    return list(deque(merged, maxlen=max(num_lines, 0)))


def _read(parts: Parts, record: Service, cursor: Cursor, *, follow: bool) -> Iterator[Event | LogLine]:
    while True:
        for item in _look(parts, record, cursor):
            cursor = Cursor.parse(item.cursor)
            yield item
        if not follow:
            return
        time.sleep(_LOOK_EVERY_S)
        if not parts.store.events(record.name, after=cursor.event):
            found = parts.store.find(record.name)
            if found is None or found.created_time != record.created_time:
                return


def _look(parts: Parts, record: Service, cursor: Cursor) -> Iterator[Event | LogLine]:
    """What is new. A batch, so that an endless log does not keep new events waiting."""
    events = parts.store.events(record.name, after=cursor.event)
    return _merge(events, _lines(parts, record, cursor.line, at_most=_BATCH), cursor)


def _merge(history: Sequence[Event], lines: Iterable[LogLine], cursor: Cursor) -> Iterator[Event | LogLine]:
    """Both by time. A line without a time stays behind the one before it."""
    events = iter(history)
    event = next(events, None)
    last_time = datetime.min.replace(tzinfo=timezone.utc)
    for line in lines:
        last_time = max(line.time or last_time, last_time)
        while event is not None and event.time <= last_time:
            cursor = replace(cursor, event=event.seq)
            yield replace(event, cursor=str(cursor))
            event = next(events, None)
        cursor = replace(cursor, line=line.cursor)
        yield replace(line, cursor=str(cursor))
    while event is not None:
        cursor = replace(cursor, event=event.seq)
        yield replace(event, cursor=str(cursor))
        event = next(events, None)


def _lines(parts: Parts, record: Service, after: str, *, at_most: int | None) -> Iterator[LogLine]:
    try:
        yield from islice(parts.targets.named(record.target).logs(record.name, after=after), at_most)
    except MooringError:  # the target is out of reach: the events are still worth reading
        return


_BATCH = 10_000
