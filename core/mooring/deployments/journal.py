"""What happens is told twice: to the store, for everybody, and to the one who waits."""

from __future__ import annotations

import time
from datetime import datetime, timezone
from typing import Any

from mooring.deployments.store import ServiceStore
from mooring.deployments.target import Reporter
from mooring.deployments.values import EventKind, Failure
from mooring.findings import Finding


class Silence:
    """A reporter for callers who do not watch."""

    def event(self, phase: str, text: str, *, data: dict[str, Any] | None = None) -> None:
        """Drop it."""

    def progress(self, phase: str, text: str) -> None:
        """Drop it."""


class Journal:
    """The reporter an operation uses: writes each event into the service's history, then passes it on.

    Args:
        store: Where the history is.
        service: Whose.
        watcher: The one who waits.
    """

    def __init__(self, store: ServiceStore, service: str, watcher: Reporter | None) -> None:
        self._store = store
        self._service = service
        self.watcher: Reporter = watcher or Silence()
        self._began = time.monotonic()

    def event(self, phase: str, text: str, *, data: dict[str, Any] | None = None) -> None:
        """A phase is done."""
        self._write("phase", phase, text, data or {})

    def progress(self, phase: str, text: str) -> None:
        """A phase goes on; only for the one who waits."""
        self.watcher.progress(phase, text)

    def finding(self, phase: str, finding: Finding) -> None:
        """Something was found that does not stop the operation."""
        self._write("finding", phase, str(finding), {"finding": finding.to_dict()})

    def failure(self, failure: Failure) -> None:
        """The operation ended badly."""
        self._write("failure", "failed", failure.cause, {"failure": failure.to_dict()})

    def _write(self, kind: EventKind, phase: str, text: str, data: dict[str, Any]) -> None:
        facts = {**data, "elapsed_s": round(time.monotonic() - self._began, 3)}
        self._store.add_event(self._service, datetime.now(timezone.utc), kind, phase, text, facts)
        self.watcher.event(phase, text, data=facts)
