"""`Webservice`: what every kind of service can do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from mooring.sdk import cards
from mooring.sdk.exceptions import WebserviceException, raises_as
from mooring.sdk.webservice.choosing import class_for
from mooring.sdk.webservice.facts import ServiceFacts, load
from mooring.sdk.webservice.work import Work

if TYPE_CHECKING:
    from mooring.configs import DeploymentConfig, InferenceConfig
    from mooring.deployments import Service
    from mooring.deployments.from_image import FromImage
    from mooring.sdk.image import Image
    from mooring.sdk.model import Model
    from mooring.sdk.workspace import Workspace


class Webservice(ServiceFacts):
    """A deployed service.

    Args:
        workspace: Where it was deployed.
        name: Its name.

    Returns:
        An instance of the class that fits its compute type.

    Raises:
        WebserviceException: There is no such service.
    """

    compute_types: ClassVar[tuple[str, ...]] = ()

    def __new__(  # noqa: D102, PYI034 (the class says it; the answer is a subclass)
        cls, workspace: Workspace, name: str, *_args: Any, **_kwargs: Any
    ) -> Webservice:
        if cls is not Webservice:
            return super().__new__(cls)
        return object.__new__(class_for(load(workspace, name).compute_type))

    def __init__(self, workspace: Workspace, name: str, must_exist: bool = True) -> None:
        self.workspace = workspace
        self.name = name
        self._work: Work | None = None
        self._is_deleted = False
        self._record = load(workspace, name) if must_exist else None

    @classmethod
    def _of(cls, workspace: Workspace, record: Service, work: Work | None = None) -> Webservice:
        kind = class_for(record.compute_type)
        service = object.__new__(kind)
        service.workspace, service.name = workspace, record.name
        service._record, service._work, service._is_deleted = record, work, False
        return service

    # ---- finding ---------------------------------------------------------------------------------------------
    @staticmethod
    def list(
        workspace: Workspace,
        compute_type: str | None = None,
        image_name: str | None = None,
        image_id: str | None = None,
        model_name: str | None = None,
        model_id: str | None = None,
        tags: Sequence[str | Sequence[str]] | None = None,
        properties: Sequence[str | Sequence[str]] | None = None,
        image_digest: str | None = None,
    ) -> list[Webservice]:
        """Services of the workspace.

        Args:
            workspace: Where from.
            compute_type: Only PROCESS, LOCAL, ACI, AKS or AKSENDPOINT.
            model_name: Only those that serve a version of this model.
            model_id: Only those that serve this `name:version`.
            tags: `key` or `[key, value]` each; all must match.
            properties: Likewise.
        """
        from mooring.sdk.model_search import pairs

        found = workspace.core.services.list(
            compute_type=compute_type.lower() if compute_type else None,
            model_name=model_name,
            model_id=model_id,
            tags=pairs(tags),
            properties=pairs(properties),
        )
        return [Webservice._of(workspace, record) for record in found]

    @staticmethod
    def check_for_existing_webservice(
        workspace: Workspace, name: str, overwrite: bool = False, **_ignored: Any
    ) -> None:
        """Raise when the name is taken and may not be replaced.

        Raises:
            WebserviceException: A service of this name exists and `overwrite` is False.
        """
        if overwrite:
            return
        if any(record.name == name for record in workspace.core.services.list()):
            raise WebserviceException(
                f"Service {name} with the same name already exists, please use a different service name or delete the existing service."
            )

    # ---- deploying, 2018-2019 style --------------------------------------------------------------------------
    @staticmethod
    def deploy_from_model(
        workspace: Workspace,
        name: str,
        models: Sequence[Model | str],
        image_config: InferenceConfig,
        deployment_config: DeploymentConfig | None = None,
        deployment_target: Any = None,
        overwrite: bool = False,
    ) -> Webservice:
        """Deploy registered models with a `ContainerImage` configuration; as `Model.deploy`."""
        from mooring.sdk.webservice.deploying import deploy

        return deploy(
            workspace,
            name,
            models,
            image_config,
            deployment_config,
            deployment_target=deployment_target,
            overwrite=overwrite,
        )

    @staticmethod
    def deploy(
        workspace: Workspace,
        name: str,
        model_paths: Sequence[str],
        image_config: InferenceConfig,
        deployment_config: DeploymentConfig | None = None,
        deployment_target: Any = None,
        overwrite: bool = False,
    ) -> Webservice:
        """Register each path under its base name, then deploy them as `deploy_from_model` does."""
        from pathlib import Path

        from mooring.sdk.model import Model

        models = [Model.register(workspace, path, Path(path).name) for path in model_paths]
        return Webservice.deploy_from_model(
            workspace, name, models, image_config, deployment_config, deployment_target, overwrite
        )

    @staticmethod
    def deploy_local_from_model(
        workspace: Workspace,
        name: str,
        models: Sequence[Model | str],
        image_config: InferenceConfig,
        deployment_config: DeploymentConfig | None = None,
        wait: bool = False,
    ) -> Webservice:
        """Deploy registered models to a container on this machine; as `Model.deploy` with a local configuration."""
        from mooring.configs import LocalDeploymentConfig
        from mooring.sdk.webservice.deploying import deploy

        service = deploy(workspace, name, models, image_config, deployment_config or LocalDeploymentConfig())
        if wait:
            service.wait_for_deployment()
        return service

    @staticmethod
    def deploy_from_image(
        workspace: Workspace,
        name: str,
        image: Image | str,
        deployment_config: DeploymentConfig | None = None,
        deployment_target: Any = None,
        overwrite: bool = False,
    ) -> Webservice:
        """Run a registered image as it is; nothing is built.

        Args:
            workspace: Where the service is recorded.
            name: Of the service.
            image: The image, or its `name:version`; one that is being built is waited for.
            deployment_config: Where and how; one container (`aci`) when not given.
            deployment_target: A compute target.
            overwrite: Replace a service of the same name, keeping its URL and keys.

        Raises:
            WebserviceException: There is no such image, the name is taken, or the place runs no containers.
        """
        from mooring.configs import AciDeploymentConfig
        from mooring.sdk.webservice.deploying import deploy

        return deploy(
            workspace,
            name,
            [],
            image_inference(workspace, image),
            deployment_config or AciDeploymentConfig(),
            deployment_target=deployment_target,
            overwrite=overwrite,
        )

    # ---- waiting and watching --------------------------------------------------------------------------------
    @raises_as(WebserviceException)
    def wait_for_deployment(self, show_output: bool = False, timeout_sec: float | None = None) -> None:
        """Return once the service is Healthy.

        Args:
            show_output: Print phases and log lines while they happen.
            timeout_sec: Give up waiting after so many seconds; the deployment itself goes on.

        Raises:
            WebserviceException: It ended in another state; the message holds the verdict.
        """
        from mooring.sdk.webservice.watching import watch

        watch(self, show_output=show_output, timeout_s=timeout_sec)

    @raises_as(WebserviceException)
    def get_logs(self, num_lines: int = 5000, init: bool = False, **_ignored: Any) -> str:
        """The last lines the service wrote.

        Args:
            num_lines: How many at the most.
            init: Only those of the last start.
        """
        return "\n".join(
            line.labelled for line in self._desk.logs(self.name, num_lines=num_lines, last_start=init)
        )

    def stream(self, cursor: str | None = None, *, follow: bool = False) -> Any:
        """Events and log lines in order, each with a `cursor` to go on from; with `follow`, also what comes."""
        return self._desk.stream(self.name, cursor, follow=follow)

    # ---- using -----------------------------------------------------------------------------------------------
    @raises_as(WebserviceException)
    def run(self, input_data: Any) -> Any:
        """Send one request and return the decoded answer.

        Args:
            input_data: Text or bytes are sent as they are; anything else as JSON.

        Raises:
            WebserviceException: The service is not there, or answered with an error; the message holds the status.
        """
        return self._desk.run(self.name, input_data)

    @raises_as(WebserviceException)
    def get_keys(self) -> tuple[str, str]:
        """The primary and the secondary key."""
        keys = self._desk.keys(self.name)
        return keys.primary, keys.secondary

    @raises_as(WebserviceException)
    def regen_key(self, key: str, set_key: str | None = None) -> None:
        """Replace a key; the other one stays valid.

        Args:
            key: `Primary` or `Secondary`, in any case.
            set_key: The new value; a random one when not given.
        """
        self._desk.regenerate_key(self.name, key, set_key)

    @raises_as(WebserviceException)
    def get_access_token(self) -> Any:
        """A token: `access_token`, `token_type`, `refresh_after`, `expiry_on` (datetimes)."""
        return self._desk.token(self.name)

    def get_token(self) -> tuple[str, datetime]:
        """A token and when to ask for the next one."""
        token = self.get_access_token()
        return token.access_token, token.refresh_after

    # ---- changing --------------------------------------------------------------------------------------------
    def update(
        self,
        image: Any = None,
        tags: dict[str, str] | None = None,
        properties: dict[str, str] | None = None,
        description: str | None = None,
        auth_enabled: bool | None = None,
        models: Sequence[Model | str] | None = None,
        inference_config: InferenceConfig | None = None,
        **settings: Any,
    ) -> None:
        """Change what is given; the URL and the keys stay.

        Args:
            image: Run this registered image, or `name:version`, as it is.
            tags: Replace the tags.
            properties: Add properties; an existing one can't be changed.
            description: Replace the description.
            auth_enabled: Ask for a key, or not.
            models: Serve these versions instead; the script and environment stay unless given, too.
            inference_config: Another script or environment.
            **settings: Other settings of the deployment configuration, by their names there.

        Raises:
            WebserviceException: Nothing was given, or the change is not valid.
        """
        if image is not None and inference_config is not None:
            raise WebserviceException(
                "image and inference_config exclude each other: an image holds its script and environment.",
                remedy="Give one of them.",
            )
        chosen = image_inference(self.workspace, image) if image is not None else inference_config
        self._update(
            models=models,
            inference_config=chosen,
            tags=tags,
            properties=properties,
            description=description,
            settings={k: v for k, v in {"auth_enabled": auth_enabled, **settings}.items() if v is not None},
        )

    def add_tags(self, tags: dict[str, str]) -> None:
        """Add tags; a tag of the same key is replaced."""
        self._update(tags={**self.tags, **tags})

    def remove_tags(self, tags: str | Sequence[str]) -> None:
        """Remove tags by key."""
        gone = {tags} if isinstance(tags, str) else set(tags)
        self._update(tags={key: value for key, value in self.tags.items() if key not in gone})

    def add_properties(self, properties: dict[str, str]) -> None:
        """Add properties; an existing key is an error, since properties never change."""
        self._update(properties=properties)

    @raises_as(WebserviceException)
    def reload(self, wait: bool = False) -> None:
        """Run the entry script as it is on disk now, with the same models and environment."""
        self._work = Work(self._desk.prepare_reload(self.name).carry_out, name=f"mooring-reload-{self.name}")
        if wait:
            self.wait_for_deployment()

    @raises_as(WebserviceException)
    def rollback(self) -> None:
        """Serve the previous revision again."""
        self._desk.rollback(self.name)

    @raises_as(WebserviceException)
    def delete(self, *_args: Any, **_kwargs: Any) -> None:
        """Stop the service and remove what it left; deleting twice is the same as once."""
        if not self._is_deleted:
            self._desk.delete(self.name)
            self._is_deleted = True

    # ---- showing ---------------------------------------------------------------------------------------------
    def serialize(self) -> dict[str, Any]:
        """The service as JSON-ready values, with v1's field names and without keys."""
        return self._known.to_dict()

    @staticmethod
    def deserialize(workspace: Workspace, webservice_payload: dict[str, Any]) -> Webservice:
        """The service that `serialize` described, read again from the workspace."""
        return Webservice(workspace, webservice_payload["name"])

    def __repr__(self) -> str:
        known = self._known
        return (
            f"{type(self).__name__}(workspace={self.workspace.name!r}, name={self.name}, state={known.state}, "
            f"compute_type={self.compute_type}, scoring_uri={known.scoring_uri or None}, models={list(known.models)})"
        )

    def _repr_html_(self) -> str:
        self.update_deployment_state()
        return cards.service(self._known)

    @raises_as(WebserviceException)
    def _update(self, **changes: Any) -> None:
        given = {name: value for name, value in changes.items() if value not in (None, {})}
        if not given:
            raise WebserviceException("No parameters provided to update.")
        if "models" in given:
            given["models"] = [model if isinstance(model, str) else model.id for model in given["models"]]
        operation = self._desk.prepare_update(self.name, **given)
        if operation is not None:
            self._work = Work(operation.carry_out, name=f"mooring-update-{self.name}")
        self.update_deployment_state()


@raises_as(WebserviceException)
def image_inference(workspace: Workspace, image: Image | str) -> FromImage:
    """What the service desk takes to run an image; one that is being built is waited for."""
    return workspace.core.images.as_inference(image if isinstance(image, str) else image.id)
