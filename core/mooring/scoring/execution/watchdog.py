"""A thread that watches runs: interrupts those over their time, and tells when one is stuck."""

from __future__ import annotations

import threading
from time import perf_counter
from typing import TYPE_CHECKING, Any, Callable

if TYPE_CHECKING:
    from mooring.scoring.execution.engine import Engine, Run
    from mooring.scoring.http.exchange import Exchange
    from mooring.scoring.limits import Limits

__all__ = ["Watchdog"]

GRACE_S = 0.25  # between the interruption and giving the client its answer without the script
AGAIN_S = 1.0  # between two interruptions of a script that swallows them
STUCK_GRACE_S = 5.0  # between the first interruption and calling the worker stuck
SHORTEST_TICK_S = 0.005
LONGEST_TICK_S = 0.25


class Watchdog:
    """Watches one engine.

    Args:
        engine: Its runs are read from here, without locks: each is one attribute or one dict entry.
        limits: How long a run may take.
        stuck_after_s: A run this long means that the worker is of no use any more.
        on_pulse: Called about once a second with the seconds the oldest run has taken, 0.0 when there is none.
        on_stuck: Called once per stuck run, with its seconds.
    """

    def __init__(
        self,
        engine: Engine,
        limits: Limits,
        stuck_after_s: float,
        on_pulse: Callable[[float], None],
        on_stuck: Callable[[float], None],
    ) -> None:
        self._engine = engine
        self._limit_s = limits.longest_run_s()
        self._stuck_after_s = min(stuck_after_s, self._limit_s + STUCK_GRACE_S)
        self._on_pulse = on_pulse
        self._on_stuck = on_stuck
        self._again_at: dict[Exchange, float] = {}
        self._is_loop_reported = False
        self._reported: Exchange | None = None
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="mooring-watchdog", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def stop(self) -> None:
        """Stop watching."""
        self._stopped.set()

    @property
    def is_stuck(self) -> bool:
        """Whether a run that was called stuck is still going on."""
        reported = self._reported
        return reported is not None and (reported is self._engine.inline_run or reported in self._engine.runs)

    def _watch(self) -> None:
        tick_s = min(LONGEST_TICK_S, max(SHORTEST_TICK_S, self._limit_s / 20))
        next_pulse = 0.0
        while not self._stopped.wait(tick_s):
            longest_s = self._look()
            now = perf_counter()
            if now >= next_pulse:
                next_pulse = now + 1.0
                self._on_pulse(longest_s)

    def _look(self) -> float:
        """Look at every run once; the seconds of the longest."""
        engine = self._engine
        longest_s = 0.0
        inline = engine.inline_run
        if inline is not None:
            longest_s = self._check(inline, None)
        for run in list(engine.runs.values()):
            if run.thread_id:
                longest_s = max(longest_s, self._check(run.exchange, run))
        if not engine.runs and inline is None:
            self._again_at.clear()
            longest_s = self._check_loop()
        return longest_s

    def _check_loop(self) -> float:
        """Seconds for which the event loop has not turned: an asynchronous script may block it."""
        lag_s = perf_counter() - self._engine.last_beat
        if lag_s > self._stuck_after_s and not self._is_loop_reported:
            self._is_loop_reported = True
            self._on_stuck(lag_s)
        return lag_s if lag_s > 1.0 else 0.0

    def _check(self, exchange: Exchange, run: Run | None) -> float:
        now = perf_counter()
        elapsed_s = now - exchange.started
        if elapsed_s > self._limit_s:
            if now >= self._again_at.get(exchange, 0.0):
                self._again_at[exchange] = now + AGAIN_S
                self._interrupt(exchange, run)
            if run is not None and not run.is_given_up and elapsed_s > self._limit_s + GRACE_S:
                self._engine.call_soon_threadsafe(self._engine.give_up, run)
        if elapsed_s > self._stuck_after_s and self._reported is not exchange:
            self._reported = exchange
            self._on_stuck(elapsed_s)
        return elapsed_s

    def _interrupt(self, exchange: Exchange, run: Any) -> None:
        thread_id = threading.main_thread().ident or 0 if run is None else run.thread_id
        self._engine.interruption.interrupt(exchange, thread_id)
