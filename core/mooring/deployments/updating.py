"""Change a service that exists: other models, another script, other settings, the edited script, the revision before."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mooring.deployments import endpoints, records
from mooring.deployments.asked import inference_document, source_of
from mooring.deployments.beginning import existing, hold
from mooring.deployments.checking import check
from mooring.deployments.deploying import begin, follow_up, models_asked
from mooring.deployments.errors import (
    ChecksFailed,
    ImmutableProperty,
    NeverServed,
    NothingToRollBack,
    WrongComputeType,
)
from mooring.deployments.from_image import image_of
from mooring.deployments.parts import Parts
from mooring.deployments.prepared import PreparedOperation
from mooring.deployments.target import Reporter, Target
from mooring.deployments.values import OperationKind, Revision, Service
from mooring.findings import Finding

if TYPE_CHECKING:
    from mooring.configs import DeploymentConfig, InferenceConfig
    from mooring.deployments.from_image import FromImage


def relabel(
    parts: Parts,
    name: str,
    *,
    tags: dict[str, str] | None,
    properties: dict[str, str] | None,
    description: str | None,
) -> Service:
    """Change what describes a service; what runs is not touched.

    Raises:
        ImmutableProperty: A property that exists would change.
    """
    with hold(parts, name):
        record = existing(parts, name)
        for key, value in (properties or {}).items():
            if record.properties.get(key, value) != value:
                raise ImmutableProperty(service=name, key=key, value=record.properties[key])
        changed = replace(
            record,
            tags=record.tags if tags is None else dict(tags),
            properties={**record.properties, **(properties or {})},
            description=record.description if description is None else description,
            updated_time=records.now(),
        )
        parts.store.put(changed)
        _keep_labels(parts, changed)
        return changed


def prepare_update(
    parts: Parts,
    name: str,
    *,
    models: Sequence[str] | None,
    inference: InferenceConfig | FromImage | None,
    deployment: DeploymentConfig | None,
    settings: dict[str, Any],
    reason: OperationKind,
    reporter: Reporter | None,
) -> PreparedOperation:
    """A new revision: what is given replaces what the last one asked for; see `ServiceDesk.update`."""
    held = hold(parts, name)
    try:
        record = existing(parts, name)
        target = parts.targets.named(record.target)
        revision, wanted, findings = next_revision(
            parts,
            record,
            target,
            models=models,
            inference=inference,
            deployment=deployment,
            settings=settings,
            reason=reason,
        )
        return begin(parts, target, record, revision, wanted, held=held, findings=findings, reporter=reporter)
    except BaseException:
        held.close()
        raise


def next_revision(
    parts: Parts,
    record: Service,
    target: Target,
    *,
    models: Sequence[str] | None,
    inference: InferenceConfig | FromImage | None,
    deployment: DeploymentConfig | None,
    settings: dict[str, Any],
    reason: OperationKind,
) -> tuple[Revision, DeploymentConfig, list[Finding]]:
    """What an update asks for: the revision, its deployment config with keys, and findings that do not stop it."""
    base = _base(parts, record, endpoints.version_in(deployment, settings))
    wanted = _changed_deployment(record, base, deployment, settings)
    if deployment is None:
        endpoints.leave_traffic(wanted, settings)
    findings = check(record.name, target, inference, wanted)
    _check_script_again(record.name, base, inference)
    revision = follow_up(parts, base, reason)
    if inference is not None:
        revision = replace(revision, inference=inference_document(inference, parts.environments))
    if models is not None or image_of(revision.inference) is not None:
        revision = replace(revision, models=models_asked(parts, models or (), revision.inference))
    return replace(revision, deployment=wanted.to_dict()), wanted, findings


def prepare_rollback(parts: Parts, name: str, *, reporter: Reporter | None) -> PreparedOperation:
    """A new revision that is the one before, code included."""
    from mooring.configs import DeploymentConfig

    held: ExitStack = hold(parts, name)
    try:
        record = existing(parts, name)
        old = _before(parts, record)
        wanted = DeploymentConfig.from_dict(old.deployment)
        endpoints.leave_traffic(wanted, {})
        revision = replace(follow_up(parts, old, "rollback"), deployment=wanted.to_dict())
        target = parts.targets.named(record.target)
        operation = begin(parts, target, record, revision, wanted, held=held, findings=[], reporter=reporter)
    except BaseException:
        held.close()
        raise
    operation.code_from = old
    return operation


def _base(parts: Parts, record: Service, version: str = "") -> Revision:
    """What the update builds on: the revision that serves (of the version that is named), or the last attempt."""
    revisions = parts.store.revisions(record.name)
    base = endpoints.last_of(revisions, version) if version else None
    base = base or records.find_revision(revisions, record.revision) or (revisions[-1] if revisions else None)
    if base is None:
        raise NeverServed(service=record.name)
    return base


def _before(parts: Parts, record: Service) -> Revision:
    """The revision that served before the present one; a rollback itself is no step forward."""
    served = [revision for revision in parts.store.revisions(record.name) if revision.status == "superseded"]
    if not served or record.revision is None:
        raise NothingToRollBack(service=record.name)
    return served[-1]


def _changed_deployment(
    record: Service, base: Revision, deployment: DeploymentConfig | None, settings: dict[str, Any]
) -> DeploymentConfig:
    from mooring.configs import DeploymentConfig

    wanted = deployment or DeploymentConfig.from_dict(base.deployment)
    if wanted.compute_type != record.compute_type:
        raise WrongComputeType(
            service=record.name, compute_type=record.compute_type, given=wanted.compute_type
        )
    for name, value in settings.items():
        setattr(wanted, name, value)
    if deployment is None:
        wanted = _with_labels(wanted, record)
    return wanted


def _with_labels(deployment: DeploymentConfig, record: Service) -> DeploymentConfig:
    """Tags may have changed since the revision was made; an update of something else must not bring old ones back."""
    for name in ("tags", "properties", "description"):
        if hasattr(deployment, name):
            setattr(deployment, name, getattr(record, name) or None)
    return deployment


def _keep_labels(parts: Parts, record: Service) -> None:
    from mooring.configs import DeploymentConfig

    serving = records.find_revision(parts.store.revisions(record.name), record.revision)
    if serving is not None:
        changed = _with_labels(DeploymentConfig.from_dict(serving.deployment), record)
        parts.store.put_revision(replace(serving, deployment=changed.to_dict()))


def _check_script_again(name: str, base: Revision, inference: InferenceConfig | FromImage | None) -> None:
    """The script may have been edited since: the same look at it as at a deployment."""
    from mooring.inspection import inspect_entry_script

    if inference is not None:
        return
    errors = [
        finding
        for finding in inspect_entry_script(source_of(base.inference).entry_script)
        if finding.severity == "error"
    ]
    if errors:
        raise ChecksFailed(service=name, findings=errors)
