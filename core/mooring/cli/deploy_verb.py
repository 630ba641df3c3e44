"""`mooring model deploy`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from mooring.cli import common_flags as common
from mooring.cli import deploy_flags as deploying
from mooring.cli import requests
from mooring.cli.background import go_on_in_background
from mooring.cli.call import Call
from mooring.cli.flags import flag
from mooring.cli.mistakes import UsageMistake
from mooring.cli.output import Answer
from mooring.cli.progress import phases
from mooring.cli.sizes import seconds
from mooring.cli.verb import verb

if TYPE_CHECKING:
    from mooring.deployments.planning import Plan
    from mooring.deployments.values import Service


def add_deploy(app: typer.Typer) -> None:
    """Add the verb to its noun."""
    settings = (*deploying.SCRIPT_SETTINGS, *deploying.SETTINGS, *deploying.PLACE_SETTINGS)
    verb(app, "deploy", examples=_EXAMPLES, settings=settings)(deploy)


_EXAMPLES = (
    "mooring model deploy -n scorer -m diabetes:1 --ic inferenceconfig.json --dc deploymentconfig.json",
    "mooring model deploy -n scorer -m diabetes --es score.py --cf myenv.yml --port 6789",
    "mooring model deploy -n scorer --image scorer:1 --dc deploymentconfig.json",
    "mooring model deploy -n scorer -m diabetes:2 --ic inferenceconfig.json --overwrite --no-wait",
    "mooring model deploy -n scorer -m diabetes:1 --ic inferenceconfig.json --dry-run",
)


def deploy(
    call: Call,
    name: common.ServiceName,
    model: deploying.NewModels = None,
    model_metadata_file: deploying.ModelFiles = None,
    inference_config_file: deploying.InferenceFile = None,
    deploy_config_file: deploying.DeployFile = None,
    environment_name: deploying.EnvironmentName = None,
    environment_version: deploying.EnvironmentVersion = None,
    environment_directory: deploying.EnvironmentDirectory = None,
    compute_type: Annotated[
        str | None,
        flag(
            "--compute-type",
            "--cp",
            help="process unless said, here or in the deployment config.",
            example="process",
        ),
    ] = None,
    compute_target: Annotated[
        str | None, flag("--compute-target", "--ct", help="Where to: a name that `computetarget list` shows.")
    ] = None,
    image: deploying.Image = None,
    overwrite: Annotated[
        bool, flag("--overwrite", help="Replace a service of that name; URL and keys stay.")
    ] = False,
    tag: common.NewTags = None,
    property: common.NewProperties = None,  # noqa: A002 (v1's flag)
    description: common.Description = None,
    dry_run: common.DryRun = False,
    no_wait: common.NoWait = False,
    profile_input: Annotated[
        str | None, flag("--profile-input", "--pi", help="Ignored.", hidden=True)
    ] = None,
    settings: dict[str, Any] | None = None,
) -> Answer:
    """Deploy models behind one URL.

    Waits until the service answers. Everything that can be checked is checked first; a deployment that fails leaves what served before untouched.
    Flags win over the files.
    """
    if no_wait and not dry_run:
        return in_background(call, name)
    if profile_input:
        call.note("note: --profile-input has no meaning here and is ignored.")
    given = settings or {}
    choice = requests.EnvironmentChoice(environment_name, environment_version, environment_directory)
    inference = requests.script_or_image_asked(call, image, inference_config_file, given, choice)
    if inference is None:
        raise UsageMistake("No entry script was named.", "Add --ic inferenceconfig.json or --es score.py.")
    if image and not (compute_type or compute_target or deploy_config_file):
        compute_type = "local"
    labels = {"tags": tag, "properties": property, "description": description}
    given.update({key: value for key, value in labels.items() if value is not None})
    deployment = requests.deployment_asked(
        call, deploy_config_file, given, compute_type=compute_type, compute_target=compute_target
    )
    models = requests.models_asked(call, model, model_metadata_file)
    if dry_run:
        desk = call.workspace.services
        return told_plan(desk.plan_deploy(name, models, inference, deployment, overwrite=overwrite))
    with phases(call.err, is_quiet=call.is_quiet, history=call.workspace.services.past_durations) as view:
        operation = call.workspace.services.prepare_deploy(
            name, models, inference, deployment, overwrite=overwrite, reporter=view
        )
        call.typed.tell_accepted()
        service = operation.carry_out()
        return told_healthy(service, view.elapsed_s)


def told_plan(plan: Plan) -> Answer:
    """The answer to a dry run."""
    rows = {
        "plan": plan.line,
        "keeps": list(plan.keeps),
        "environment": plan.environment,
    }
    return Answer(
        plan.to_dict(),
        plan,
        rows=rows,
        after=[f"  {finding}" for finding in plan.findings] + ["Nothing was changed."],
    )


def told_healthy(service: Service, elapsed_s: float) -> Answer:
    """The answer to a deploy or update that went well."""
    undo = "rollback" if (service.revision or 1) > 1 else "delete"
    word = "roll back" if undo == "rollback" else "undo"
    return Answer(
        service.to_dict(),
        service,
        text=f"\n{service.state} in {seconds(elapsed_s)}   {service.scoring_uri}   "
        f"{word}: mooring service {undo} -n {service.name}",
    )


def in_background(call: Call, name: str) -> Answer:
    """Let the same command line go on without anybody waiting for it."""
    go_on_in_background(call.typed.arguments)
    service = call.workspace.services.get(name)
    goes_on = "; the work goes on in the background" if service.operation is not None else ""
    return Answer(
        service.to_dict(),
        service,
        text=f"{service.name} is {service.state}{goes_on}.",
        after=[f"Watch it: mooring service get-logs -n {name} --follow"],
    )
