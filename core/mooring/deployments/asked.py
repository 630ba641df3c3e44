"""From configs to what a revision remembers, and back: a revision must start again without the user's objects."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mooring.deployments.from_image import FromImage
from mooring.deployments.layout import Source

if TYPE_CHECKING:
    from mooring.configs import InferenceConfig
    from mooring.deployments.values import Revision
    from mooring.environments import Environment, EnvironmentRegistry


def inference_document(
    inference: InferenceConfig | FromImage, environments: EnvironmentRegistry
) -> dict[str, Any]:
    """All of an inference config that a start needs, with absolute paths, JSON-able.

    Raises:
        EnvironmentNotFound: It names a registered environment that is not there.
        InvalidEnvironment: Its environment or conda file can't be read.
    """
    if isinstance(inference, FromImage):
        return inference.to_document()
    resolved = inference.resolve()
    script = resolved.script_path
    folder = resolved.source_directory
    outside = f"{folder.name}/{script.name}" if folder and script else ""
    environment = _environment_of(inference, environments)
    return {
        "entryScript": str(script),
        "sourceDirectory": str(folder) if folder else None,
        "entryInApp": resolved.script_in_app or outside,
        "condaFile": str(_conda_file(inference, environment) or "") or None,
        "environment": environment.definition() if environment else None,
        "environmentId": _id_of(environment),
        "image": _image_of(inference, resolved.extra_docker_steps_path),
        "description": inference.description,
    }


def source_of(document: dict[str, Any]) -> Source:
    """Where the code of `inference_document` is."""
    folder = document["sourceDirectory"]
    return Source(
        entry_script=Path(document["entryScript"]),
        source_directory=Path(folder) if folder else None,
        entry_in_app_root=document["entryInApp"],
    )


def environment_of(document: dict[str, Any]) -> Environment | None:
    """The environment of `inference_document`; None when none was asked for."""
    if document["environment"] is None:
        return None
    from mooring.environments import Environment

    return Environment.from_dict(document["environment"])


def app_root_of(folder: Path, revision: Revision) -> Path:
    """Where a revision of the service with that folder is laid out."""
    return folder / "revisions" / str(revision.number) / "app"


def _environment_of(inference: InferenceConfig, environments: EnvironmentRegistry) -> Environment | None:
    from mooring.environments import Environment

    definition = inference.environment_definition
    if definition and not set(definition) - {"name", "version"}:
        # A file that gives only a name means the environment registered under it.
        return environments.get(str(definition.get("name")), definition.get("version"))
    if inference.environment is not None:
        return inference.environment
    conda = inference.resolve().conda_path
    return Environment.from_conda_specification("project-environment", conda) if conda else None


def _conda_file(inference: InferenceConfig, environment: Environment | None) -> Path | None:
    if environment is not None:
        source: Path | None = getattr(environment.python.conda_dependencies, "source_path", None)
        return source
    return inference.resolve().conda_path


def _image_of(inference: InferenceConfig, steps: Path | None) -> dict[str, Any]:
    """What the config itself says about the image; an environment's docker section says the rest."""
    from mooring.configs.inference import registry_parts

    registry = inference.base_image_registry
    asked = {
        "baseImage": inference.base_image,
        "baseImageRegistry": registry_parts(registry) if registry is not None else None,
        "enableGpu": inference.enable_gpu,
        "extraSteps": steps.read_text(encoding="utf-8") if steps else None,
    }
    return {name: value for name, value in asked.items() if value}


def _id_of(environment: Environment | None) -> str:
    if environment is None:
        return ""
    return f"{environment.name}:{environment.version}" if environment.version else environment.name
