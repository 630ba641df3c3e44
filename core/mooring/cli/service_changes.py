"""`mooring service update`, `reload`, `rollback` and `delete`."""

from __future__ import annotations

from typing import Any

import typer

from mooring.cli import common_flags as common
from mooring.cli import deploy_flags as deploying
from mooring.cli import requests
from mooring.cli.call import Call
from mooring.cli.deploy_verb import in_background, told_healthy, told_plan
from mooring.cli.output import Answer
from mooring.cli.progress import PhaseLines, phases
from mooring.cli.verb import verb


def add_changes(app: typer.Typer) -> None:
    """Add the verbs to their noun."""
    settings = (*deploying.SCRIPT_SETTINGS, *deploying.SETTINGS)
    verb(app, "update", examples=_UPDATES, settings=settings)(update)
    verb(app, "reload", examples=["mooring service reload -n scorer"])(reload)
    verb(app, "rollback", examples=["mooring service rollback -n scorer"])(rollback)
    verb(app, "delete", examples=["mooring service delete -n scorer"])(delete)


_UPDATES = (
    "mooring service update -n scorer -m diabetes:2",
    "mooring service update -n scorer --ic inferenceconfig.json",
    "mooring service update -n scorer --add-tag stage=production",
    "mooring service update -n scorer",
)


def update(
    call: Call,
    name: common.ServiceName,
    model: deploying.NewModels = None,
    model_metadata_file: deploying.ModelFiles = None,
    inference_config_file: deploying.InferenceFile = None,
    deploy_config_file: deploying.DeployFile = None,
    environment_name: deploying.EnvironmentName = None,
    environment_version: deploying.EnvironmentVersion = None,
    environment_directory: deploying.EnvironmentDirectory = None,
    image: deploying.Image = None,
    add_tag: common.AddedTags = None,
    remove_tag: common.RemovedTags = None,
    add_property: common.AddedProperties = None,
    description: common.ShortDescription = None,
    dry_run: common.DryRun = False,
    no_wait: common.NoWait = False,
    settings: dict[str, Any] | None = None,
) -> Answer:
    """Change what a service serves, or how.

    URL and keys stay, and no request fails: the new version starts beside the old one and is checked before traffic
    moves. With nothing to change it runs the script as it is on disk now, like `reload`, and starts what had stopped.
    """
    if no_wait and not dry_run:
        return in_background(call, name)
    given = settings or {}
    service = call.workspace.services.get(name)
    choice = requests.EnvironmentChoice(environment_name, environment_version, environment_directory)
    changes: dict[str, Any] = {
        "models": requests.models_asked(call, model, model_metadata_file) or None,
        "inference_config": requests.script_or_image_asked(call, image, inference_config_file, given, choice),
        "tags": _changed_tags(service.tags, add_tag, remove_tag),
        "properties": add_property,
        "description": description,
    }
    if deploy_config_file:
        changes["deployment_config"] = requests.deployment_asked(call, deploy_config_file, given)
    else:
        changes["settings"] = requests.settings_asked(call, given, service.compute_type) or None
    asked = {key: value for key, value in changes.items() if value is not None}
    if dry_run:
        touching = {key: value for key, value in asked.items() if key not in _LABELS}
        return told_plan(call.workspace.services.plan_update(name, **touching))
    with phases(call.err, is_quiet=call.is_quiet, history=call.workspace.services.past_durations) as view:
        return _carry_out(call, name, asked, view)


_LABELS = ("tags", "properties", "description")
"""What changes without anything being started."""


def _carry_out(call: Call, name: str, changes: dict[str, Any], view: PhaseLines) -> Answer:
    desk = call.workspace.services
    if changes:
        operation = desk.prepare_update(name, **changes, reporter=view)
    else:
        operation = desk.prepare_reload(name, reporter=view)
    call.typed.tell_accepted()
    if operation is None:
        service = desk.get(name)
        return Answer(service.to_dict(), service, text=f"Updated {name}; what runs was not touched.")
    return told_healthy(operation.carry_out(), view.elapsed_s)


def reload(call: Call, name: common.ServiceName) -> Answer:
    """Run the edited script.

    The script as it is on disk now, with the same models and settings; no request fails.
    """
    with phases(call.err, is_quiet=call.is_quiet, history=call.workspace.services.past_durations) as view:
        return told_healthy(call.workspace.services.reload(name, reporter=view), view.elapsed_s)


def rollback(call: Call, name: common.ServiceName) -> Answer:
    """Go back to the revision before.

    Its models, its settings and the code it had are served again at the same URL.
    """
    with phases(call.err, is_quiet=call.is_quiet, history=call.workspace.services.past_durations) as view:
        service = call.workspace.services.rollback(name, reporter=view)
        return told_healthy(service, view.elapsed_s)


def delete(call: Call, name: common.ServiceName) -> Answer:
    """Stop a service and forget it.

    Its models and environments stay registered.
    """
    service = call.workspace.services.get(name)
    call.workspace.services.delete(name)
    kept = f"Still registered: {', '.join(service.models)}." if service.models else ""
    return Answer({"deleted": name}, text=f"Deleted {name}", after=[kept] if kept else [])


def _changed_tags(
    tags: dict[str, str], added: dict[str, str] | None, removed: list[str] | None
) -> dict[str, str] | None:
    if not added and not removed:
        return None
    gone = set(removed or [])
    return {**{key: value for key, value in tags.items() if key not in gone}, **(added or {})}
