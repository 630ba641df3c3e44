"""How long to wait before a crashed worker is started again."""

from __future__ import annotations

__all__ = ["Backoff"]


class Backoff:
    """Doubling delays that begin anew once a worker has lived long enough.

    Args:
        first_s: Delay after the first crash.
        longest_s: No delay is longer.
        settled_s: A worker that lived so long was well; the next crash counts as a first one.
    """

    def __init__(self, first_s: float = 0.1, longest_s: float = 30.0, settled_s: float = 60.0) -> None:
        self._first_s = first_s
        self._longest_s = longest_s
        self._settled_s = settled_s
        self._next_s = first_s

    def delay_after(self, lived_s: float) -> float:
        """Seconds to wait after a worker that answered for `lived_s` seconds has died."""
        if lived_s >= self._settled_s:
            self._next_s = self._first_s
        delay_s = self._next_s
        self._next_s = min(self._longest_s, delay_s * 2)
        return delay_s
