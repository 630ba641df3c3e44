"""What a `Webservice` tells about itself, read again from where it runs."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from mooring.sdk.exceptions import WebserviceException, raises_as

if TYPE_CHECKING:
    from mooring.deployments import Revision, Service, ServiceDesk
    from mooring.sdk.image import Image
    from mooring.sdk.model import Model
    from mooring.sdk.workspace import Workspace


class ServiceFacts:
    """Properties of a service."""

    workspace: Workspace
    name: str
    _record: Service | None
    _is_deleted: bool

    @property
    def _desk(self) -> ServiceDesk:
        return self.workspace.core.services

    @property
    def _known(self) -> Service:
        if self._record is None:
            raise WebserviceException(
                f"WebserviceNotFound: Webservice with name {self.name} not found in provided workspace"
            )
        return self._record

    @property
    def state(self) -> str:
        """Transitioning, Healthy, Unhealthy, Unschedulable, Failed; Deleting once it was deleted."""
        if self._is_deleted:
            return "Deleting"
        self.update_deployment_state()
        return self._known.state

    @property
    def scoring_uri(self) -> str | None:
        """Where to POST requests; None until it runs for the first time."""
        self.update_deployment_state()
        return self._known.scoring_uri or None

    @property
    def swagger_uri(self) -> str | None:
        """Where the description of its input and output is."""
        self.update_deployment_state()
        return self._known.swagger_uri or None

    @property
    def port(self) -> int | None:
        """Port on this machine."""
        self.update_deployment_state()
        return self._known.port

    @property
    def compute_type(self) -> str:
        """`PROCESS`, `LOCAL`, `ACI`, `AKS`."""
        return self._known.compute_type.upper()

    @property
    def description(self) -> str:
        """Free text."""
        return self._known.description

    @property
    def tags(self) -> dict[str, str]:
        """Changeable labels."""
        return dict(self._known.tags)

    @property
    def properties(self) -> dict[str, str]:
        """Labels that never change."""
        return dict(self._known.properties)

    @property
    def created_time(self) -> datetime:
        """When it was deployed first, in UTC."""
        return self._known.created_time

    @property
    def updated_time(self) -> datetime:
        """When it was changed last, in UTC."""
        return self._known.updated_time

    @property
    def created_by(self) -> str:
        """Who deployed it."""
        return self._known.created_by

    @property
    def auth_enabled(self) -> bool:
        """Whether requests need a key."""
        return self._known.auth_enabled

    @property
    def token_auth_enabled(self) -> bool:
        """Whether requests need a token."""
        return self._known.token_auth_enabled

    @property
    def models(self) -> list[Model]:
        """The model versions it serves."""
        from mooring.sdk.model import Model

        return [Model(self.workspace, id=model_id) for model_id in self._known.models]

    @property
    def image_id(self) -> str | None:
        """`name:version` of the registered image it runs; None for a service that was built from its script."""
        return self._image_facts.get("id")

    @property
    def image_digest(self) -> str | None:
        """`sha256:…` of that image: in its registry, else the engine's own name for it."""
        facts = self._image_facts
        return str(facts.get("reference") or "").rpartition("@")[2] or facts.get("engineId")

    @property
    def image(self) -> Image | None:
        """That image."""
        from mooring.sdk.image import Image

        return Image(self.workspace, id=self.image_id) if self.image_id else None

    @property
    def _image_facts(self) -> dict[str, Any]:
        return self._asked.inference.get("fromImage") or {}

    @property
    def _asked(self) -> Revision:
        """What the revision that serves, or the last attempt, asked for."""
        revisions = self._desk.revisions(self.name)
        serving = [each for each in revisions if each.number == self._known.revision]
        return (serving or list(revisions))[-1]

    @property
    def error(self) -> dict[str, Any] | None:
        """The verdict on what failed: code, cause, evidence, remedy; None when all is well."""
        self.update_deployment_state()
        failure = self._known.failure
        return failure.to_dict() if failure else None

    def update_deployment_state(self) -> None:
        """Read the service's state again from where it runs."""
        self._record = load(self.workspace, self.name)


@raises_as(WebserviceException)
def load(workspace: Workspace, name: str) -> Service:
    """The service as it is now."""
    return workspace.core.services.get(name)
