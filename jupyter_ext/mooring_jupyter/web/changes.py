"""What changes in a workspace, for every tab: one watch, whose last word a new tab is told at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mooring.watching import Change, Subscription
    from mooring.workspace import Workspace

KINDS = ("models", "environments", "services")
_LINGER_S = 10.0
"""A reloaded page is back before that, and need not wait until every service was asked again."""


@dataclass(frozen=True)
class Told:
    """How things are.

    Attributes:
        kinds: What is not as it was the last time.
        services: Every service, as it travels.
        numbers: Of each kind; they rise with every change.
    """

    kinds: tuple[str, ...]
    services: list[dict[str, Any]]
    numbers: dict[str, int]

    @property
    def cursor(self) -> str:
        """The numbers as a text, for a client to come back with."""
        return ".".join(str(self.numbers.get(kind, 0)) for kind in KINDS)

    def since(self, cursor: str) -> Told:
        """The same for somebody who last heard that cursor. How services are is not counted: they always belong to it."""
        parts = cursor.split(".")
        if len(parts) != len(KINDS) or not all(part.isdigit() for part in parts):
            return replace(self, kinds=KINDS)
        seen = dict(zip(KINDS, map(int, parts), strict=True))
        changed = (kind for kind in KINDS if kind == "services" or self.numbers.get(kind, 0) != seen[kind])
        return replace(self, kinds=tuple(changed))


Listener = Callable[[Told], None]


class Changes:
    """Tells any number of listeners; watches only while there are some, and a moment longer."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lock = threading.Lock()
        self._listeners: dict[Listener, str] = {}
        self._last: Told | None = None
        self._subscription: Subscription | None = None
        self._ending: threading.Timer | None = None

    def listen(self, listener: Listener, cursor: str) -> None:
        """Tell a listener what changed since the cursor, then each change; in any thread."""
        with self._lock:
            if self._ending is not None:
                self._ending.cancel()
                self._ending = None
            self._listeners[listener] = cursor
            if self._last is not None:
                self._first(listener, self._last)
            elif self._subscription is None:
                self._subscription = self._workspace.watch(self._hear)

    def leave(self, listener: Listener) -> None:
        """Tell it nothing any more."""
        with self._lock:
            self._listeners.pop(listener, None)
            if not self._listeners and self._subscription is not None:
                self._ending = threading.Timer(_LINGER_S, self._end_if_alone)
                self._ending.daemon = True
                self._ending.start()

    def close(self) -> None:
        """Watch no more."""
        with self._lock:
            self._listeners.clear()
        self._end_if_alone()

    def _hear(self, change: Change) -> None:
        services = [self._workspace.services.summary(service) for service in change.services]
        told = Told(tuple(sorted(change.kinds)), services, self._workspace.database.change_numbers())
        with self._lock:
            is_first, self._last = self._last is None, told
            for listener in tuple(self._listeners):
                if is_first:
                    self._first(listener, told)
                else:
                    listener(told)

    def _first(self, listener: Listener, told: Told) -> None:
        listener(told.since(self._listeners[listener]))

    def _end_if_alone(self) -> None:
        with self._lock:
            if self._listeners or self._subscription is None:
                return
            subscription, self._subscription, self._last = self._subscription, None, None
        subscription.close()
