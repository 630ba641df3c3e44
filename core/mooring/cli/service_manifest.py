"""`mooring service manifest`: the Kubernetes objects of a service that serves, or of one that is to be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

import typer

from mooring.cli import common_flags as common
from mooring.cli import deploy_flags as deploying
from mooring.cli import requests
from mooring.cli.call import Call
from mooring.cli.flags import flag
from mooring.cli.mistakes import UsageMistake
from mooring.cli.output import Answer
from mooring.cli.verb import verb

_EXAMPLES = (
    "mooring service manifest -n scorer > scorer.yaml",
    "mooring service manifest -n scorer -m diabetes:1 --ic inferenceconfig.json --dc deploymentconfig.json",
    "mooring service manifest -n scorer --image scorer:1 --dc deploymentconfig.json | kubectl diff -f -",
)


def add_manifest(app: typer.Typer) -> None:
    """Add the verb to its noun."""
    settings = (*deploying.SCRIPT_SETTINGS, *deploying.SETTINGS, *deploying.PLACE_SETTINGS)
    verb(app, "manifest", examples=_EXAMPLES, settings=settings)(manifest)


def manifest(
    call: Call,
    name: common.ServiceName,
    model: deploying.NewModels = None,
    model_metadata_file: deploying.ModelFiles = None,
    inference_config_file: deploying.InferenceFile = None,
    deploy_config_file: deploying.DeployFile = None,
    environment_name: deploying.EnvironmentName = None,
    environment_version: deploying.EnvironmentVersion = None,
    environment_directory: deploying.EnvironmentDirectory = None,
    compute_target: Annotated[
        str | None, flag("--compute-target", "--ct", help="Where to: a name that `computetarget list` shows.")
    ] = None,
    image: deploying.Image = None,
    settings: dict[str, Any] | None = None,
) -> Answer:
    """Print the Kubernetes objects of a service, to be kept in git.

    With the name alone as they were applied for the revision that serves: `kubectl diff -f` shows what was changed
    since. With the options of `mooring model deploy` as that would apply them; nothing is made. In YAML, with Secrets
    by name only.
    """
    given = settings or {}
    choice = requests.EnvironmentChoice(environment_name, environment_version, environment_directory)
    inference = requests.script_or_image_asked(call, image, inference_config_file, given, choice)
    deployment = requests.deployment_asked(call, deploy_config_file, given, compute_target=compute_target)
    models = requests.models_asked(call, model, model_metadata_file)
    desk = call.workspace.services
    if inference is not None:
        planned = desk.planned_manifest(name, models, inference, deployment)
        return _told(planned, is_planned=True)
    if models or deployment is not None:
        raise UsageMistake("No entry script was named.", "Add --ic inferenceconfig.json or --es score.py.")
    return _told(desk.manifest(name), is_planned=False)


def _told(objects: Sequence[dict[str, Any]], *, is_planned: bool) -> Answer:
    from mooring.targets.kubernetes.printing import render_manifest

    return Answer(list(objects), text=render_manifest(list(objects), is_planned=is_planned))
