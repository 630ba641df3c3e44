"""`Model`: a registered version, as v1's scripts and notebooks know it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mooring.sdk import cards
from mooring.sdk.exceptions import WebserviceException, raises_as
from mooring.sdk.model_facts import ModelFacts
from mooring.sdk.model_search import Filter, find_model, pairs
from mooring.sdk.notices import ignored
from mooring.sdk.unbuilt import NotBuiltYet

if TYPE_CHECKING:
    from mooring.configs import DeploymentConfig, InferenceConfig
    from mooring.registry import ModelVersion, ResourceConfiguration
    from mooring.sdk.package import ModelPackage
    from mooring.sdk.webservice import Webservice
    from mooring.sdk.workspace import Workspace

Tags = dict[str, str]


class Model(ModelFacts):
    """One version of a registered model.

    Args:
        workspace: Where it was registered.
        name: Its name; the newest version is taken unless `version` says another.
        id: `name:version`, instead of `name`.
        tags: Only a version that has these tags (`key` or `[key, value]`).
        properties: Only a version that has these properties.
        version: An exact version.
        run_id: Only a version that this run registered.
        model_framework: Only a version of this framework.

    Raises:
        WebserviceException: No version matches.
    """

    class Framework:
        """Names of frameworks, for `model_framework`."""

        CUSTOM = "Custom"
        TENSORFLOW = "TensorFlow"
        SCIKITLEARN = "ScikitLearn"
        ONNX = "Onnx"
        TFKERAS = "TfKeras"
        PYTORCH = "PyTorch"
        MULTI = "Multi"

    def __init__(
        self,
        workspace: Workspace,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 (v1's name)
        tags: Filter | None = None,
        properties: Filter | None = None,
        version: int | None = None,
        run_id: str | None = None,
        model_framework: str | None = None,
        expand: bool = True,
        **_ignored: Any,
    ) -> None:
        self.workspace = workspace
        self._record = find_model(
            workspace,
            name=name,
            model_id=id,
            version=version,
            tags=tags,
            properties=properties,
            run_id=run_id,
            framework=model_framework,
        )

    @classmethod
    def _of(cls, workspace: Workspace, record: ModelVersion) -> Model:
        model = cls.__new__(cls)
        model.workspace = workspace
        model._record = record
        return model

    # ---- registering and finding -----------------------------------------------------------------------------
    @staticmethod
    @raises_as(WebserviceException)
    def register(
        workspace: Workspace,
        model_path: str,
        model_name: str,
        tags: Tags | None = None,
        properties: Tags | None = None,
        description: str | None = None,
        datasets: Any = None,
        model_framework: str | None = None,
        model_framework_version: str | None = None,
        child_paths: list[str] | None = None,
        sample_input_dataset: Any = None,
        sample_output_dataset: Any = None,
        resource_configuration: ResourceConfiguration | None = None,
        _run: Any = None,
    ) -> Model:
        """Register a file or folder as the next version of a model.

        Args:
            workspace: Where to.
            model_path: File or folder; also an MLflow URI (`runs:/…`, `models:/…`).
            model_name: Letters, digits, `-`, `.`, `_`; 255 at most.
            tags: Changeable labels.
            properties: Labels that never change.
            description: Free text.
            datasets: Accepted and ignored: datasets are not kept here.
            model_framework: One of `Model.Framework`.
            model_framework_version: Its version.
            child_paths: Only these files of the folder.
            sample_input_dataset: A sample request (anything JSON can hold), used to test services.
            sample_output_dataset: What it should answer.
            resource_configuration: What the model needs to run.

        Raises:
            WebserviceException: The path is missing, or a name, tag or framework is not valid.
        """
        ignored("Model.register()", datasets=datasets)
        print(f"Registering model {model_name}")  # noqa: T201 (v1 prints this line)
        record = workspace.core.models.register(
            model_path,
            model_name,
            tags=tags,
            properties=properties,
            description=description,
            framework=model_framework,
            framework_version=model_framework_version,
            child_paths=child_paths,
            sample_input=sample_input_dataset,
            sample_output=sample_output_dataset,
            resource_configuration=resource_configuration,
            run_id=_run.id if _run else None,
            experiment_name=_run.experiment.name if _run else None,
        )
        return Model._of(workspace, record)

    @staticmethod
    @raises_as(WebserviceException)
    def list(
        workspace: Workspace,
        name: str | None = None,
        tags: Filter | None = None,
        properties: Filter | None = None,
        run_id: str | None = None,
        latest: bool = False,
        dataset_id: str | None = None,
        expand: bool = True,
        page_count: int = 255,
        model_framework: str | None = None,
    ) -> list[Model]:
        """Registered versions, newest first.

        Args:
            workspace: Where from.
            name: Only this model.
            tags: `key` or `[key, value]` each; all must match.
            properties: Likewise.
            run_id: Only what this run registered.
            latest: Only the newest version of each model.
            dataset_id: Accepted and ignored.
            model_framework: Only this framework.
        """
        ignored("Model.list()", dataset_id=dataset_id)
        found = workspace.core.models.list(
            name,
            tags=pairs(tags),
            properties=pairs(properties),
            run_id=run_id,
            latest=latest,
            framework=model_framework,
        )
        return [Model._of(workspace, record) for record in found]

    @staticmethod
    def get_model_path(
        model_name: str, version: int | None = None, _workspace: Workspace | None = None
    ) -> str:
        """Path of a model's file or folder on this machine.

        Inside a service, and wherever an `azureml-models` folder lies, the path in it; elsewhere the model is
        fetched from the workspace (the default one unless given) into `azureml-models/<name>/<version>`.

        Raises:
            ModelNotFoundException: The model is in none of these places.
            WebserviceException: `version` is no integer, or the version's folder holds not exactly one entry.
        """
        from mooring.sdk.model_path import find_model_path

        return find_model_path(model_name, version, _workspace)

    # ---- changing --------------------------------------------------------------------------------------------
    @raises_as(WebserviceException)
    def update(
        self,
        tags: Tags | None = None,
        description: str | None = None,
        sample_input_dataset: Any = None,
        sample_output_dataset: Any = None,
        resource_configuration: ResourceConfiguration | None = None,
    ) -> None:
        """Replace tags, description, samples or resources; what is None stays."""
        changes: dict[str, Any] = {
            "tags": tags,
            "description": description,
            "sample_input": sample_input_dataset,
            "sample_output": sample_output_dataset,
            "resource_configuration": resource_configuration,
        }
        self._change(**{name: value for name, value in changes.items() if value is not None})

    def update_tags_properties(
        self,
        add_tags: Tags | None = None,
        remove_tags: Sequence[str] | None = None,
        add_properties: Tags | None = None,
    ) -> None:
        """Add and remove tags, add properties, in one step."""
        changes: dict[str, Any] = {
            "add_tags": add_tags,
            "remove_tags": remove_tags,
            "add_properties": add_properties,
        }
        self._change(**{name: value for name, value in changes.items() if value})

    def add_tags(self, tags: Tags) -> None:
        """Add tags; a tag of the same key is replaced."""
        self.update_tags_properties(add_tags=tags)

    def remove_tags(self, tags: str | Sequence[str]) -> None:
        """Remove tags by key."""
        self.update_tags_properties(remove_tags=[tags] if isinstance(tags, str) else list(tags))

    def add_properties(self, properties: Tags) -> None:
        """Add properties; an existing key is an error, since properties never change."""
        self.update_tags_properties(add_properties=properties)

    def add_dataset_references(self, datasets: Any) -> None:
        """Accepted and ignored: datasets are not kept here."""
        ignored("Model.add_dataset_references()", datasets=datasets)

    @raises_as(WebserviceException)
    def delete(self) -> None:
        """Delete this version.

        Raises:
            WebserviceException: A service uses it; the message names the service.
        """
        self.workspace.core.models.delete(self.id)

    @raises_as(WebserviceException)
    def download(self, target_dir: str = ".", exist_ok: bool = False, exists_ok: bool | None = None) -> str:
        """Copy the file or folder into a directory and return its path."""
        overwrite = exist_ok if exists_ok is None else exists_ok
        return str(self.workspace.core.models.download(self.id, Path(target_dir), overwrite=overwrite))

    def get_sas_urls(self) -> dict[str, str]:
        """Not offered: the store is on this machine; `download` copies the files.

        Raises:
            NotBuiltYet: Always.
        """
        raise NotBuiltYet(call="Model.get_sas_urls()", instead="Use model.download(target_dir) instead.")

    # ---- deploying -------------------------------------------------------------------------------------------
    @staticmethod
    def deploy(
        workspace: Workspace,
        name: str,
        models: Sequence[Model | str],
        inference_config: InferenceConfig | None = None,
        deployment_config: DeploymentConfig | None = None,
        deployment_target: Any = None,
        overwrite: bool = False,
        show_output: bool = False,
    ) -> Webservice:
        """Deploy models behind one URL; returns at once, `wait_for_deployment` waits.

        Args:
            workspace: Where the service is recorded.
            name: 2 to 32 lower-case letters, digits, dashes; starts with a letter.
            models: Registered models, or their `name:version`; may be empty.
            inference_config: Entry script and environment.
            deployment_config: Where and how; a local process when not given.
            deployment_target: A compute target.
            overwrite: Replace a service of the same name, keeping its URL and keys.
            show_output: Print the phases while they happen.

        Raises:
            WebserviceException: A name is taken, a config is not valid, or the target is not there.
        """
        from mooring.sdk.webservice import deploy

        return deploy(
            workspace,
            name,
            models,
            inference_config,
            deployment_config,
            deployment_target=deployment_target,
            overwrite=overwrite,
            show_output=show_output,
        )

    @staticmethod
    def package(
        workspace: Workspace,
        models: Sequence[Model],
        inference_config: InferenceConfig | None = None,
        generate_dockerfile: bool = False,
        image_name: str | None = None,
        image_label: str | None = None,
    ) -> ModelPackage:
        """Pack models and a script to run anywhere; returns at once, `wait_for_creation` waits.

        Args:
            workspace: Where the models are registered.
            models: Registered models; may be empty.
            inference_config: Entry script and environment.
            generate_dockerfile: Make a folder that any `docker build` makes the image of, instead of the image.
            image_name: Of the image; `package` when not given.
            image_label: Its tag; the version when not given.

        Raises:
            WebserviceException: No inference config was given.
        """
        from mooring.sdk.packing import pack

        return pack(
            workspace,
            models,
            inference_config,
            generate_dockerfile=generate_dockerfile,
            image_name=image_name,
            image_label=image_label,
        )

    @staticmethod
    def profile(
        workspace: Workspace,
        profile_name: str,
        models: Sequence[Model],
        inference_config: InferenceConfig,
        input_dataset: Any,
        cpu: float | None = None,
        memory_in_gb: float | None = None,
        description: str | None = None,
    ) -> Any:
        """Not offered yet.

        Raises:
            NotBuiltYet: Always.
        """
        raise NotBuiltYet(call="Model.profile()")

    @staticmethod
    def print_configuration(
        models: Sequence[Model], inference_config: Any, deployment_config: Any, deployment_target: Any
    ) -> None:
        """Print what would be deployed; keys are left out."""
        print("Models:", ", ".join(model.id for model in models))  # noqa: T201
        print("Inference config:", inference_config)  # noqa: T201
        print("Deployment config:", deployment_config)  # noqa: T201
        print("Deployment target:", deployment_target)  # noqa: T201

    # ---- showing ---------------------------------------------------------------------------------------------
    def serialize(self) -> dict[str, Any]:
        """The model as JSON-ready values, with v1's field names."""
        return self._record.to_dict()

    @staticmethod
    def deserialize(workspace: Workspace, model_payload: dict[str, Any]) -> Model:
        """The model that `serialize` described, read again from the workspace."""
        return Model(workspace, id=model_payload["id"])

    def __repr__(self) -> str:
        return (
            f"Model(workspace={self.workspace.name!r}, name={self.name}, id={self.id}, version={self.version}, "
            f"tags={self.tags}, properties={self.properties})"
        )

    def _repr_html_(self) -> str:
        return cards.model(self._record)

    @raises_as(WebserviceException)
    def _change(self, **changes: Any) -> None:
        self._record = self.workspace.core.models.update(self.id, **changes)
