"""How long phases took before, for those who wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from statistics import median

from mooring.deployments.store import ServiceStore

Durations = Mapping[str, Sequence[float]]

_BEGINS = "plan"
_EARLIER_SERVICES = 20


def past_durations(store: ServiceStore) -> Durations:
    """Seconds each phase took in the operations of the workspace's services, by phase."""
    found: dict[str, list[float]] = {}
    for service in sorted(store.list(), key=lambda each: each.updated_time)[-_EARLIER_SERVICES:]:
        before = 0.0
        for event in store.events(service.name):
            if event.kind != "phase":
                continue
            elapsed = float(event.data.get("elapsed_s") or 0.0)
            if event.phase != _BEGINS and elapsed >= before:
                found.setdefault(event.phase, []).append(elapsed - before)
            before = elapsed
    return found


def expected_s(durations: Durations, phase: str, elapsed_s: float) -> float | None:
    """What a phase that has gone on for so long is going to take; None when history knows no such case.

    An image is reused at once or built within a minute: only times longer than the present one tell anything.
    """
    longer = [each for each in durations.get(phase, ()) if each > elapsed_s]
    return median(longer) if longer else None
