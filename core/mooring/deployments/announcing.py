"""The first lines of an operation: what is about to change, and what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mooring.deployments.checking import summarize
from mooring.deployments.journal import Journal
from mooring.deployments.planning import changes_between, why_there
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
    changes = changes_between(revision, before)
    why = why_there(revision, given)
    place = f"{record.name} → {record.target}{f' ({why})' if why else ''}"
    text = place if before is None else f"{record.name} → revision {revision.number}"
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
