"""`Image` and `ContainerImage` of 2018-2019 scripts: built once, deployed from then on."""

# One class, made in two ways.
# pyright: reportPrivateUsage=false
from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from mooring.sdk.exceptions import WebserviceException, raises_as
from mooring.sdk.inference import InferenceConfig
from mooring.sdk.making import Making

if TYPE_CHECKING:
    from mooring.packaging.records import RegisteredImage
    from mooring.sdk.model import Model
    from mooring.sdk.workspace import Workspace


class Image:
    """A registered image.

    Args:
        workspace: Where it is registered.
        name: Its name; the newest version unless said.
        id: Or its `name:version`.
        tags: Accepted and ignored when name or id is given; else the newest image with these.
        properties: Likewise.
        version: Number of the version.

    Raises:
        WebserviceException: There is none.
    """

    def __init__(
        self,
        workspace: Workspace,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 (v1's name)
        tags: Sequence[Any] | None = None,
        properties: Sequence[Any] | None = None,
        version: int | None = None,
    ) -> None:
        self.workspace = workspace
        self._making: Making | None = None
        self._record: RegisteredImage | None = _find(
            workspace, name, id, version, tags=tags, properties=properties
        )

    # ---- making and finding ----------------------------------------------------------------------------------
    @staticmethod
    @raises_as(WebserviceException)
    def create(
        workspace: Workspace, name: str, models: Sequence[Model | str], image_config: InferenceConfig
    ) -> ContainerImage:
        """Start building an image; returns at once, `wait_for_creation` waits.

        Args:
            workspace: Where it is registered.
            name: 3 to 32 lower-case letters, digits, dashes, points.
            models: Registered models, or their `name:version`.
            image_config: Of `ContainerImage.image_configuration`, or any inference config.
        """
        from mooring.packaging.records import check_image_name

        check_image_name(name)
        ids = [model if isinstance(model, str) else model.id for model in models]
        desk = workspace.core.images
        print("Creating image")  # noqa: T201 (v1 prints this line)
        image = object.__new__(ContainerImage)
        image.workspace, image._record = workspace, None
        image._making = Making(
            lambda reporter: desk.build(
                name, ids, image_config, description=image_config.description or "", reporter=reporter
            ),
            name=f"mooring-image-{name}",
        )
        return image

    @staticmethod
    @raises_as(WebserviceException)
    def list(
        workspace: Workspace,
        image_name: str | None = None,
        model_name: str | None = None,
        model_id: str | None = None,
        tags: Sequence[Any] | None = None,
        properties: Sequence[Any] | None = None,
    ) -> list[Image]:
        """Registered images, newest first.

        Args:
            workspace: Where from.
            image_name: Only this image.
            model_name: Only with a version of this model.
            model_id: Only with this `name:version`.
            tags: `key` or `[key, value]` each; all must match.
            properties: Likewise.
        """
        from mooring.sdk.model_search import pairs

        found = workspace.core.images.list(
            image_name,
            model_name=model_name,
            model_id=model_id,
            tags=pairs(tags),
            properties=pairs(properties),
        )
        return [_of(workspace, record) for record in found]

    # ---- what it is ------------------------------------------------------------------------------------------
    @property
    def name(self) -> str:
        """Its name."""
        return self._known.name

    @property
    def version(self) -> int:
        """Number of the version; like all that follows, known once it is built."""
        return self._known.version

    @property
    def id(self) -> str:
        """`name:version`."""
        return self._known.id

    @property
    def created_time(self) -> datetime:
        """When it was built, in UTC."""
        return self._known.created_time

    @property
    def creation_state(self) -> str:
        """`Running`, `Succeeded` or `Failed`."""
        return self._making.state if self._making is not None else "Succeeded"

    @property
    def creation_error(self) -> dict[str, Any] | None:
        """What went wrong; None when nothing did."""
        return self._making.error if self._making is not None else None

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
    def model_ids(self) -> Sequence[str]:
        """Ids of the models in it."""
        return list(self._known.models)

    @property
    def models(self) -> Sequence[Model]:
        """The models in it."""
        from mooring.sdk.model import Model

        return [Model(self.workspace, id=model_id) for model_id in self._known.models]

    @property
    def image_location(self) -> str:
        """What `docker pull` or `docker run` takes."""
        return self._known.location

    @property
    def image_digest(self) -> str:
        """`sha256:…`: of its manifest in a registry, else the engine's own name for it."""
        return self._known.reference.rpartition("@")[2] or self._known.image_id

    @property
    def image_flavor(self) -> str:
        """`WebApiContainer`, as v1 says."""
        return "WebApiContainer"

    @property
    def image_type(self) -> str:
        """`Docker`."""
        return "Docker"

    @property
    def image_build_log_uri(self) -> str | None:
        """The build's log is on this machine: `wait_for_creation(show_output=True)` shows it."""
        return None

    # ---- waiting ---------------------------------------------------------------------------------------------
    def wait_for_creation(self, show_output: bool = False) -> None:
        """Return once it is built.

        Args:
            show_output: Print phases while they happen.

        Raises:
            WebserviceException: It could not be built; the message says why and what to do.
        """
        if self._making is not None:
            self._making.wait(show_output=show_output)
            self._record = self._making.result_if_done
        if show_output:
            print(f'Image creation operation finished for image {self.id}, operation "Succeeded"')  # noqa: T201

    def update_creation_state(self) -> None:
        """Nothing to do: `creation_state` is always as of now."""

    # ---- changing --------------------------------------------------------------------------------------------
    def add_tags(self, tags: dict[str, str]) -> None:
        """Add tags; a tag of the same key is replaced."""
        self._change(tags={**self.tags, **tags})

    def remove_tags(self, tags: Sequence[str]) -> None:
        """Remove tags by key."""
        gone = {tags} if isinstance(tags, str) else set(tags)
        self._change(tags={key: value for key, value in self.tags.items() if key not in gone})

    def add_properties(self, properties: dict[str, str]) -> None:
        """Add properties; an existing key is an error, since properties never change."""
        taken = sorted(set(properties) & set(self.properties))
        if taken:
            raise WebserviceException(
                f"Image {self.id} has the properties {', '.join(taken)} already; properties never change.",
                remedy="Use tags for what changes.",
            )
        self._change(properties={**self.properties, **properties})

    @raises_as(WebserviceException)
    def delete(self) -> None:
        """Delete it, here and on the engine.

        Raises:
            WebserviceException: A service runs it.
        """
        self.workspace.core.images.delete(self.id)

    # ---- showing ---------------------------------------------------------------------------------------------
    def serialize(self) -> dict[str, Any]:
        """The image as JSON-ready values, with v1's field names."""
        return self._known.to_dict()

    def __repr__(self) -> str:
        if self._record is None and self.creation_state != "Succeeded":
            return f"{type(self).__name__}(creation_state={self.creation_state})"
        known = self._known
        return (
            f"{type(self).__name__}(workspace={self.workspace.name!r}, name={known.name}, id={known.id}, "
            f"version={known.version}, image_location={known.location})"
        )

    @property
    def _known(self) -> RegisteredImage:
        if self._record is None:
            self.wait_for_creation()
        if self._record is None:
            raise WebserviceException("The image was not built.")
        return self._record

    @raises_as(WebserviceException)
    def _change(self, **changes: Any) -> None:
        self._record = self.workspace.core.images.relabel(self.id, lambda record: replace(record, **changes))


class ContainerImage(Image):
    """The image flavour that holds a scoring server."""

    @staticmethod
    def image_configuration(
        execution_script: str,
        runtime: str,
        conda_file: str | None = None,
        docker_file: str | None = None,
        schema_file: str | None = None,
        dependencies: list[str] | None = None,
        enable_gpu: bool | None = None,
        tags: dict[str, str] | None = None,
        properties: dict[str, str] | None = None,
        description: str | None = None,
        base_image: str | None = None,
        base_image_registry: Any = None,
        cuda_version: str | None = None,
    ) -> InferenceConfig:
        """The same settings as an `InferenceConfig`.

        Args:
            execution_script: The entry script.
            runtime: `python` or `spark-py`.
            docker_file: File with extra Dockerfile steps.
            dependencies: Files and folders the script needs; they lie beside it, as they are now.
        """
        source_directory = None
        if dependencies:
            from mooring.sdk.dependencies import gather

            execution_script, source_directory = gather(execution_script, dependencies)
        return InferenceConfig(
            entry_script=execution_script,
            source_directory=source_directory,
            runtime=runtime,
            conda_file=conda_file,
            extra_docker_file_steps=docker_file,
            enable_gpu=enable_gpu,
            description=description,
            base_image=base_image,
            base_image_registry=base_image_registry,
            cuda_version=cuda_version,
        )

    @raises_as(WebserviceException)
    def run(self, input_data: Any) -> Any:
        """What the image answers to one request; it runs on the engine for as long as that takes.

        Args:
            input_data: As `Webservice.run` takes it.

        Raises:
            WebserviceException: It does not come up, or answers with an error.
        """
        from mooring.configs import LocalDeploymentConfig
        from mooring.deployments.errors import ServiceNotFound

        services, name = self.workspace.core.services, f"run-{uuid4().hex[:12]}"
        inference = self.workspace.core.images.as_inference(self.id)
        try:
            services.deploy(name, [], inference, LocalDeploymentConfig())
            return services.run(name, input_data)
        finally:
            with suppress(ServiceNotFound):
                services.delete(name)


def _of(workspace: Workspace, record: RegisteredImage) -> Image:
    image = object.__new__(ContainerImage)
    image.workspace, image._record, image._making = workspace, record, None
    return image


@raises_as(WebserviceException)
def _find(
    workspace: Workspace,
    name: str | None,
    image_id: str | None,
    version: int | None,
    *,
    tags: Sequence[Any] | None,
    properties: Sequence[Any] | None,
) -> RegisteredImage:
    from mooring.sdk.model_search import pairs

    desk = workspace.core.images
    if image_id or name:
        return desk.get(image_id or (f"{name}:{version}" if version is not None else str(name)))
    found = desk.list(tags=pairs(tags), properties=pairs(properties)) if tags or properties else []
    if not found:
        raise WebserviceException("ImageNotFound: an image needs a name or an id, or tags that one has.")
    return found[0]
