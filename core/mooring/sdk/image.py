"""`ContainerImage` of 2018-2019 scripts: its configuration is an inference configuration by another name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mooring.sdk.inference import InferenceConfig
from mooring.sdk.unbuilt import NotBuiltYet

if TYPE_CHECKING:
    from mooring.sdk.workspace import Workspace


class Image:
    """A built image; images arrive with the Docker target."""

    def __init__(self, workspace: Workspace, name: str | None = None, **_ignored: Any) -> None:
        raise NotBuiltYet(call="Image()")

    @staticmethod
    def create(workspace: Workspace, name: str, models: list[Any], image_config: Any) -> Image:
        """Not offered yet.

        Raises:
            NotBuiltYet: Always.
        """
        raise NotBuiltYet(
            call="ContainerImage.create()",
            instead="Deploy from the models: Webservice.deploy_from_model(ws, name, models, image_config).",
        )


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
            dependencies: Not supported: put the files beside the script in one source directory instead.
        """
        if dependencies:
            raise NotBuiltYet(
                call="image_configuration(dependencies=…)",
                instead="Put these files beside the script and use InferenceConfig(source_directory=…).",
            )
        return InferenceConfig(
            entry_script=execution_script,
            runtime=runtime,
            conda_file=conda_file,
            extra_docker_file_steps=docker_file,
            enable_gpu=enable_gpu,
            description=description,
            base_image=base_image,
            base_image_registry=base_image_registry,
            cuda_version=cuda_version,
        )
