"""From a request's words to the core's configurations."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mooring_jupyter.paths import inside

if TYPE_CHECKING:
    from mooring.configs import DeploymentConfig, InferenceConfig
    from mooring.environments import Environment
    from mooring.workspace import Workspace
    from mooring_jupyter.shapes import Deployment

_SCRIPT = ("entryScript", "sourceDirectory", "condaFile")
_LABELS = ("tags", "properties", "description")


def inference_of(workspace: Workspace, root: Path, asked: Deployment) -> InferenceConfig:
    """The inference configuration that is asked for.

    Raises:
        InvalidInferenceConfig, ConfigUnreadable, EnvironmentNotFound, PathOutside: See there.
    """
    from mooring.configs import InferenceConfig

    environment = _environment(workspace, asked.get("environment"))
    if "inferenceConfig" in asked:
        config = _read_inference(workspace, inside(root, asked["inferenceConfig"]))
        if environment is not None:
            config.environment = environment
        return config
    words: Any = asked
    given = {key: str(inside(root, words[key])) for key in _SCRIPT if words.get(key)}
    if given.get("entryScript") and "sourceDirectory" in given:
        folder = given["sourceDirectory"]
        given["entryScript"] = os.path.relpath(given["entryScript"], folder)
    return InferenceConfig(
        entry_script=given.get("entryScript", ""),
        source_directory=given.get("sourceDirectory"),
        conda_file=given.get("condaFile") if environment is None else None,
        environment=environment,
    )


def deployment_of(root: Path, asked: Deployment) -> DeploymentConfig | None:
    """The deployment configuration that is asked for; None leaves it to the core.

    Raises:
        InvalidDeploymentConfig, ConfigUnreadable, PathOutside: See there.
    """
    from mooring.configs import DEPLOYMENT_CONFIGS, load_deployment_config
    from mooring.deployments.errors import UnknownComputeType

    words: Any = asked
    settings = {**asked.get("settings", {}), **{key: words[key] for key in _LABELS if key in asked}}
    kind = asked.get("computeType", "").lower()
    if "deploymentConfig" in asked:
        config, _ = load_deployment_config(inside(root, asked["deploymentConfig"]))
    elif kind or settings:
        if kind and kind not in DEPLOYMENT_CONFIGS:
            raise UnknownComputeType(compute_type=kind, installed=sorted(DEPLOYMENT_CONFIGS))
        config = DEPLOYMENT_CONFIGS[kind or "process"].of({})
    else:
        return None
    for name, value in settings.items():
        setattr(config, name, value)
    config.validate_configuration()
    return config


def changes_of(workspace: Workspace, root: Path, asked: Deployment) -> dict[str, Any]:
    """The arguments of `ServiceDesk.update`."""
    words: Any = asked
    changes: dict[str, Any] = {key: words[key] for key in ("models", "settings", *_LABELS) if key in asked}
    if any(key in asked for key in ("inferenceConfig", "entryScript")):
        changes["inference_config"] = inference_of(workspace, root, asked)
    if "deploymentConfig" in asked:
        plain: Any = {"deploymentConfig": asked["deploymentConfig"]}
        changes["deployment_config"] = deployment_of(root, plain)
    return changes


def _environment(workspace: Workspace, wanted: str | None) -> Environment | None:
    if not wanted:
        return None
    name, _, version = wanted.partition(":")
    return workspace.environments.get(name, version or None)


def _read_inference(workspace: Workspace, path: Path) -> InferenceConfig:
    """With its paths taken from the folder they were written for, whatever this process's own is."""
    from mooring.configs import load_inference_config
    from mooring.deployments.errors import NothingToDeploy

    try:
        return workspace.services.propose(path).load_inference()
    except NothingToDeploy:  # it leads to no script: reading it says why
        return load_inference_config(path)[0]
