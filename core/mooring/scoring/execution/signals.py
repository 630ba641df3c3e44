"""Signals that end the worker, heard wherever the event loop happens to be."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from typing import Any, Callable

__all__ = ["SignalBell"]


class SignalBell:
    """Wakes the event loop when a signal comes.

    Python runs signal handlers in the main thread, between two instructions. A signal that comes in the moment
    before that thread begins to wait is not handled until the wait ends by itself, so handlers alone would lose one
    now and then; the byte that Python writes to the wakeup descriptor can not be lost.

    Args:
        loop: Any loop, in any thread.
        on_end: Called on the loop's thread, maybe several times, when a signal asks for the end.
    """

    ENDING = (signal.SIGTERM, signal.SIGINT)

    def __init__(self, loop: asyncio.AbstractEventLoop, on_end: Callable[[], None]) -> None:
        self._on_end = on_end
        self._is_uvloop = type(loop).__module__.partition(".")[0] == "uvloop"
        self._reads, self._rings = os.pipe()
        for end in (self._reads, self._rings):
            os.set_blocking(end, False)
        loop.add_reader(self._reads, self._hear)

    def hang(self, *, is_loop_here: bool) -> None:
        """Ring for signals from now on; in the main thread, each time the loop moves."""
        for number in self.ENDING:
            signal.signal(number, self._handle)
        # uvloop has a bell of its own, which it hangs when it runs in the main thread.
        rings = -1 if is_loop_here and self._is_uvloop else self._rings
        signal.set_wakeup_fd(rings, warn_on_full_buffer=False)

    def _handle(self, number: int, *_frame: Any) -> None:
        with contextlib.suppress(BlockingIOError):  # it rings already
            os.write(self._rings, bytes([number]))

    def _hear(self) -> None:
        try:
            numbers = os.read(self._reads, 512)
        except BlockingIOError:
            return
        if set(numbers) & set(self.ENDING):
            self._on_end()
