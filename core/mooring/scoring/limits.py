"""Who may wait for how long: the queue's bounds, and what is answered beyond them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from mooring.scoring.messages import Response

if TYPE_CHECKING:
    from mooring.scoring.settings import ServerSettings

__all__ = ["Limits"]

_TEXT = "text/plain; charset=utf-8"


class Limits:
    """The service's bounds in seconds; None where there is none, as in the reference server."""

    def __init__(self, settings: ServerSettings) -> None:
        self.max_queue = settings.max_queue
        self.max_wait_s = _seconds(settings.max_queue_wait_ms)
        self.gateway_timeout_s = _seconds(settings.gateway_timeout_ms)
        self.scoring_timeout_s = settings.scoring_timeout_ms / 1000.0
        self.are_set = not (
            self.max_queue is None and self.max_wait_s is None and self.gateway_timeout_s is None
        )
        self._service = settings.service_name

    def refuses_newcomer(self, waiting: int, free_slots: int, slots: int, mean_run_s: float) -> bool:
        """Whether one more request would find the queue full, or wait beyond the bound at the present pace."""
        if self.max_queue is not None and waiting >= self.max_queue + free_slots:
            return True
        return self.max_wait_s is not None and waiting * mean_run_s / slots > self.max_wait_s

    def refusal(self, waited_s: float) -> Response | None:
        """The answer to a request that has waited too long for its turn, or None."""
        if self.max_wait_s is not None and waited_s > self.max_wait_s:
            return self.overloaded(0, 0.0)
        return self.too_late(waited_s)

    def too_late(self, since_arrival_s: float) -> Response | None:
        """The front-end's answer when the whole took longer than it waits, or None."""
        if self.gateway_timeout_s is None or since_arrival_s <= self.gateway_timeout_s:
            return None
        text = f"Scoring took longer than {self.gateway_timeout_s * 1000:.0f} ms"
        return Response(504, text.encode(), _TEXT)

    def overloaded(self, waiting: int, mean_run_s: float) -> Response:
        """The front-end's answer to a request there is no room for; says when to come back."""
        after_s = max(1, math.ceil(waiting * mean_run_s))
        text = f"Too many requests for service {self._service} (overloaded)"
        return Response(503, text.encode(), _TEXT, [("Retry-After", str(after_s))])

    def longest_run_s(self) -> float:
        """When a run is interrupted, counted from its start."""
        if self.gateway_timeout_s is None:
            return self.scoring_timeout_s
        return min(self.scoring_timeout_s, self.gateway_timeout_s)


def _seconds(milliseconds: int | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000.0
