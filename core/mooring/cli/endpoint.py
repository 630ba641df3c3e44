"""`mooring endpoint …`: several versions of a service behind one URL, each with its share of the requests.

v1's `endpoint realtime …` is taken as well; what is the same for every service (show, run, get-keys, get-logs, delete)
is the verb of `mooring service`.
"""

from __future__ import annotations

from typing import Annotated, Any

from mooring.cli import common_flags as common
from mooring.cli import deploy_flags as deploying
from mooring.cli import requests
from mooring.cli.call import Call
from mooring.cli.deploy_verb import in_background, told_healthy
from mooring.cli.flags import flag
from mooring.cli.mistakes import UsageMistake
from mooring.cli.nouns import endpoint_noun
from mooring.cli.output import Answer
from mooring.cli.progress import phases
from mooring.cli.verb import verb

app = endpoint_noun()

VersionName = Annotated[str, flag("--version-name", "--vn", help="Name of the version.", example="blue")]
Share = Annotated[
    float | None, flag("--traffic-percentile", "--tp", help="Its share of the requests, in percent.")
]
Default = Annotated[
    bool | None, flag("--is-default", help="It also gets the requests no version was assigned.")
]
Control = Annotated[
    bool | None, flag("--is-control-version-type", "--cvt", help="It is what the others are compared with.")
]
_SETTINGS = (*deploying.SCRIPT_SETTINGS, *deploying.SETTINGS)


@verb(app, "list", examples=["mooring endpoint list"])
def list_(call: Call) -> Answer:
    """List endpoints and how each is right now."""
    found = call.workspace.services.list(compute_type="aksendpoint")
    columns = {"Name": "name", "State": "state", "Models": "modelIds", "URL": "scoringUri"}
    return Answer([service.to_dict() for service in found], found, columns=columns)


@verb(app, "versions", examples=["mooring endpoint versions -n scorer"])
def versions(call: Call, name: common.ServiceName) -> Answer:
    """List the versions of an endpoint and who gets how many requests."""
    table = call.workspace.services.versions(name)
    data = [{"version": version, **facts} for version, facts in sorted(table.items())]
    return Answer(data, columns={"Version": "version", "Traffic %": "traffic", "Default": "default"})


_CREATE = (
    "mooring endpoint create-version -n scorer --vn blue -m diabetes:2 --ic inferenceconfig.json --tp 20",
)


@verb(app, "create-version", examples=_CREATE, settings=_SETTINGS)
def create_version(
    call: Call,
    name: common.ServiceName,
    version_name: VersionName,
    model: deploying.NewModels = None,
    model_metadata_file: deploying.ModelFiles = None,
    inference_config_file: deploying.InferenceFile = None,
    environment_name: deploying.EnvironmentName = None,
    environment_version: deploying.EnvironmentVersion = None,
    environment_directory: deploying.EnvironmentDirectory = None,
    traffic_percentile: Share = None,
    is_default: Default = None,
    is_control_version_type: Control = None,
    no_wait: common.NoWait = False,
    settings: dict[str, Any] | None = None,
) -> Answer:
    """Bring a new version up behind the endpoint's URL.

    It gets no requests unless --traffic-percentile or --is-default says so. What is not given is as in the version
    that was deployed last.
    """
    if no_wait:
        return in_background(call, name)
    choice = requests.EnvironmentChoice(environment_name, environment_version, environment_directory)
    shares = {"traffic_percentile": traffic_percentile or 0, "is_default": is_default}
    given = {**(settings or {}), **shares, "is_control_version_type": is_control_version_type}
    models = requests.models_asked(call, model, model_metadata_file) or None
    inference = requests.inference_asked(call, inference_config_file, settings or {}, choice)
    return _bring_up(call, name, version_name, models, inference, given, is_new=True)


_UPDATE = (
    "mooring endpoint update-version -n scorer --vn blue --tp 50",
    "mooring endpoint update-version -n scorer --vn blue -m diabetes:3",
)


@verb(app, "update-version", examples=_UPDATE, settings=_SETTINGS)
def update_version(
    call: Call,
    name: common.ServiceName,
    version_name: VersionName,
    model: deploying.NewModels = None,
    model_metadata_file: deploying.ModelFiles = None,
    inference_config_file: deploying.InferenceFile = None,
    environment_name: deploying.EnvironmentName = None,
    environment_version: deploying.EnvironmentVersion = None,
    environment_directory: deploying.EnvironmentDirectory = None,
    traffic_percentile: Share = None,
    is_default: Default = None,
    is_control_version_type: Control = None,
    no_wait: common.NoWait = False,
    settings: dict[str, Any] | None = None,
) -> Answer:
    """Change a version, or only its share of the requests; the others are not touched."""
    if no_wait:
        return in_background(call, name)
    choice = requests.EnvironmentChoice(environment_name, environment_version, environment_directory)
    models = requests.models_asked(call, model, model_metadata_file) or None
    inference = requests.inference_asked(call, inference_config_file, settings or {}, choice)
    shares: dict[str, Any] = {
        "traffic": traffic_percentile,
        "default": is_default,
        "control": is_control_version_type,
    }
    if models is None and inference is None and not settings:
        if all(value is None for value in shares.values()):
            raise UsageMistake("Nothing to change was given.", "Add --tp, --is-default, -m or --ic.")
        call.workspace.services.set_traffic(name, version_name, **shares)
        return versions_answer(call, name)
    given = {
        **(settings or {}),
        "traffic_percentile": traffic_percentile,
        "is_default": is_default,
        "is_control_version_type": is_control_version_type,
    }
    return _bring_up(call, name, version_name, models, inference, given, is_new=False)


@verb(app, "delete-version", examples=["mooring endpoint delete-version -n scorer --vn blue"])
def delete_version(
    call: Call,
    name: common.ServiceName,
    version_name: VersionName,
    no_wait: Annotated[bool, flag("--no-wait", help="Ignored.", hidden=True)] = False,
) -> Answer:
    """Remove a version, once nothing is sent to it any more. The default one can't be."""
    del no_wait
    call.workspace.services.delete_version(name, version_name)
    return Answer({"deleted": version_name}, text=f"Deleted {version_name} of {name}")


def versions_answer(call: Call, name: str) -> Answer:
    """The versions as they are now."""
    table = call.workspace.services.versions(name)
    lines = [f"{version} {facts['traffic']:g} %" for version, facts in sorted(table.items())]
    return Answer(table, text=f"{name}: {', '.join(lines)}")


def _bring_up(
    call: Call, name: str, version: str, models: Any, inference: Any, given: dict[str, Any], *, is_new: bool
) -> Answer:
    with phases(call.err, is_quiet=call.is_quiet) as view:
        operation = call.workspace.services.prepare_version(
            name,
            version,
            is_new=is_new,
            models=models,
            inference_config=inference,
            settings={key: value for key, value in given.items() if value is not None},
            reporter=view,
        )
        call.typed.tell_accepted()
        return told_healthy(operation.carry_out(), view.elapsed_s)
