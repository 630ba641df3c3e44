"""Being told when a workspace changes: one thread for all who want to know, in this process, about one workspace.

    subscription = workspace.watch(lambda change: print(change.kinds, change.services))
    ...
    subscription.close()

What is written (models, environments, deployments) is noticed by one short query four times a second. How services
are is asked of the places where they run, as often as costs at most a fiftieth of a core, and at once when something
about services was written.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, get_args

from mooring.errors import MooringError

if TYPE_CHECKING:
    from mooring.deployments.values import Service
    from mooring.settings import Settings

log = logging.getLogger(__name__)

ChangeKind = Literal["models", "environments", "services"]
"""What can change in a workspace."""

_ALL: frozenset[ChangeKind] = frozenset(get_args(ChangeKind))

_LOOK_EVERY_S = 0.25
_SERVICES_EVERY_S = 1.0
_SHARE_OF_TIME = 0.02
_AFTER_FAILURE_S = 2.0


@dataclass(frozen=True)
class Change:
    """Something is not as it was.

    Attributes:
        kinds: What changed; all kinds after a time in which nothing could be read.
        services: Every service as it is now, by name.
    """

    kinds: frozenset[ChangeKind]
    services: Sequence[Service]


Listener = Callable[[Change], None]


class Watched(Protocol):
    """What is looked at."""

    def change_numbers(self) -> dict[str, int]:
        """A number for each kind, which rises with every change; empty as long as there is no workspace."""
        ...

    def list_services(self) -> Sequence[Service]:
        """As they are now, by name."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


class Subscription:
    """Tells one listener, until it is closed; also a context manager."""

    def __init__(self, watch: _Watch, listener: Listener) -> None:
        self._watch = watch
        self.listener = listener
        self.knows_how_it_is = False

    def close(self) -> None:
        """Tell the listener nothing any more."""
        self._watch.remove(self)

    def __enter__(self) -> Subscription:  # noqa: PYI034 (Self came with Python 3.11)
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def watch(settings: Settings, look: Callable[[], Watched], listener: Listener) -> Subscription:
    """Have a listener told at once how things are, as a change of all kinds, and then about each change.

    Args:
        settings: Of the workspace; equal ones share one watch.
        look: Opens what is looked at.
        listener: Called in a thread of the watch's own; should be quick. What it raises is logged and forgotten.
    """
    with _lock:
        found = _watches.get(settings)
        if found is None:
            found = _watches[settings] = _Watch(settings, look)
        return found.add(listener)


_lock = threading.Lock()
_watches: dict[Settings, _Watch] = {}


class _Watch:
    """The thread and its listeners; it ends with the last of them."""

    def __init__(self, settings: Settings, look: Callable[[], Watched]) -> None:
        self._settings = settings
        self._look = look
        self._subscriptions: list[Subscription] = []
        self._ended = threading.Event()

    def add(self, listener: Listener) -> Subscription:
        """Called with the lock held."""
        subscription = Subscription(self, listener)
        self._subscriptions.append(subscription)
        if len(self._subscriptions) == 1:
            threading.Thread(target=self._run, name="mooring-watch", daemon=True).start()
        return subscription

    def remove(self, subscription: Subscription) -> None:
        """Ends the thread when nobody is left."""
        with _lock:
            if subscription not in self._subscriptions:
                return
            self._subscriptions.remove(subscription)
            if not self._subscriptions:
                self._ended.set()
                _watches.pop(self._settings, None)

    def _run(self) -> None:
        while not self._ended.is_set():
            watched = self._look()
            try:
                self._follow(_Eye(watched))
            except Exception as error:
                # Out of reach for now. Who listens is told when it is back: anything may have changed.
                log.debug(
                    "the workspace can't be watched: %s", error, exc_info=not isinstance(error, MooringError)
                )
                self._ended.wait(_AFTER_FAILURE_S)
            finally:
                watched.close()

    def _follow(self, eye: _Eye) -> None:
        while True:
            kinds = eye.look()
            for subscription in tuple(self._subscriptions):
                news = kinds if subscription.knows_how_it_is else _ALL
                subscription.knows_how_it_is = True
                if news:
                    _tell(subscription, Change(news, eye.services))
            if self._ended.wait(_LOOK_EVERY_S):
                return


def _tell(subscription: Subscription, change: Change) -> None:
    try:
        subscription.listener(change)
    except Exception:
        log.exception("a listener failed")


class _Eye:
    """What was seen last, compared with what there is."""

    def __init__(self, watched: Watched) -> None:
        self._watched = watched
        self._numbers: dict[str, int] | None = None
        self._next_services = 0.0
        self.services: Sequence[Service] = ()

    def look(self) -> frozenset[ChangeKind]:
        """What has changed since the last time; at first, all."""
        before, self._numbers = self._numbers, self._watched.change_numbers()
        if before is None:
            self._look_at_services()
            return _ALL
        changed: set[ChangeKind] = {kind for kind in _ALL if self._numbers.get(kind) != before.get(kind)}
        if ("services" in changed or time.monotonic() >= self._next_services) and self._look_at_services():
            changed.add("services")
        return frozenset(changed)

    def _look_at_services(self) -> bool:
        before, started = self.services, time.monotonic()
        self.services = self._watched.list_services() if self._numbers else ()
        ended = time.monotonic()
        self._next_services = ended + max(_SERVICES_EVERY_S, (ended - started) / _SHARE_OF_TIME)
        return self.services != before
