"""What people are told while a container comes up, from the records of its supervisor."""

from __future__ import annotations

from typing import Any

from mooring.deployments.container_records import Record
from mooring.deployments.target import Reporter


class PhaseWatch:
    """Turns records of a container that starts into phases.

    Args:
        reporter: Told.
        text: What to say once the first worker has started.
        data: The same as facts.
    """

    def __init__(self, reporter: Reporter, text: str, data: dict[str, Any]) -> None:
        self._reporter = reporter
        self._text = text
        self._data = data
        self._has_started = False

    def __call__(self, record: Record) -> None:
        """Take one record."""
        event = record.get("event")
        if record["kind"] == "line":
            self._reporter.progress("init", record["text"])
        elif event == "worker-started" and not self._has_started:
            self._has_started = True
            self._reporter.event("started", self._text, data=self._data)
        elif event == "worker-loaded":
            seconds, memory = record.get("init_s") or 0.0, (record.get("rss_bytes") or 0) / 1e6
            facts = {name: record.get(name) for name in ("init_s", "rss_bytes", "is_warm")}
            self._reporter.event("init", f"loaded in {seconds:.1f} s, {memory:.0f} MB", data=facts)
