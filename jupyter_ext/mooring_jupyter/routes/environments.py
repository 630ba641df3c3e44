"""`/environments`: what models need around them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mooring_jupyter.paths import inside
from mooring_jupyter.routes.route import Call, Noun
from mooring_jupyter.shapes import Environment, EnvironmentFilter, Environments, NewEnvironment

if TYPE_CHECKING:
    from mooring.environments import Environment as RegisteredEnvironment

_noun = Noun("environments")
ROUTES = _noun.routes


@_noun.route("GET", "/environments")
def list_environments(call: Call, query: EnvironmentFilter) -> Environments:
    """Registered environments, the newest version of each; or all versions of one, oldest first."""
    name = query.get("name")
    if name is not None:
        call.workspace.environments.get(name)
    return {"environments": [_environment(each) for each in call.workspace.environments.list(name)]}


@_noun.route("POST", "/environments", action="write", status=201)
def register_environment(call: Call, body: NewEnvironment) -> Environment:
    """Register the packages of a conda file, or of a pip requirements file."""
    from mooring.environments import Environment as Definition

    path = inside(call.root, body["path"])
    read = Definition.from_pip_requirements if path.suffix == ".txt" else Definition.from_conda_specification
    return _environment(call.workspace.environments.register(read(body["name"], path)))


def _environment(environment: RegisteredEnvironment) -> Environment:
    from mooring.environments.redaction import redact

    facts = environment.summary()
    docker = environment.docker
    image = docker.base_image or ("own Dockerfile" if docker.base_dockerfile else None)
    return {
        "name": environment.name,
        "version": environment.version,
        "pythonVersion": facts["pythonVersion"],
        "packages": [redact(package) for package in facts["packages"]],
        "variables": sorted(environment.environment_variables),
        "image": redact(image) if image else None,
    }
