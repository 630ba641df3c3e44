"""How a service's record follows from what was asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from mooring.deployments.target import Running
from mooring.deployments.values import Failure, Revision, Service, State

if TYPE_CHECKING:
    from mooring.configs import DeploymentConfig


def now() -> datetime:
    """UTC."""
    return datetime.now(timezone.utc)


def new_record(name: str, target: str, user: str, deployment: DeploymentConfig) -> Service:
    """The record of a service that does not exist yet."""
    moment = now()
    record = Service(
        name=name,
        compute_type=deployment.compute_type,
        target=target,
        created_time=moment,
        updated_time=moment,
        created_by=user,
    )
    return replace(record, **labels(deployment))


def labels(deployment: DeploymentConfig) -> dict[str, Any]:
    """The fields of a record that a deployment config holds."""
    wanted = deployment.server_options()
    return {
        "compute_type": deployment.compute_type,
        "description": getattr(deployment, "description", None) or "",
        "tags": dict(getattr(deployment, "tags", None) or {}),
        "properties": dict(getattr(deployment, "properties", None) or {}),
        "auth_enabled": wanted["auth_enabled"],
        "token_auth_enabled": wanted["token_auth_enabled"],
    }


def serving(record: Service, revision: Revision, running: Running) -> Service:
    """The record once a revision serves."""
    from mooring.configs import DeploymentConfig

    return replace(
        record,
        **labels(DeploymentConfig.from_dict(revision.deployment)),
        state="Healthy",
        failure=None,
        operation=None,
        revision=revision.number,
        models=revision.models,
        environment=str(revision.inference.get("environmentId") or ""),
        scoring_uri=running.scoring_uri,
        swagger_uri=running.swagger_uri,
        port=running.port,
        updated_time=now(),
    )


_ENDED: dict[str, State] = {"unschedulable": "Unschedulable"}


def failed(record: Service, failure: Failure) -> Service:
    """The record after an operation failed: what served before still counts."""
    return replace(
        record,
        state="Healthy" if record.revision is not None else _ENDED.get(failure.code, "Failed"),
        failure=failure,
        operation=None,
        updated_time=now(),
    )


def kept(record: Service) -> str:
    """What still serves; empty when nothing does."""
    if record.revision is None:
        return ""
    models = ", ".join(record.models) or "no model"
    return f"{record.name}-{record.revision} still serves {models} at the same URL."


def find_revision(revisions: Iterable[Revision], number: int | None) -> Revision | None:
    """The revision of that number."""
    return next((revision for revision in revisions if revision.number == number), None)
