"""`/compute`: where services can run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mooring.errors import MooringError
from mooring_jupyter.routes.route import Call, Noun
from mooring_jupyter.shapes import Compute, Setting, Settings, Target

if TYPE_CHECKING:
    from mooring.configs import DeploymentConfig
    from mooring.configs import Setting as Described
    from mooring.deployments.target import Target as Place

_noun = Noun("compute")
ROUTES = _noun.routes
_PROBE = "mooring-probe"


@_noun.route("GET", "/compute")
def list_targets(call: Call) -> Compute:
    """Places where services can run, and what keeps a place from taking one just now."""
    from mooring.cli.places import places

    users = [service.target for service in call.workspace.services.list()]
    found = places(call.workspace.settings)
    return {"targets": [_target(place, users.count(place.name)) for place in found]}


@_noun.route("GET", "/compute/{compute_type}/settings")
def list_settings(call: Call, compute_type: str) -> Settings:
    """What a deployment of that compute type can be told, in the order of v1's arguments."""
    del call
    from mooring.configs import settings_of

    config = _config_class(compute_type)
    settings = [
        _setting(name, setting) for name, setting in settings_of(config).items() if not setting.is_secret
    ]
    return {"computeType": config.compute_type, "settings": settings}


def _target(place: Place, services: int) -> Target:
    problem, remedy = _obstacle(place)
    return {
        "name": place.name,
        "computeTypes": list(place.compute_types),
        "available": not problem,
        "problem": problem,
        "remedy": remedy,
        "services": services,
    }


def _obstacle(place: Place) -> tuple[str, str]:
    """What the place itself says about a service that nobody deploys."""
    from mooring.configs import DEPLOYMENT_CONFIGS

    config = DEPLOYMENT_CONFIGS.get(place.compute_types[0])
    try:
        findings = place.check(_PROBE, config.of({})) if config is not None else []
    except MooringError as error:
        return error.problem, error.remedy
    for finding in findings:
        if finding.severity == "error":
            return finding.problem, finding.remedy
    return "", ""


def _config_class(compute_type: str) -> type[DeploymentConfig]:
    from mooring.configs import DEPLOYMENT_CONFIGS
    from mooring.deployments.errors import UnknownComputeType

    if compute_type.lower() not in DEPLOYMENT_CONFIGS:
        raise UnknownComputeType(compute_type=compute_type, installed=sorted(DEPLOYMENT_CONFIGS))
    return DEPLOYMENT_CONFIGS[compute_type.lower()]


def _setting(name: str, setting: Described) -> Setting:
    return {
        "name": name,
        "key": setting.key,
        "kind": setting.kind,
        "doc": setting.doc,
        "default": setting.default,
        "choices": list(setting.choices),
        "noEffect": setting.no_effect,
    }
