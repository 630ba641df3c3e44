"""A service's log for a client: in batches, resumable by cursor, never more ahead of the client than agreed."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from mooring.deployments import Event, LogLine, ServiceNotFound
from mooring.errors import MooringError
from mooring.workspace import Workspace

log = logging.getLogger(__name__)
BATCH = 500
AHEAD = 4
LOOK_EVERY_S = 0.1
LOOK_SOON_S = 0.03  # between looks while the service writes: a log is read as it scrolls
_BUSY_S = 5.0  # it counts as writing for so long after its last line
_SHARE = 20  # a look that takes long, at a cluster say, is not repeated before so many times its length
_PATIENCE_S = 2.0  # between looks while the store can't be read

Item = Event | LogLine


@dataclass
class LogStream:
    """Reads on from a cursor whenever the client has room; keeps nothing of what it has sent.

    Args:
        workspace: Gives the workspace anew for every look: it may be removed, and made again.
        service: Whose log.
        cursor: Of the last item that the client has.
        send: Called on the event loop with each batch: number, items, cursor, whether it is the last.
    """

    workspace: Callable[[], Workspace]
    service: str
    cursor: str | None
    send: Callable[[int, Sequence[Item], str, bool], None]
    sent: int = 0
    taken: int = 0
    _room: asyncio.Event | None = None
    _made: datetime | None = None
    _last_line: float = float("-inf")

    def acknowledge(self, batch: int) -> None:
        """The client has taken in everything up to that batch."""
        self.taken = max(self.taken, min(batch, self.sent))
        if self._room is not None:
            self._room.set()

    async def run(self) -> None:
        """Send until the service is gone."""
        if self._room is None:
            self._room = asyncio.Event()
        while True:
            await self._wait_for_room()
            begun = time.monotonic()
            try:
                items, is_over = await asyncio.to_thread(self._look)
                wait_s = self._pause_s(begun, is_new=bool(items))
            except MooringError as error:
                log.info("the log of %s can't be read now: %s", self.service, error)
                items, is_over, wait_s = [], False, _PATIENCE_S
            if items or is_over:
                self._hand_over(items, is_over=is_over)
            if is_over:
                return
            if len(items) < BATCH:
                await asyncio.sleep(wait_s)

    def _pause_s(self, begun: float, *, is_new: bool) -> float:
        now = time.monotonic()
        if is_new:
            self._last_line = now
        if now - self._last_line > _BUSY_S:
            return LOOK_EVERY_S
        return min(max(LOOK_SOON_S, _SHARE * (now - begun)), LOOK_EVERY_S)

    async def _wait_for_room(self) -> None:
        while self._room is not None and self.sent - self.taken >= AHEAD:
            self._room.clear()
            await self._room.wait()

    def _hand_over(self, items: Sequence[Item], *, is_over: bool) -> None:
        self.sent += 1
        self.cursor = items[-1].cursor if items else self.cursor
        self.send(self.sent, items, self.cursor or "", is_over)

    def _look(self) -> tuple[list[Item], bool]:
        """What is new, and whether there will be no more."""
        desk = self.workspace().services
        try:
            made = desk.created_time(self.service)
            if self._made is not None and made != self._made:
                return [], True
            self._made = made
            return list(islice(desk.stream(self.service, self.cursor), BATCH)), False
        except ServiceNotFound:
            return [], True


def cursor_before_last(items: Iterable[Item], last: int) -> str | None:
    """Where to read on from to get the last items only; None when there are no more than that."""
    kept = deque(items, maxlen=max(last, 0) + 1)
    return kept[0].cursor if len(kept) > max(last, 0) else None


@dataclass(frozen=True)
class LogSubscription:
    """A stream that a client listens to, and what goes on reading it."""

    stream: LogStream
    task: asyncio.Task[None]


def told(item: Item, links: Callable[[str], list[dict[str, Any]]]) -> dict[str, Any]:
    """An item as the client gets it."""
    time = item.time.isoformat() if item.time is not None else None
    if isinstance(item, LogLine):
        facts = {"kind": "line", "time": time, "text": item.text, "stream": item.stream}
        found = links(item.text)
        return {**facts, "source": item.source, "cursor": item.cursor, **({"links": found} if found else {})}
    return {
        "kind": "event",
        "time": time,
        "text": item.text,
        "phase": item.phase,
        "event": item.kind,
        "data": item.data,
        "cursor": item.cursor,
    }
