"""What a job wrote down, read back: one file a job, one JSON object a line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from mooring_jupyter.shapes import Job, Problem

ENDED = ("done", "failed", "cancelled")
_DIED: Problem = {
    "code": "job-died",
    "problem": "The process that did this work is gone.",
    "remedy": "Look at the service or model it was about, and begin again.",
    "message": "The process that did this work is gone. Look at the service or model it was about, and begin again.",
}


@dataclass(frozen=True)
class Owner:
    """The process that does the work."""

    pid: int
    process_started: str
    host: str

    def is_alive(self) -> bool:
        """Whether it still runs; one on another host is believed."""
        import socket

        from mooring.deployments.ownership import process_started

        if self.host != socket.gethostname():
            return True
        return process_started(self.pid) == self.process_started != ""


def now() -> str:
    """UTC, ISO 8601."""
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")


def read_job(path: Path) -> tuple[Job, Owner | None] | None:
    """The job of a file, and its process once that has begun; None while nothing is written yet, or no longer."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return None
    items = [item for item in map(_parse, lines) if item is not None]
    if not items or items[0].get("is") != "job":
        return None
    job = _begin(path.stem, items[0])
    owner: Owner | None = None
    for item in items[1:]:
        if item["is"] == "owner":
            owner = Owner(item["pid"], item["process_started"], item["host"])
        else:
            _fold(job, item)
    if job["status"] == "running" and owner is not None and not owner.is_alive():
        job["status"], job["error"], job["endedTime"] = "failed", _DIED, job["startedTime"]
    return job, owner


def _begin(identity: str, head: dict[str, Any]) -> Job:
    return {
        "id": identity,
        "kind": head["kind"],
        "subject": head["subject"],
        "title": head["title"],
        "status": "running",
        "user": head["user"],
        "startedTime": head["time"],
        "endedTime": None,
        "phase": "",
        "text": "",
        "share": None,
        "result": None,
        "error": None,
        "events": [],
    }


def _fold(job: Job, item: dict[str, Any]) -> None:
    """What one line changes."""
    if item["is"] == "end":
        job["status"], job["endedTime"] = item["status"], item["time"]
        job["result"], job["error"] = item["result"], item["error"]
        job["share"] = 1.0 if item["status"] == "done" else None
        return
    job["phase"], job["text"], job["share"] = item["phase"], item["text"], item.get("share")
    if item["is"] == "event":
        job["events"].append({"time": item["time"], "phase": item["phase"], "text": item["text"]})


def _parse(line: str) -> dict[str, Any] | None:
    """None for a line that was cut off by a full disk or a kill."""
    try:
        item = json.loads(line)
    except ValueError:
        return None
    return cast("dict[str, Any]", item) if isinstance(item, dict) and "is" in item else None
