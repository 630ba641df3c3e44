"""Tells a reporter what the supervisor notes while a release comes up."""

from __future__ import annotations

from typing import Any

from mooring.deployments.target import Reporter


class Watch:
    """Turns records of the log into phases.

    Args:
        reporter: Told.
        url: Where the service answers.
        replaces: Revision that serves until the new one does; None when there is none.
    """

    def __init__(self, reporter: Reporter, url: str, replaces: int | None) -> None:
        self._reporter = reporter
        self._url = url
        self._replaces = replaces
        self._has_started = False

    def __call__(self, record: dict[str, Any]) -> None:
        """Take one record."""
        if record["kind"] == "line":
            self._reporter.progress("init", record["text"])
            return
        tell = getattr(self, "_" + record["event"].replace("-", "_"), None)
        if tell:
            tell(record)

    def _worker_started(self, record: dict[str, Any]) -> None:
        if not self._has_started:
            self._has_started = True
            self._reporter.event(
                "started", f"process {record['pid']} for {self._url}", data={"pid": record["pid"]}
            )

    def _worker_loaded(self, record: dict[str, Any]) -> None:
        seconds, memory = record.get("init_s") or 0.0, (record.get("rss_bytes") or 0) / 1e6
        warm = ", warm" if record.get("is_warm") else ""
        facts = {name: record.get(name) for name in ("init_s", "rss_bytes", "is_warm")}
        self._reporter.event("init", f"loaded in {seconds:.1f} s, {memory:.0f} MB{warm}", data=facts)

    def _warm_start_failed(self, record: dict[str, Any]) -> None:
        self._reporter.progress("init", record["text"])

    def _sampled(self, record: dict[str, Any]) -> None:
        self._reporter.event(
            "sample", record["text"], data={"status": record["status"], "seconds": record["seconds"]}
        )

    def _drained(self, record: dict[str, Any]) -> None:
        if self._replaces is not None:
            text = f"traffic moved from revision {self._replaces}, drained in {record['seconds']:.1f} s"
            self._reporter.event("switch", text, data={"drained_s": record["seconds"]})
