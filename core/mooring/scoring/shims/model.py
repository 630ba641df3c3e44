"""`azureml.core.model.Model` inside a service: where a model lies.

Source: azure-v1 reference, where models are; observed with azureml-core 1.61.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from mooring.scoring.shims.exceptions import ModelNotFoundException, WebserviceException

__all__ = ["MODELS_DIR", "Dataset", "InferenceConfig", "Model"]

# Fixed when first imported, as in the original: scripts that change directory later still find their models.
MODELS_DIR = str(Path(os.environ.get("AML_APP_ROOT", ""), "azureml-models"))


def _not_in_a_service(what: str) -> Any:
    raise WebserviceException(
        f"{what} needs a workspace, and a running service has none. Register, deploy and query models from"
        " outside of the entry script."
    )


class Model:
    """A registered model, as an entry script sees it."""

    class Framework:
        """Names of model frameworks."""

        CUSTOM = "Custom"
        TENSORFLOW = "TensorFlow"
        SCIKITLEARN = "ScikitLearn"
        ONNX = "Onnx"
        TFKERAS = "TfKeras"
        MULTI = "Multi"

    def __init__(self, workspace: Any = None, name: str | None = None, *args: Any, **kwargs: Any) -> None:
        del workspace, args, kwargs
        _not_in_a_service(f"Model({name!r})")

    @staticmethod
    def get_model_path(model_name: str, version: Any = None, _workspace: Any = None) -> str:
        """The path of a model's file or folder.

        Raises:
            WebserviceException: `version` is no int, or the version's folder does not hold exactly one entry.
            ModelNotFoundException: There is no such model, nor a file or folder of that name in the working directory.
            ValueError: A version folder's name is no number.
        """
        if version is not None and not isinstance(version, int):
            raise WebserviceException("version should be an int")
        folder = Path(MODELS_DIR, model_name)
        if not folder.exists():
            return _in_working_directory(model_name)
        if version is None:
            version = max((int(found.name) for found in folder.iterdir()), default=-1)
        version_folder = folder / str(version)
        if not version_folder.exists():
            raise _not_found(model_name)
        return str(version_folder / _only_entry(version_folder))

    @staticmethod
    def list(*args: Any, **kwargs: Any) -> Any:
        """Not possible inside a service."""
        del args, kwargs
        return _not_in_a_service("Model.list")

    @staticmethod
    def register(*args: Any, **kwargs: Any) -> Any:
        """Not possible inside a service."""
        del args, kwargs
        return _not_in_a_service("Model.register")

    @staticmethod
    def deploy(*args: Any, **kwargs: Any) -> Any:
        """Not possible inside a service."""
        del args, kwargs
        return _not_in_a_service("Model.deploy")


class InferenceConfig:
    """Only here to be imported."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.arguments = args, kwargs


class Dataset:
    """Only here to be imported."""

    def __getattr__(self, name: str) -> Any:
        return _not_in_a_service(f"Dataset.{name}")


def _in_working_directory(model_name: str) -> str:
    if Path(model_name).exists():
        return model_name
    raise _not_found(model_name)


def _not_found(model_name: str) -> ModelNotFoundException:
    return ModelNotFoundException(
        f"Model {model_name} not found in cache at azureml-models or in current working directory {Path.cwd()}."
        " For more info, set logging level to DEBUG."
    )


def _only_entry(folder: Path) -> str:
    entries = [found.name for found in folder.iterdir()]
    if len(entries) != 1:
        raise WebserviceException(f"Dir {folder} can contain only 1 file or folder. Found {entries}")
    return entries[0]
