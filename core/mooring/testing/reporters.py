"""A reporter that remembers."""

from __future__ import annotations

from typing import Any


class Recorder:
    """Keeps what it is told.

    Attributes:
        events: (phase, text) in order.
        data: The data of each event.
    """

    def __init__(self) -> None:
        self.events: list[tuple[str, str]] = []
        self.data: list[dict[str, Any]] = []

    @property
    def phases(self) -> list[str]:
        """Phases in order."""
        return [phase for phase, _ in self.events]

    def event(self, phase: str, text: str, *, data: dict[str, Any] | None = None) -> None:
        """Remember an event."""
        self.events.append((phase, text))
        self.data.append(data or {})

    def progress(self, phase: str, text: str) -> None:
        """Progress is not remembered."""
