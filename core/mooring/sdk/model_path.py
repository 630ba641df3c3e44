"""Where a model's files are, outside a service."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from mooring.errors import MooringError
from mooring.scoring.shims import exceptions as v1
from mooring.scoring.shims.model import Model as ServiceModel
from mooring.sdk.exceptions import ModelNotFoundException, WebserviceException

if TYPE_CHECKING:
    from mooring.sdk.workspace import Workspace


def find_model_path(name: str, version: Any, workspace: Workspace | None) -> str:
    """The path as a service would see it, else the model is fetched from a workspace into `azureml-models`."""
    if version is not None and (isinstance(version, bool) or not isinstance(version, int)):
        raise WebserviceException(f"version should be an int, not {version!r}.")
    if workspace is None:
        try:
            return str(ServiceModel.get_model_path(name, version))
        except v1.ModelNotFoundException as missing:
            reason = missing
        workspace = _default_workspace()
        try:
            return _fetch(workspace, name, version)
        except MooringError as error:
            raise ModelNotFoundException(str(reason)) from error
    return _fetch(workspace, name, version)


def _default_workspace() -> Workspace:
    from mooring.sdk.workspace import Workspace

    return Workspace()


def _fetch(workspace: Workspace, name: str, version: int | None) -> str:
    models = workspace.core.models
    return str(models.checkout(models.get(name, version), Path("azureml-models")))
