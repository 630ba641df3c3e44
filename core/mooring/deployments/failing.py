"""When an operation fails or is interrupted: a verdict, and nothing half-made."""

from __future__ import annotations

import errno
from dataclasses import replace
from typing import TYPE_CHECKING

from mooring.deployments import layout, records
from mooring.deployments.asked import app_root_of, source_of
from mooring.deployments.errors import DeploymentFailed
from mooring.deployments.parts import Parts
from mooring.deployments.target import Crash, StartFailed
from mooring.deployments.values import Failure, Revision
from mooring.deployments.verdict import Scene, judge
from mooring.errors import MooringError

if TYPE_CHECKING:
    from mooring.deployments.prepared import PreparedOperation

_EVIDENCE_LINES = 10


def settle_failure(operation: PreparedOperation, error: Exception) -> BaseException:
    """Record the verdict and give back what to raise.

    A mistake of ours, which has no verdict, is undone like an interruption and raised as it is.
    """
    failure = _verdict_on(operation, error)
    if failure is None:
        undo(operation)
        return error
    failure = replace(failure, kept=records.kept(operation.record))
    store, record = operation.parts.store, operation.record
    store.put_revision(replace(operation.revision, status="failed", failure=failure))
    operation.parts.models.release(record.name, keep=record.models if record.revision is not None else ())
    store.put(records.failed(record, failure))
    operation.journal.failure(failure)
    return DeploymentFailed(service=record.name, failure=failure)


def undo(operation: PreparedOperation) -> None:
    """Leave the service as it was before the operation; without one before, leave nothing."""
    store, record = operation.parts.store, operation.record
    if record.revision is None:
        operation.target.stop(record.name)
        forget(operation.parts, record.name)
        return
    store.put_revision(replace(operation.revision, status="failed"))
    operation.parts.models.release(record.name, keep=record.models)
    layout.remove_folder(app_root_of(operation.parts.folder(record.name), operation.revision).parent)
    store.put(replace(record, operation=None, state="Healthy"))
    operation.journal.event("interrupted", f"stopped; {records.kept(record)}")


def forget(parts: Parts, name: str) -> None:
    """Remove all the desk knows and keeps about a service; the target has removed its own things.

    The caller holds the lock, whose file goes too.
    """
    parts.models.release(name)
    layout.remove_folder(parts.folder(name))
    parts.store.remove(name)
    parts.lock_path(name).unlink(missing_ok=True)


def scene_of(parts: Parts, revision: Revision) -> Scene:
    """What verdicts on a revision may look at."""
    models = [parts.models.get_by_id(model_id) for model_id in revision.models]
    resources = revision.deployment.get("containerResourceRequirements") or {}
    return Scene(
        service=revision.service,
        source=source_of(revision.inference),
        app_root=app_root_of(parts.folder(revision.service), revision),
        models=revision.models,
        model_dir=layout.model_dir(models),
        conda_file=str(revision.inference.get("condaFile") or ""),
        trained_with={name: version for model in models for name, version in model.packages.items()},
        memory_gb=resources.get("memoryInGBLimit") or resources.get("memoryInGB"),
    )


def _verdict_on(operation: PreparedOperation, error: Exception) -> Failure | None:
    if isinstance(error, DeploymentFailed):
        return error.failure
    if isinstance(error, StartFailed):
        return judge(error.crash, scene_of(operation.parts, operation.revision))
    if isinstance(error, MooringError):
        return Failure(
            code=error.code, cause=error.problem, evidence=_evidence_of(error), remedy=error.remedy
        )
    if isinstance(error, OSError):
        return judge(_crash_of(error), scene_of(operation.parts, operation.revision))
    return None


def _evidence_of(error: MooringError) -> tuple[str, ...]:
    """Some errors carry more than a sentence: what uv said, what the findings are."""
    evidence = getattr(error, "evidence", "")
    return tuple(line for line in str(evidence).splitlines() if line.strip())[:_EVIDENCE_LINES]


def _crash_of(error: OSError) -> Crash:
    codes = {
        errno.ENOSPC: "disk-full",
        errno.EDQUOT: "disk-full",
        errno.EACCES: "no-permission",
        errno.EPERM: "no-permission",
        errno.EROFS: "no-permission",
        errno.EADDRINUSE: "port-taken",
    }
    words = f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}"
    return Crash(code=codes.get(error.errno or 0, ""), engine=words)
