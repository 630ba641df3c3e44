"""Phases of an operation, told to the page while they happen."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mooring_jupyter.jobs.book import JobBook
    from mooring_jupyter.shapes import Job
    from mooring_jupyter.widgets.view import View

_LOOK_EVERY_S = 0.1


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


def follow(book: JobBook, job: Job, reporter: Reporter, look: Callable[[], None]) -> Job:
    """The job once it has ended; its phases are told as they come, and `look` is called between them."""
    told = 0
    live = ("", "")
    while True:
        job = book.get(job["id"])
        steps = [(event["phase"], event["text"]) for event in job["events"]]
        for step in steps[told:]:
            reporter.event(*step)
        told = len(steps)
        look()
        if job["status"] != "running":
            return job
        now = (job["phase"], job["text"])
        if now != live and now not in steps[-1:]:
            reporter.progress(*now)
        live = now
        time.sleep(_LOOK_EVERY_S)
