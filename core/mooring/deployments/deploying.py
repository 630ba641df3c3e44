"""Deploy: a service that was not there, or one that is replaced at the same URL."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mooring.deployments import records
from mooring.deployments.announcing import announce
from mooring.deployments.asked import inference_document
from mooring.deployments.beginning import hold, settled
from mooring.deployments.checking import check
from mooring.deployments.errors import ModelsInImage, ServiceExists
from mooring.deployments.from_image import image_of
from mooring.deployments.journal import Journal
from mooring.deployments.keys import ServiceKeys
from mooring.deployments.names import check_service_name
from mooring.deployments.ownership import begin_operation, current_user
from mooring.deployments.parts import Parts
from mooring.deployments.prepared import PreparedOperation
from mooring.deployments.releasing import auth_mode
from mooring.deployments.target import Reporter, Target
from mooring.deployments.values import OperationKind, Revision, Service
from mooring.findings import Finding

if TYPE_CHECKING:
    from mooring.configs import DeploymentConfig, InferenceConfig
    from mooring.deployments.from_image import FromImage


def prepare_deploy(
    parts: Parts,
    name: str,
    models: Sequence[str],
    inference: InferenceConfig | FromImage,
    deployment: DeploymentConfig | None,
    *,
    overwrite: bool,
    reporter: Reporter | None,
) -> PreparedOperation:
    """Check everything that can be checked, then record the service; see `ServiceDesk.prepare_deploy`."""
    check_service_name(name)
    wanted = deployment or default_deployment()
    target = parts.targets.for_compute_type(wanted.compute_type)
    findings = check(name, target, inference, wanted)
    document = inference_document(inference, parts.environments)
    model_ids = models_asked(parts, models, document)
    held = hold(parts, name)
    try:
        record = _free_name(parts, name, target, wanted, overwrite=overwrite)
        revision = first_or_next(parts, record, model_ids, document, wanted)
        if record.revision is None:
            record = replace(record, models=model_ids, environment=document["environmentId"])
        return begin(
            parts,
            target,
            record,
            revision,
            wanted,
            held=held,
            findings=findings,
            reporter=reporter,
            given=deployment,
        )
    except BaseException:
        held.close()
        raise


def begin(
    parts: Parts,
    target: Target,
    record: Service,
    revision: Revision,
    deployment: DeploymentConfig,
    *,
    held: ExitStack,
    findings: list[Finding],
    reporter: Reporter | None,
    given: DeploymentConfig | None = None,
) -> PreparedOperation:
    """Write down what is about to happen, so that everybody sees it and a kill leaves traces."""
    recorded = replace(
        record,
        operation=begin_operation(revision.reason, revision.number),
        state="Transitioning",
        failure=None,
    )
    before = records.find_revision(parts.store.revisions(record.name), record.revision)
    parts.store.put(recorded)
    journal = Journal(parts.store, record.name, reporter)
    operation = PreparedOperation(parts, target, recorded, revision, journal, held)
    try:
        parts.store.put_revision(revision)
        parts.models.claim(record.name, revision.models)
        ensure_keys(parts.keys(record.name), deployment)
        announce(journal, recorded, revision, before, findings, given)
    except BaseException:
        operation.abandon()
        raise
    return operation


def ensure_keys(keys: ServiceKeys, deployment: DeploymentConfig) -> None:
    """Keys the config gives, and new ones for those it does not; a service without authentication has none."""
    if auth_mode(deployment) != "off" or keys.exist():
        given = {name: getattr(deployment, f"{name}_key", None) for name in ("primary", "secondary")}
        keys.ensure(given)


def default_deployment() -> DeploymentConfig:
    """A process of this machine."""
    from mooring.configs import ProcessDeploymentConfig

    return ProcessDeploymentConfig()


def _free_name(
    parts: Parts, name: str, target: Target, deployment: DeploymentConfig, *, overwrite: bool
) -> Service:
    """The record to begin with: a new one, or that of the service to be replaced."""
    record = settled(parts, name)
    if record is None:
        return records.new_record(name, target.name, current_user(), deployment)
    if record.revision is not None and not overwrite:
        raise ServiceExists(name=name, state=record.state)
    if record.target == target.name:
        return record
    # Another place means another address: nothing of the old service can be kept but its keys.
    parts.targets.named(record.target).stop(name)
    return replace(
        records.new_record(name, target.name, current_user(), deployment), created_time=record.created_time
    )


def first_or_next(
    parts: Parts,
    record: Service,
    models: tuple[str, ...],
    document: dict[str, object],
    deployment: DeploymentConfig,
) -> Revision:
    """The revision that a deployment asks for."""
    return Revision(
        service=record.name,
        number=next_number(parts, record.name),
        status="pending",
        created_time=records.now(),
        created_by=current_user(),
        reason="deploy",
        models=models,
        inference=document,
        deployment=deployment.to_dict(),
    )


def models_asked(parts: Parts, models: Sequence[str], document: dict[str, Any]) -> tuple[str, ...]:
    """Ids of the models; those of an image are in it.

    Raises:
        ModelsInImage: Others were asked for.
    """
    asked = tuple(parts.models.get_by_id(model).id for model in models)
    image = image_of(document)
    if image is None:
        return asked
    if asked and asked != image.models:
        raise ModelsInImage(image_id=image.image_id, models=image.models, asked=asked)
    return image.models


def next_number(parts: Parts, name: str) -> int:
    """Numbers of revisions rise, and are not used twice."""
    return max((revision.number for revision in parts.store.revisions(name)), default=0) + 1


def follow_up(parts: Parts, base: Revision, reason: OperationKind) -> Revision:
    """The next revision, asking for the same as `base`."""
    return replace(
        base,
        number=next_number(parts, base.service),
        status="pending",
        created_time=records.now(),
        created_by=current_user(),
        reason=reason,
        environment_digest="",
        source="",
        failure=None,
    )
