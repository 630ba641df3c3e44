"""Facts about a service that faces show beside its record: what changes it, whether its script was edited since."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mooring.deployments.asked import app_root_of, source_of
from mooring.deployments.layout import digest_of
from mooring.deployments.numbers import fetch_counts
from mooring.deployments.parts import Parts
from mooring.deployments.proposing import current_revision
from mooring.deployments.values import Revision, Service


def summary(parts: Parts, service: Service) -> dict[str, Any]:
    """The service's JSON form, with its target, what is being done to it and how its script stands; holds no key."""
    revision = current_revision(parts, service)
    script = script_of(revision)
    return {
        **service.to_dict(),
        "target": service.target,
        "operation": _operation(service),
        "phase": _phase(parts, service),
        "script": str(script) if script is not None else None,
        "editedSince": is_edited_since(revision),
    }


def details(parts: Parts, service: Service) -> dict[str, Any]:
    """The same with its numbers, its revisions and what was asked for."""
    revision = current_revision(parts, service)
    counts = fetch_counts(service.scoring_uri) if service.state == "Healthy" else None
    return {
        **summary(parts, service),
        "numbers": counts.to_dict() if counts is not None else None,
        "revisions": [_told(each) for each in parts.store.revisions(service.name)],
        "inference": _without_definition(revision.inference) if revision is not None else None,
        "deployment": revision.deployment if revision is not None else None,
    }


def script_of(revision: Revision | None) -> Path | None:
    """The entry script of a revision; None when it lies on another machine, or nowhere any more."""
    entry = revision.inference.get("entryScript") if revision is not None else None
    path = Path(entry) if isinstance(entry, str) else None
    return path if path is not None and path.is_file() else None


def original_path(parts: Parts, name: str, path: str) -> str:
    """The user's own file for a path of the copy that a service runs; other paths come back as they are."""
    folder = parts.folder(name)
    try:
        number = Path(path).relative_to(folder / "revisions").parts[0]
    except (ValueError, IndexError):
        return path
    for revision in parts.store.revisions(name):
        if str(revision.number) == number:
            return source_of(revision.inference).original_of(path, app_root_of(folder, revision))
    return path


def is_edited_since(revision: Revision | None) -> bool:
    """Whether the entry script on disk differs from the one that was deployed."""
    script = script_of(revision)
    if revision is None or script is None or not revision.source:
        return False
    try:
        return digest_of(script) != revision.source
    except OSError:
        return False


def _operation(service: Service) -> dict[str, Any] | None:
    operation = service.operation
    if operation is None:
        return None
    started = operation.started_time.isoformat()
    return {"kind": operation.kind, "revision": operation.revision, "startedTime": started}


def _phase(parts: Parts, service: Service) -> dict[str, Any] | None:
    """The last line of the history of a service that is being changed."""
    operation = service.operation
    if operation is None:
        return None
    events = [event for event in parts.store.events(service.name) if event.kind == "phase"]
    if not events or events[-1].time < operation.started_time:
        return None
    last = events[-1]
    return {"phase": last.phase, "text": last.text, "time": last.time.isoformat()}


def _told(revision: Revision) -> dict[str, Any]:
    return {
        "number": revision.number,
        "status": revision.status,
        "reason": revision.reason,
        "models": list(revision.models),
        "createdTime": revision.created_time.isoformat(),
        "createdBy": revision.created_by,
        "failure": revision.failure.to_dict() if revision.failure is not None else None,
    }


def _without_definition(inference: dict[str, Any]) -> dict[str, Any]:
    """The environment's definition may hold an image registry's password, and is long."""
    return {key: value for key, value in inference.items() if key not in {"environment", "image"}}
