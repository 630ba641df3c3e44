"""Why a container does not serve, as the records of its supervisor tell it."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from mooring.deployments.container_records import Record
from mooring.deployments.target import Crash
from mooring.images.context import APP_ROOT

_TAIL_LINES = 30


def crash_told(records: list[Record]) -> Crash:
    """What the records say; an empty crash, but for the last lines, when they say nothing."""
    told = last_failure(records)
    tail = tuple(str(record["text"]) for record in records if record["kind"] == "line")[-_TAIL_LINES:]
    known: dict[str, Any] = {
        each.name: told[each.name] for each in fields(Crash) if told.get(each.name) is not None
    }
    return replace(Crash(**known), log_tail=tail)


def last_failure(records: list[Record]) -> dict[str, Any]:
    """Facts of the last failure since the last start; empty when there was none."""
    names = ("generation-failed", "worker-crashed", "generation-starting")
    events = [record for record in records if record.get("event") in names]
    for record in reversed(events):
        if record["event"] == "generation-starting":
            return {}
        facts = {name: value for name, value in record.items() if name not in ("text", "time", "seq", "kind")}
        if any(facts.get(name) for name in ("boot_error", "exit_code", "signal", "timed_out_after_s")):
            return facts
    return {}


def as_seen_here(crash: Crash, app_root: Path) -> Crash:
    """The same with paths of the container replaced by those of the laid-out copy on this machine."""

    def here(value: Any) -> Any:
        if isinstance(value, str):
            return value.replace(APP_ROOT, str(app_root))
        if isinstance(value, dict):
            return {key: here(inner) for key, inner in value.items()}
        return value

    boot_error = here(crash.boot_error) if crash.boot_error else None
    return replace(crash, boot_error=boot_error, log_tail=tuple(here(line) for line in crash.log_tail))
