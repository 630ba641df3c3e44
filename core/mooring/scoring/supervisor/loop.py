"""The master's event loop: readable sockets and timers, one thread, nothing that blocks.

asyncio would do, but its import alone costs more time than the whole master takes to come up.
"""

from __future__ import annotations

import heapq
import itertools
import selectors
import time
from typing import Callable

__all__ = ["Loop", "Timer"]

Callback = Callable[[], object]


class Timer:
    """One call to be made later."""

    __slots__ = ("callback",)

    def __init__(self, callback: Callback) -> None:
        self.callback: Callback | None = callback

    def cancel(self) -> None:
        """Do not make the call."""
        self.callback = None


class Loop:
    """Calls back when a file is ready or a time has come.

    `after_each` runs at the end of every turn; `on_error` gets what a callback raised, and may raise it again.
    """

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._timers: list[tuple[float, int, Timer]] = []
        self._order = itertools.count()
        self._runs = True
        self.after_each: Callback = _nothing
        self.on_error: Callable[[BaseException], None] = _raise

    def watch(self, fd: int, on_readable: Callback, on_writable: Callback | None = None) -> None:
        """Call back whenever `fd` is readable (and writable, if asked); a second call replaces the first."""
        events = selectors.EVENT_READ | (selectors.EVENT_WRITE if on_writable else 0)
        if fd in self._selector.get_map():
            self._selector.modify(fd, events, (on_readable, on_writable))
        else:
            self._selector.register(fd, events, (on_readable, on_writable))

    def forget(self, fd: int) -> None:
        """Watch no longer; call it before the file is closed."""
        if fd in self._selector.get_map():
            self._selector.unregister(fd)

    def later(self, delay_s: float, callback: Callback) -> Timer:
        """Call once, `delay_s` seconds from now."""
        timer = Timer(callback)
        heapq.heappush(self._timers, (time.monotonic() + delay_s, next(self._order), timer))
        return timer

    def run(self) -> None:
        """Turn until `stop` is called, be that before."""
        while self._runs:
            self._turn()

    def stop(self) -> None:
        """Return from `run` at the end of this turn."""
        self._runs = False

    def close(self) -> None:
        """Give the selector back."""
        self._selector.close()

    def _turn(self) -> None:
        for key, ready in self._selector.select(self._wait_s()):
            on_readable, on_writable = key.data
            # An earlier callback of this turn may have closed the file, or even reused its number.
            if on_writable and ready & selectors.EVENT_WRITE and self._still(key):
                self._call(on_writable)
            if ready & selectors.EVENT_READ and self._still(key):
                self._call(on_readable)
        now = time.monotonic()
        while self._timers and self._timers[0][0] <= now:
            callback = heapq.heappop(self._timers)[2].callback
            if callback:
                self._call(callback)
        self._call(self.after_each)

    def _call(self, callback: Callback) -> None:
        try:
            callback()
        except Exception as error:  # noqa: BLE001 - whoever runs the loop decides
            self.on_error(error)

    def _still(self, key: selectors.SelectorKey) -> bool:
        current = self._selector.get_map().get(key.fd)
        return current is not None and current.data[0] == key.data[0]

    def _wait_s(self) -> float | None:
        while self._timers and self._timers[0][2].callback is None:
            heapq.heappop(self._timers)
        if not self._timers:
            return None
        return max(0.0, self._timers[0][0] - time.monotonic())


def _nothing() -> None:
    """The default of `after_each`."""


def _raise(error: BaseException) -> None:
    raise error
