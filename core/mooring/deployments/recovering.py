"""After a kill: tell the truth about the operation that died, and clear away what it left half-made."""

from __future__ import annotations

from dataclasses import replace

from mooring.deployments import failing, layout, records
from mooring.deployments.asked import app_root_of
from mooring.deployments.journal import Journal
from mooring.deployments.parts import Parts
from mooring.deployments.prepared import succeed
from mooring.deployments.values import Failure, Operation, Revision, Service


def recover(parts: Parts, record: Service) -> None:
    """Settle a record whose operation is dead. The caller holds the service's lock."""
    operation = record.operation
    if operation is None:
        return
    target = parts.targets.named(record.target)
    if operation.kind == "delete":
        # Whoever asked for it wanted the service gone, and half of it may be.
        target.stop(record.name)
        failing.forget(parts, record.name)
        return
    target.tidy(record.name)
    revision = records.find_revision(parts.store.revisions(record.name), operation.revision)
    journal = Journal(parts.store, record.name, None)
    seen = target.observe(record.name)
    if revision is not None and seen.revision == revision.number and seen.running is not None:
        # It came up; only the last line of book-keeping is missing.
        succeed(parts, record, revision, seen.running, journal)
        return
    _write_down(parts, record, operation, revision, journal)


def _write_down(
    parts: Parts, record: Service, operation: Operation, revision: Revision | None, journal: Journal
) -> None:
    failure = Failure(
        code="interrupted",
        cause=f"The process that was to {operation.kind} {record.name} ended before it was done.",
        evidence=(
            f"process {operation.pid} of {operation.user}, begun {operation.started_time.isoformat(timespec='seconds')}",
        ),
        remedy=f"Do it again: {_again(record, operation)}.",
        kept=records.kept(record),
    )
    if revision is not None:
        parts.store.put_revision(replace(revision, status="failed", failure=failure))
        layout.remove_folder(app_root_of(parts.folder(record.name), revision).parent)
    parts.models.release(record.name, keep=record.models if record.revision is not None else ())
    parts.store.put(records.failed(record, failure))
    journal.failure(failure)


def _again(record: Service, operation: Operation) -> str:
    if operation.kind == "deploy":
        overwrite = " --overwrite" if record.revision is not None else ""
        return f"mooring model deploy -n {record.name}{overwrite} …"
    if operation.kind == "rollback":
        return f"mooring service rollback -n {record.name}"
    return f"mooring service update -n {record.name}"
