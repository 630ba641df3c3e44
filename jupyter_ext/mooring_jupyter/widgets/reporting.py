"""Phases of an operation, told to the page while they happen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mooring_jupyter.widgets.view import View


class Reporter:
    """A `mooring.deployments.Reporter` that tells a widget's page."""

    def __init__(self, view: View) -> None:
        self._view = view

    def event(self, phase: str, text: str, *, data: dict[str, Any] | None = None) -> None:
        """A phase is done."""
        del data
        self._view.tell("phase", phase=phase, text=text)

    def progress(self, phase: str, text: str) -> None:
        """A phase goes on."""
        self._view.tell("progress", phase=phase, text=text)
