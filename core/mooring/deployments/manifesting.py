"""The objects that a deployment would apply, for places that are told by manifests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mooring.deployments import records
from mooring.deployments.asked import inference_document
from mooring.deployments.checking import check
from mooring.deployments.deploying import default_deployment, first_or_next, models_asked
from mooring.deployments.names import check_service_name
from mooring.deployments.parts import Parts
from mooring.deployments.releasing import release_of, resolution_of
from mooring.deployments.values import Revision
from mooring.errors import MooringError

if TYPE_CHECKING:
    from mooring.configs import DeploymentConfig, InferenceConfig
    from mooring.deployments.from_image import FromImage
    from mooring.environments import ReadyEnvironment


@dataclass(eq=False)
class NoManifest(MooringError):
    """The service is not made of objects that could be shown."""

    code = "manifest-missing"
    service: str
    compute_type: str

    @property
    def problem(self) -> str:
        """Which service, and where it runs."""
        return (
            f"{self.service} has no manifest: it runs with computeType {self.compute_type}, or never served."
        )

    @property
    def remedy(self) -> str:
        """What has one."""
        return (
            "Ask for that of a service with computeType aks: one that serves, or with the options of "
            "`mooring model deploy` for what would be applied."
        )


def planned_manifest(
    parts: Parts,
    name: str,
    models: Sequence[str],
    inference: InferenceConfig | FromImage,
    deployment: DeploymentConfig | None,
) -> list[dict[str, Any]]:
    """What `deploy` would apply, were it asked to replace what is there; nothing is made.

    Raises:
        NoManifest: The place is not told by manifests.
        MooringError: What `deploy` would raise first.
    """
    check_service_name(name)
    wanted = deployment or default_deployment()
    target = parts.targets.for_compute_type(wanted.compute_type)
    if not hasattr(target, "planned_manifest"):
        raise NoManifest(service=name, compute_type=wanted.compute_type)
    check(name, target, inference, wanted)
    document = inference_document(inference, parts.environments)
    record = parts.store.find(name) or records.new_record(name, target.name, "", wanted)
    revision = first_or_next(parts, record, models_asked(parts, models, document), document, wanted)
    return _rendered(parts, target, revision)


def _rendered(parts: Parts, target: Any, revision: Revision) -> list[dict[str, Any]]:
    models = [parts.models.get_by_id(model) for model in revision.models]
    resolution = resolution_of(parts, revision, models, target=target, progress=lambda _text: None)

    def not_to_be_built() -> ReadyEnvironment:
        raise AssertionError("whoever shows a manifest builds nothing")

    release = release_of(parts, revision, models, resolution, ready_environment=not_to_be_built, port=None)
    found: list[dict[str, Any]] = target.planned_manifest(release)
    return found
