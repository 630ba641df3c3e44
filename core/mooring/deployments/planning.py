"""What a deployment or an update would do, said before anything is made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from mooring.deployments import records
from mooring.deployments.asked import inference_document, source_of
from mooring.deployments.checking import check, summarize
from mooring.deployments.errors import ServiceExists
from mooring.deployments.layout import digest_of
from mooring.deployments.names import check_service_name
from mooring.deployments.parts import Parts
from mooring.deployments.releasing import resolution_of
from mooring.deployments.target import Target
from mooring.deployments.values import OperationKind, Revision, Service
from mooring.findings import Finding

if TYPE_CHECKING:
    from mooring.configs import DeploymentConfig, InferenceConfig
    from mooring.deployments.from_image import FromImage
    from mooring.environments import Resolution

EnvironmentFate = Literal["reused", "built", "decided there"]
"""`decided there`: an image, which only its engine knows about."""


@dataclass(frozen=True)
class Plan:
    """What would happen, and why there.

    Attributes:
        target: Name of the place it would run in.
        why: Who says so: a config's name and computeType, or that none was given.
        reason: `deploy`, `update`, …
        revision: Number it would get.
        models: Ids, in order.
        changes: Against what serves; for a first deployment its models.
        environment: Name, or `assumed, …`.
        environment_fate: Whether it is there already.
        python: Minor version.
        packages: How many it has.
        entry_script: Its path.
        requirements: Exact packages, `name==version` and hashes.
        interpreter: Set when packages are not installed, but an interpreter of this machine is used as it is.
        keeps: What stays as it is: URL, keys; empty for a first deployment.
        findings: That would not stop it.
    """

    service: str
    target: str
    why: str
    reason: OperationKind
    revision: int
    models: tuple[str, ...]
    changes: tuple[str, ...]
    environment: str
    environment_fate: EnvironmentFate
    python: str
    packages: int
    entry_script: str = ""
    requirements: tuple[str, ...] = ()
    interpreter: str = ""
    keeps: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    @property
    def line(self) -> str:
        """All of it on one line."""
        place = (
            f"{self.service} → {self.target}"
            if not self.keeps
            else f"{self.service} → revision {self.revision}"
        )
        why = f" ({self.why})" if self.why else ""
        return f"{place}{why}: {' · '.join([*self.changes, self.environment_line, summarize(list(self.findings))])}"

    @property
    def environment_line(self) -> str:
        """What becomes of the environment."""
        if self.interpreter:
            return f"python {self.python}, the one of this machine"
        what = f"python {self.python}, {self.packages} package{'s' if self.packages != 1 else ''}"
        told = {"reused": "reused", "built": "to be built", "decided there": "image built unless it is there"}
        return f"{what}, {told[self.environment_fate]}"

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "service": self.service,
            "target": self.target,
            "why": self.why,
            "reason": self.reason,
            "revision": self.revision,
            "modelIds": list(self.models),
            "changes": list(self.changes),
            "environment": self.environment,
            "environmentFate": self.environment_fate,
            "python": self.python,
            "packages": self.packages,
            "keeps": list(self.keeps),
            "findings": [finding.to_dict() for finding in self.findings],
            "line": self.line,
        }


def plan_deploy(
    parts: Parts,
    name: str,
    models: Sequence[str],
    inference: InferenceConfig | FromImage,
    deployment: DeploymentConfig | None,
    *,
    overwrite: bool,
) -> Plan:
    """What `deploy` would do. Makes nothing, but may ask a package index for the environment's packages."""
    from mooring.deployments.deploying import default_deployment, first_or_next

    check_service_name(name)
    wanted = deployment or default_deployment()
    target = parts.targets.for_compute_type(wanted.compute_type)
    findings = check(name, target, inference, wanted)
    model_ids = tuple(parts.models.get_by_id(model).id for model in models)
    document = inference_document(inference, parts.environments)
    record = parts.store.find(name)
    if record is not None and record.revision is not None and not overwrite:
        raise ServiceExists(name=name, state=record.state)
    if record is not None and record.target != target.name:
        record = None
    fresh = record or records.new_record(name, target.name, "", wanted)
    revision = first_or_next(parts, fresh, model_ids, document, wanted)
    return _plan(parts, target, fresh, revision, findings, why_there(revision, deployment))


def plan_update(
    parts: Parts,
    name: str,
    *,
    models: Sequence[str] | None,
    inference: InferenceConfig | FromImage | None,
    deployment: DeploymentConfig | None,
    settings: dict[str, Any],
) -> Plan:
    """What `update` would do."""
    from mooring.deployments.beginning import not_found
    from mooring.deployments.updating import next_revision

    record = parts.store.find(name)
    if record is None:
        raise not_found(parts, name)
    target = parts.targets.named(record.target)
    reason: OperationKind = "update" if (models or inference or deployment or settings) else "reload"
    revision, _, findings = next_revision(
        parts,
        record,
        target,
        models=models,
        inference=inference,
        deployment=deployment,
        settings=settings,
        reason=reason,
    )
    return _plan(parts, target, record, revision, findings, "")


def _plan(
    parts: Parts, target: Target, record: Service, revision: Revision, findings: list[Finding], why: str
) -> Plan:
    before = records.find_revision(parts.store.revisions(record.name), record.revision)
    models = [parts.models.get_by_id(model) for model in revision.models]
    resolution = resolution_of(parts, revision, models, target=target, progress=lambda _text: None)
    is_open = not record.auth_enabled and not record.token_auth_enabled
    return Plan(
        service=record.name,
        target=target.name,
        why=why,
        reason=revision.reason,
        revision=revision.number,
        models=revision.models,
        changes=tuple(changes_between(revision, before)),
        environment=resolution.source or revision.inference["environmentId"],
        environment_fate=_fate(parts, target, resolution, before),
        python=resolution.python_version,
        packages=len(resolution.requirements) + len(resolution.conda),
        entry_script=revision.inference["entryScript"],
        requirements=resolution.requirements,
        interpreter=resolution.interpreter,
        keeps=() if before is None else ("URL",) if is_open else ("URL", "keys"),
        findings=(*findings, *resolution.findings),
    )


def _fate(parts: Parts, target: Target, resolution: Resolution, before: Revision | None) -> EnvironmentFate:
    if before is not None and before.environment_digest == resolution.digest:
        return "reused"
    if target.runs_elsewhere:
        return "decided there"
    return "reused" if parts.builder.is_built(resolution) else "built"


def why_there(revision: Revision, given: DeploymentConfig | None) -> str:
    """Who says where it runs: a default that matters is shown with where it came from."""
    if revision.reason != "deploy":
        return ""
    if given is None:
        return "no deployment config given"
    document = given.origin.document.path if given.origin is not None else ""
    return f"{Path(document).name}: computeType {given.compute_type}" if document else ""


def changes_between(revision: Revision, before: Revision | None) -> list[str]:
    """What a revision does otherwise than the one that serves."""
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
