"""Waiting for a container to serve: its records are read until one says so, or says why not."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mooring.deployments.container_failures import crash_told, last_failure
from mooring.deployments.container_records import Record
from mooring.deployments.target import Crash
from mooring.engine import Engine
from mooring.targets.docker.reading import read_container

_LOOK_EVERY_S = 0.04
_GRACE_S = 20.0  # beyond what the supervisor allows: it reports a time-out by itself


def await_serving(
    engine: Engine, container: str, within_s: float, hear: Callable[[Record], None]
) -> Crash | None:
    """None once the container serves; else why it does not.

    Args:
        engine: That runs it.
        container: Started.
        within_s: What the supervisor in it allows for its start.
        hear: Told each record.
    """
    give_up = time.monotonic() + within_s + _GRACE_S
    seen = 0
    while True:
        facts = engine.find_container(container)
        for record in read_container(engine, container, seen):
            seen = record["seq"]
            hear(record)
            if record.get("event") == "switched":
                return None
        if facts is None:
            return Crash(code="killed", engine="The container was removed while it started")
        if not facts["State"].get("Running") or _has_failed(engine, container):
            return crash_of(engine, facts)
        if time.monotonic() > give_up:
            return replace(crash_of(engine, facts), timed_out_after_s=within_s)
        time.sleep(_LOOK_EVERY_S)


def crash_of(engine: Engine, facts: dict[str, Any]) -> Crash:
    """What is known about a container that does not serve, from its records and the engine."""
    records = read_container(engine, facts["Id"])
    crash = crash_told(records)
    state, limit = facts["State"], facts["HostConfig"].get("Memory") or None
    if limit:
        crash = replace(crash, memory_limit_bytes=crash.memory_limit_bytes or limit)
    if state.get("OOMKilled") or crash.code == "memory-exceeded":
        words = "The engine ended it: out of memory (oom)"
        return replace(crash, code="", engine=words, signal=9, exit_code=None)
    if not crash.boot_error and not last_failure(records) and not state.get("Running"):
        crash = replace(crash, exit_code=state.get("ExitCode"), engine=state.get("Error") or "")
    return crash


def _has_failed(engine: Engine, container: str) -> bool:
    facts = engine.find_container(container)
    return facts is None or not facts["State"].get("Running")
