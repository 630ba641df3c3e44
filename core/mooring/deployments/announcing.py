"""The first lines of an operation: what is about to change, and what was found."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from mooring.deployments.asked import source_of
from mooring.deployments.checking import summarize
from mooring.deployments.journal import Journal
from mooring.deployments.layout import digest_of
from mooring.deployments.values import Revision, Service
from mooring.findings import Finding

if TYPE_CHECKING:
    from mooring.configs import DeploymentConfig


def announce(
    journal: Journal,
    record: Service,
    revision: Revision,
    before: Revision | None,
    findings: list[Finding],
    given: DeploymentConfig | None,
) -> None:
    """Report the phases `plan` and `checked`.

    Args:
        journal: Told.
        record: Of the service.
        revision: To come.
        before: The one that serves; None when none does.
        findings: That do not stop it.
        given: The deployment config of a deployment; None when there was none.
    """
    changes = _changes(revision, before)
    text = (
        _place(record, revision, given) if before is None else f"{record.name} → revision {revision.number}"
    )
    journal.event(
        "plan",
        f"{text}: {' · '.join(changes)}",
        data={
            "target": record.target,
            "models": list(revision.models),
            "revision": revision.number,
            "reason": revision.reason,
            "changes": changes,
        },
    )
    journal.event("checked", summarize(findings), data={"findings": len(findings)})
    for finding in findings:
        journal.finding("checked", finding)


def _place(record: Service, revision: Revision, given: DeploymentConfig | None) -> str:
    """Where it will run, and who says so: a default that matters is shown with where it came from."""
    place = f"{record.name} → {record.target}"
    if revision.reason != "deploy" or given is None:
        return f"{place} (no deployment config given)" if revision.reason == "deploy" else place
    document = given.origin.document.path if given.origin is not None else ""
    return f"{place} ({Path(document).name}: computeType {given.compute_type})" if document else place


def _changes(revision: Revision, before: Revision | None) -> list[str]:
    models = ", ".join(revision.models) or "no model"
    if before is None:
        return [models]
    changes = [
        models if revision.models == before.models else f"{', '.join(before.models) or 'no model'} → {models}"
    ]
    if revision.reason == "rollback":
        changes.append("the code it had")
    elif _is_script_changed(revision, before):
        changes.append("script changed")
    if revision.inference["environment"] != before.inference["environment"]:
        changes.append("environment changed")
    if revision.deployment != before.deployment:
        changes.append("settings changed")
    return [*changes, "no downtime"]


def _is_script_changed(revision: Revision, before: Revision) -> bool:
    try:
        return digest_of(source_of(revision.inference).entry_script) != before.source
    except OSError:
        return True
