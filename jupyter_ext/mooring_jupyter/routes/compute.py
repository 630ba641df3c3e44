"""`/compute`: where services can run."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from mooring.errors import MooringError
from mooring_jupyter.routes.route import Call, Noun
from mooring_jupyter.shapes import Compute, Settings, Target

if TYPE_CHECKING:
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
    from mooring.configs import DEPLOYMENT_CONFIGS
    from mooring.configs.config_form import config_fields
    from mooring.deployments.errors import UnknownComputeType

    kind = compute_type.lower()
    if kind not in DEPLOYMENT_CONFIGS:
        raise UnknownComputeType(compute_type=compute_type, installed=sorted(DEPLOYMENT_CONFIGS))
    settings = [each.to_dict() for each in config_fields(kind)]
    return cast("Settings", {"computeType": kind, "settings": settings})


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
