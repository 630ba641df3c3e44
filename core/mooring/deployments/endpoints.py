"""Endpoints: services with several versions, each a revision of its own, and who gets how many requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mooring.deployments.parts import Parts
from mooring.deployments.values import Revision
from mooring.errors import MooringError

if TYPE_CHECKING:
    from mooring.configs import DeploymentConfig

COMPUTE_TYPE = "aksendpoint"
_TRAFFIC = ("traffic_percentile", "is_default", "is_control_version_type")
_DONE = ("serving", "superseded")


@dataclass(eq=False)
class NotAnEndpoint(MooringError):
    """A service that has one version only."""

    code = "not-an-endpoint"
    service: str
    compute_type: str

    @property
    def problem(self) -> str:
        """Which service."""
        return f"{self.service} has no versions: its computeType is {self.compute_type}."

    @property
    def remedy(self) -> str:
        """What has."""
        return "Deploy it with computeType aksendpoint to have several behind one URL."


@dataclass(eq=False)
class VersionExists(MooringError):
    """The name of a version is taken."""

    code = "version-exists"
    service: str
    version: str

    @property
    def problem(self) -> str:
        """Which one."""
        return f"{self.service} has a version {self.version!r} already."

    @property
    def remedy(self) -> str:
        """Two ways."""
        return "Choose another name, or update that version."


def versions(parts: Parts, name: str) -> dict[str, dict[str, Any]]:
    """How the endpoint shares its requests out: by version `traffic`, `default`, `control`.

    Raises:
        ServiceNotFound: There is none.
        NotAnEndpoint: It has no versions.
    """
    table: dict[str, dict[str, Any]] = _target(parts, name).versions(name)
    return table


def require_new(parts: Parts, name: str, version: str) -> None:
    """Accept the name of a version that is to come.

    Raises:
        VersionExists: It is there.
    """
    if version in versions(parts, name):
        raise VersionExists(service=name, version=version)


def set_traffic(parts: Parts, name: str, version: str, wanted: dict[str, Any]) -> None:
    """Send a version another share of the requests, or make it the default.

    Raises:
        ServiceNotFound, ServiceBusy, NotAnEndpoint: Nothing was changed.
        MooringError: There is no such version, or more than everything would be assigned.
    """
    from mooring.deployments.beginning import hold

    target = _target(parts, name)
    with hold(parts, name):
        target.set_traffic(name, version, wanted)


def delete_version(parts: Parts, name: str, version: str) -> None:
    """Remove a version, once nothing is sent to it any more.

    Raises:
        ServiceNotFound, ServiceBusy, NotAnEndpoint: Nothing was changed.
        MooringError: There is no such version, or it is the default.
    """
    from mooring.deployments.beginning import hold

    target = _target(parts, name)
    with hold(parts, name):
        target.delete_version(name, version)


def last_of(revisions: Sequence[Revision], version: str) -> Revision | None:
    """The revision of a version that was deployed last, and well."""
    found = [
        revision
        for revision in revisions
        if revision.status in _DONE and version_of(revision.deployment, revision.service) == version
    ]
    return found[-1] if found else None


def version_of(deployment: dict[str, Any], service: str) -> str:
    """The version a deployment config is of; v1's default is the endpoint's own name."""
    return str(deployment.get("versionName") or service)


def version_in(deployment: DeploymentConfig | None, settings: dict[str, Any]) -> str:
    """The version an update names; empty when it names none."""
    return str(getattr(deployment, "version_name", None) or settings.get("version_name") or "")


def leave_traffic(deployment: DeploymentConfig, given: dict[str, Any]) -> None:
    """Ask for no other share than the version has, unless one is given: shares change without a revision."""
    if deployment.compute_type == COMPUTE_TYPE:
        for name in _TRAFFIC:
            setattr(deployment, name, given.get(name))


def models_kept(parts: Parts, revision: Revision) -> tuple[str, ...]:
    """Models that may not be deleted: those of the revision, and of an endpoint's other versions."""
    if revision.deployment.get("computeType") != COMPUTE_TYPE:
        return revision.models
    done = [each for each in parts.store.revisions(revision.service) if each.status in _DONE]
    return tuple(dict.fromkeys([*revision.models, *(model for each in done for model in each.models)]))


def _target(parts: Parts, name: str) -> Any:
    """The target, if it knows versions."""
    from mooring.deployments.beginning import not_found

    record = parts.store.find(name)
    if record is None:
        raise not_found(parts, name)
    if record.compute_type != COMPUTE_TYPE:
        raise NotAnEndpoint(service=name, compute_type=record.compute_type)
    return parts.targets.named(record.target)
