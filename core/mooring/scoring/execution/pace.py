"""How long runs take lately, and whether that is short enough to run on the event loop."""

from __future__ import annotations

__all__ = ["Pace"]


class Pace:
    """A moving mean of run times, with a memory for slow ones.

    A run on the event loop saves two thread switches, about a third of a small request's time, and delays every
    other connection by its own length: worth it while runs are short.
    """

    SHORT_MS = 2.0
    LONG_MS = 20.0
    TRUSTED_AFTER = 8
    LARGE_BODY_BYTES = 131072

    def __init__(self) -> None:
        self.mean_ms = 0.0
        self._short_in_a_row = 0

    def note(self, run_ms: float) -> None:
        """A run took that long."""
        self.mean_ms += (run_ms - self.mean_ms) * 0.1
        if run_ms < self.SHORT_MS:
            self._short_in_a_row += 1
        elif run_ms > self.LONG_MS or self.mean_ms > self.SHORT_MS:
            self._short_in_a_row = 0

    @property
    def is_short(self) -> bool:
        """Whether the next run will probably be short."""
        return self._short_in_a_row >= self.TRUSTED_AFTER
