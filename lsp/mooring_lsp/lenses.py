"""What stands above `run` and in configurations: the service that uses them, how it is, and what can be done to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mooring.cli.sizes import seconds
from mooring.configs import is_deployment_config, is_inference_config
from mooring.inspection.project import find_use
from mooring.inspection.recognition import is_entry_script
from mooring_lsp.config_places import read_config
from mooring_lsp.documents import Snapshot

if TYPE_CHECKING:
    from mooring.deployments.values import Service
    from mooring.workspace import Workspace

_RUN = re.compile(r"^(?:async[ \t]+)?def[ \t]+run[ \t]*\(", re.MULTILINE)
_DOTS = {"Healthy": "●", "Transitioning": "◌", "Unhealthy": "◐", "Unschedulable": "◐", "Failed": "✗"}
_ENTRY_KEY = re.compile(r"""["']?(?:entryScript|computeType)["']?\s*:""")


def is_script(snapshot: Snapshot) -> bool:
    """Whether a document is an entry script."""
    return snapshot.path.endswith(".py") and is_entry_script(snapshot.text, snapshot.path)


def is_config(snapshot: Snapshot) -> bool:
    """Whether a document is an inference or deployment configuration."""
    document = read_config(snapshot)
    return document is not None and (is_inference_config(document) or is_deployment_config(document))


def offset_of_run(snapshot: Snapshot) -> int | None:
    """Where `def run` begins; None in a document that is no entry script."""
    found = _RUN.search(snapshot.text) if snapshot.path.endswith(".py") else None
    return found.start() if found is not None and is_script(snapshot) else None


def offset_in_config(snapshot: Snapshot) -> int | None:
    """Where a configuration names its script or place; None in a document that is none."""
    if not is_config(snapshot):
        return None
    found = _ENTRY_KEY.search(snapshot.text)
    return found.start() if found is not None else 0


def script_for(snapshot: Snapshot) -> Path | None:
    """The entry script that a document is, or names."""
    if snapshot.path.endswith(".py"):
        return Path(snapshot.path)
    document = read_config(snapshot)
    if document is None or not is_inference_config(document):
        return None
    use = find_use(Path(snapshot.path), document)
    return use.script if use is not None else None


def services_for(workspace: Workspace, snapshot: Snapshot) -> list[Service]:
    """The services that use what a document holds, as they are now."""
    script = script_for(snapshot)
    return list(workspace.services.using(script)) if script is not None else []


def titles(facts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The texts of a service's lenses, each with the name of what it does; one line about it comes first."""
    if facts["operation"] is not None:
        yield f"{facts['name']} ◌ {_under_way(facts)}", "logs"
        return
    yield _line(facts), "show"
    if facts["state"] == "Healthy":
        yield "Test", "test"
    yield "Logs", "logs"
    yield "Update", "update"
    yield "Stop", "stop"


def _line(facts: dict[str, Any]) -> str:
    state = f"{_DOTS.get(facts['state'], '○')} {facts['state']}"
    if facts["editedSince"]:
        state += " (edited since)"
    words = [f"{facts['name']} {state}", *facts["modelIds"]]
    numbers = facts.get("numbers")
    if numbers is not None and numbers["count"]:
        if numbers["p99AtMostSeconds"] is not None:
            words.append(f"p99 ≤ {seconds(numbers['p99AtMostSeconds'])}")
        words.append(f"{numbers['failed']} errors" if numbers["failed"] != 1 else "1 error")
    if facts["error"] is not None and facts["state"] != "Healthy":
        words.append(str(facts["error"]["cause"]))
    return " · ".join(words)


def _under_way(facts: dict[str, Any]) -> str:
    operation, phase = facts["operation"], facts["phase"]
    began = datetime.fromisoformat(operation["startedTime"])
    elapsed_s = max((datetime.now(timezone.utc) - began).total_seconds(), 0)
    told = f"{phase['phase']}: {phase['text']}" if phase is not None else f"{operation['kind']} begins"
    return f"{told} · {elapsed_s:.0f} s"
