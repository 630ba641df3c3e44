"""What moves in widgets, from few threads: one watch for states, one sampler for numbers, one reader for logs.

Only what somebody looks at is asked for: a page that is scrolled away or on another tab says so, and costs nothing.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from mooring.errors import MooringError

if TYPE_CHECKING:
    from mooring.deployments.numbers import RequestCounts
    from mooring.workspace import Workspace

_LOG = logging.getLogger(__name__)
_KEPT = 60
_SAMPLE_EVERY_S = 3.0
_READ_EVERY_S = 0.2
_LEAST_S = 1.0  # a rate over less says nothing
_SHARE_OF_TIME = 0.005
_MOST_LINES = 2000


class Rounds:
    """Calls each member of a group in turn, in one thread that lives as long as there are members.

    Args:
        name: Of the thread.
        every_s: From one round to the next, unless the round costs more than its share of time.
    """

    def __init__(self, name: str, every_s: float) -> None:
        self._name = name
        self._every_s = every_s
        self._members: list[Callable[[], None]] = []
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._news = threading.Event()

    def join(self, member: Callable[[], None]) -> None:
        """Call it from now on."""
        with self._lock:
            if member in self._members:
                return
            self._members.append(member)
            if self._thread is None:  # one that had nobody left may still be about to end: it goes on then
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
        self._news.set()

    def leave(self, member: Callable[[], None]) -> None:
        """Call it no more."""
        with self._lock:
            if member in self._members:
                self._members.remove(member)

    def _call(self, member: Callable[[], None]) -> None:
        try:
            member()
        except Exception:  # noqa: BLE001 (whatever befalls one, the others go on, and it is asked again)
            _LOG.debug("%s: a round failed", self._name, exc_info=True)

    def _run(self) -> None:
        while True:
            began = time.monotonic()
            for member in tuple(self._members):
                self._call(member)
            spent_s = time.monotonic() - began
            self._news.wait(max(self._every_s, spent_s / _SHARE_OF_TIME if spent_s > self._every_s else 0))
            self._news.clear()
            with self._lock:
                if not self._members:
                    self._thread = None
                    return


SAMPLER = Rounds("mooring-numbers", _SAMPLE_EVERY_S)
READER = Rounds("mooring-logs", _READ_EVERY_S)


@dataclass
class Numbers:
    """Requests a second and their times, sample by sample, while somebody looks.

    Attributes:
        tell: Gets every sample.
    """

    workspace: Workspace
    service: str
    tell: Callable[[dict[str, Any]], None]
    samples: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=_KEPT))
    _before: tuple[float, RequestCounts] | None = None

    def sample(self) -> None:
        """Look once."""
        try:
            counts = self.workspace.services.counts(self.service)
        except MooringError:
            counts = None
        now = time.monotonic()
        if counts is None:
            self._before = None
            return
        if self._before is not None and now - self._before[0] < _LEAST_S:
            return
        if self._before is not None:
            added = counts.since(self._before[1])
            seconds = max(now - self._before[0], 0.001)
            sample = {
                **counts.to_dict(),
                "perSecond": round(added.count / seconds, 2),
                "p50": added.quantile(0.5),
                "p99": added.quantile(0.99),
            }
        else:
            sample = {**counts.to_dict(), "perSecond": None, "p50": None, "p99": None}
        self._before = (now, counts)
        self.samples.append(sample)
        self.tell(sample)


@dataclass
class Log:
    """The lines of one service as they come, while somebody looks."""

    workspace: Workspace
    service: str
    tell: Callable[[list[dict[str, Any]]], None]
    cursor: str | None = None

    def read(self) -> None:
        """Tell what is new."""
        try:
            if self.cursor is None:
                items = list(self.workspace.services.tail(self.service, _MOST_LINES))
            else:
                items = list(self.workspace.services.stream(self.service, self.cursor))
        except MooringError:
            return
        if items:
            self.cursor = items[-1].cursor
            self.tell([shown(item) for item in items[-_MOST_LINES:]])


def shown(item: Any) -> dict[str, Any]:
    """A line or an event for the page."""
    phase = getattr(item, "phase", "")
    return {
        "time": item.time.isoformat() if item.time is not None else None,
        "text": item.text,
        "phase": phase,
        "kind": getattr(item, "kind", ""),
    }
