"""An environment as a folder, the shape `az ml environment scaffold` and `save_to_directory` share in v1."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mooring.environments.conda import CondaDependencies
from mooring.environments.failures import InvalidEnvironment

if TYPE_CHECKING:
    from mooring.environments.environment import Environment

DEFINITION_FILE = "azureml_environment.json"
CONDA_FILE = "conda_dependencies.yml"
DOCKERFILE = "BaseDockerfile"


def save_folder(environment: Environment, folder: Path, *, overwrite: bool = False) -> None:
    """Write the definition, the conda file and, if there is one, the Dockerfile.

    Raises:
        InvalidEnvironment: The folder holds an environment already and `overwrite` is off.
    """
    if (folder / DEFINITION_FILE).exists() and not overwrite:
        raise InvalidEnvironment(
            subject=f"Folder {str(folder)!r}",
            reason="it holds an environment already",
            advice="Choose another folder, or pass overwrite=True.",
        )
    folder.mkdir(parents=True, exist_ok=True)
    definition = environment.to_dict()
    conda = definition["python"].pop("condaDependencies")
    dockerfile = definition["docker"].pop("baseDockerfile")
    (folder / DEFINITION_FILE).write_text(json.dumps(definition, indent=4) + "\n", encoding="utf-8")
    _write_or_remove(folder / CONDA_FILE, _conda_text(conda))
    _write_or_remove(folder / DOCKERFILE, dockerfile)


def load_folder(folder: Path) -> Environment:
    """Read what `save_folder` wrote.

    Raises:
        InvalidEnvironment: The definition is missing or no JSON object.
    """
    from mooring.environments.environment import Environment

    environment = Environment.from_dict(_read_definition(folder / DEFINITION_FILE), folder)
    conda, dockerfile = folder / CONDA_FILE, folder / DOCKERFILE
    if conda.exists():
        environment.python.conda_dependencies = CondaDependencies(conda_dependencies_file_path=conda)
    if dockerfile.exists():
        environment.docker.base_image = None
        environment.docker.base_dockerfile = dockerfile.read_text(encoding="utf-8")
    return environment


def _read_definition(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or f"it is no JSON ({error})"
        raise InvalidEnvironment(
            subject=f"Environment file {str(path)!r}",
            reason=reason,
            advice="`mooring environment scaffold` writes a folder to start from.",
        ) from error
    if not isinstance(value, dict):
        raise InvalidEnvironment(subject=f"Environment file {str(path)!r}", reason="an object is expected")
    return value


def _conda_text(conda: dict[str, Any] | None) -> str | None:
    return None if conda is None else CondaDependencies(_underlying_structure=conda).serialize_to_string()


def _write_or_remove(path: Path, text: str | None) -> None:
    if text is None:
        path.unlink(missing_ok=True)
    else:
        path.write_text(text, encoding="utf-8")
