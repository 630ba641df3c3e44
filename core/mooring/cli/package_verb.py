"""`mooring model package`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from mooring.cli import deploy_flags as deploying
from mooring.cli import requests
from mooring.cli.background import go_on_in_background
from mooring.cli.call import Call
from mooring.cli.common_flags import NoWait
from mooring.cli.flags import flag
from mooring.cli.image import Label, Registry, told_built
from mooring.cli.mistakes import UsageMistake
from mooring.cli.output import Answer
from mooring.cli.progress import phases
from mooring.cli.sizes import seconds
from mooring.cli.verb import verb


def add_package(app: typer.Typer) -> None:
    """Add the verb to its noun."""
    verb(app, "package", examples=_EXAMPLES, settings=deploying.SCRIPT_SETTINGS)(package)


_EXAMPLES = (
    "mooring model package -m diabetes:1 --ic inferenceconfig.json",
    "mooring model package -m diabetes:1 --ic inferenceconfig.json --in scorer --il candidate",
    "mooring model package -m diabetes:1 --ic inferenceconfig.json --output-path packed",
)


def package(
    call: Call,
    model: deploying.NewModels = None,
    model_metadata_file: deploying.ModelFiles = None,
    inference_config_file: deploying.InferenceFile = None,
    environment_name: deploying.EnvironmentName = None,
    environment_version: deploying.EnvironmentVersion = None,
    environment_directory: deploying.EnvironmentDirectory = None,
    image_name: Annotated[
        str | None, flag("--image-name", "--in", help="Name of the image; package unless said.")
    ] = None,
    label: Label = None,
    output_path: Annotated[
        Path | None,
        flag("--output-path", help="Write a Dockerfile and all it needs here, instead of building."),
    ] = None,
    registry: Registry = None,
    no_wait: NoWait = False,
    settings: dict[str, Any] | None = None,
) -> Answer:
    """Pack models and a script into an image that runs anywhere with docker run, or into a folder to build one.

    The folder needs nothing but `docker build`; no engine is asked for it.
    """
    choice = requests.EnvironmentChoice(environment_name, environment_version, environment_directory)
    inference = requests.inference_asked(call, inference_config_file, settings or {}, choice)
    if inference is None:
        raise UsageMistake("No entry script was named.", "Add --ic inferenceconfig.json or --es score.py.")
    models = requests.models_asked(call, model, model_metadata_file)
    if no_wait:
        go_on_in_background(call.typed.arguments)
        return Answer(
            {"state": "Running"}, text="Packing goes on in the background.", after=["mooring image list"]
        )
    with phases(call.err, is_quiet=call.is_quiet, history=call.workspace.services.past_durations) as view:
        call.typed.tell_accepted()
        if output_path is not None:
            folder = call.workspace.images.write_context(models, inference, output_path, reporter=view)
            return Answer(
                {"location": str(folder)},
                folder,
                text=f"\nWrote {folder}/ in {seconds(view.elapsed_s)}",
                after=[f"Build it: docker build -t NAME {folder}"],
            )
        image = call.workspace.images.build(
            image_name or "package",
            models,
            inference,
            label=label or "",
            registry=registry or "",
            reporter=view,
        )
        return told_built(image, view.elapsed_s)
