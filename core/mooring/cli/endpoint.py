"""`mooring endpoint …`: several versions of a service behind one URL, each with its share of the requests.

v1's `endpoint realtime …` is taken as well; what is the same for every service (show, run, get-keys, get-logs, delete)
is the verb of `mooring service`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

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

if TYPE_CHECKING:
    from mooring.configs import InferenceConfig

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
    asked = _asked(call, locals())
    shares = {"traffic": traffic_percentile or 0, "default": is_default, "control": is_control_version_type}
    return _bring_up(call, name, version_name, asked, shares, is_new=True)


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
    asked = _asked(call, locals())
    shares: dict[str, Any] = {
        "traffic": traffic_percentile,
        "default": is_default,
        "control": is_control_version_type,
    }
    if not asked.is_any:
        if all(value is None for value in shares.values()):
            raise UsageMistake("Nothing to change was given.", "Add --tp, --is-default, -m or --ic.")
        call.workspace.services.set_traffic(name, version_name, **shares)
        return versions_answer(call, name)
    return _bring_up(call, name, version_name, asked, shares, is_new=False)


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


@dataclass(frozen=True)
class _Asked:
    """What a version is to be made of, as far as flags say; None and empty mean: as before."""

    models: list[str] | None
    inference: InferenceConfig | None
    settings: dict[str, Any]

    @property
    def is_any(self) -> bool:
        """Whether the version has to be started anew."""
        return bool(self.models or self.inference or self.settings)


def _asked(call: Call, given: dict[str, Any]) -> _Asked:
    """The choice of models, script and environment that both verbs take."""
    settings: dict[str, Any] = given["settings"] or {}
    names = (given["environment_name"], given["environment_version"], given["environment_directory"])
    choice = requests.EnvironmentChoice(*names)
    return _Asked(
        requests.models_asked(call, given["model"], given["model_metadata_file"]) or None,
        requests.inference_asked(call, given["inference_config_file"], settings, choice),
        settings,
    )


_SHARES = {"traffic": "traffic_percentile", "default": "is_default", "control": "is_control_version_type"}
"""What the deployment config calls them."""


def _bring_up(
    call: Call, name: str, version: str, asked: _Asked, shares: dict[str, Any], *, is_new: bool
) -> Answer:
    given = {**asked.settings, **{_SHARES[key]: value for key, value in shares.items()}}
    with phases(call.err, is_quiet=call.is_quiet) as view:
        operation = call.workspace.services.prepare_version(
            name,
            version,
            is_new=is_new,
            models=asked.models,
            inference_config=asked.inference,
            settings={key: value for key, value in given.items() if value is not None},
            reporter=view,
        )
        call.typed.tell_accepted()
        return told_healthy(operation.carry_out(), view.elapsed_s)
