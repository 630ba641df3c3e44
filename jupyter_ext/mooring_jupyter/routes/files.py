"""`/files`: what a file of the file browser is to Mooring, and what is wrong with it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import cast

from mooring_jupyter.jobs.work import Work
from mooring_jupyter.paths import PathOutside, below, inside
from mooring_jupyter.routes.route import Call, Noun
from mooring_jupyter.shapes import About, DemoRequest, FileFacts, FilePath, Findings, Job, SourcePlace

_noun = Noun("files")
ROUTES = _noun.routes


@_noun.route("GET", "/about")
def about(call: Call) -> About:
    """Which Mooring answers, and the workspaces there are."""
    from mooring import __version__
    from mooring.workspace import list_workspaces

    return {
        "version": __version__,
        "workspace": call.workspace.name,
        "workspaces": list_workspaces(call.workspace.settings),
        "root": str(call.root),
    }


@_noun.route("GET", "/files")
def describe_file(call: Call, query: FilePath) -> FileFacts:
    """What a file is, and what belongs to it: the configurations beside it, the models registered from it."""
    from mooring_jupyter.describing import describe

    return describe(call.workspace, call.root, inside(call.root, query.get("path", "")))


@_noun.route("GET", "/files/findings")
def check_file(call: Call, query: FilePath) -> Findings:
    """What is wrong with a script, a configuration or an environment file, found without running it."""
    from mooring.inspection import inspect_project

    path = inside(call.root, query.get("path", ""))
    found = [finding.to_dict() for finding in inspect_project([path])]
    for finding in found:
        finding["path"] = below(call.root, path.parent / finding["path"]) or finding["path"]
    return cast("Findings", {"findings": found})


@_noun.route("GET", "/files/original")
def find_original(call: Call, query: SourcePlace) -> FilePath:
    """The file in the file browser that a path of a failure or a log means, also inside a service's own copy."""
    path, service = query.get("path", ""), query.get("service", "")
    if service:
        path = call.workspace.services.original_path(service, path)
    place = Path(path)
    found = below(call.root, place) if place.is_absolute() else below(call.root, inside(call.root, path))
    if found is None:
        raise PathOutside(path=path)
    inside(call.root, found)
    return {"path": found}


@_noun.route("POST", "/demo", action="write", status=202)
def deploy_demo(call: Call, body: DemoRequest) -> Job:
    """Train, register and deploy the demo model, and leave its files in a folder to play with."""
    from mooring.cli.demo_steps import check_name_is_free
    from mooring.deployments.names import check_service_name

    name = body.get("name", "demo")
    directory = body.get("directory", "mooring-demo")
    check_service_name(name)
    check_name_is_free(call.workspace.services, name)
    folder = os.path.normpath(call.root / directory)
    if not (call.root / folder).is_relative_to(call.root) or "\0" in directory:
        raise PathOutside(path=directory)
    return call.begin(Work("demo", name, "Deploying the demo model", {"directory": folder, "name": name}))
