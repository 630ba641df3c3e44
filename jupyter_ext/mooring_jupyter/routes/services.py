"""`/services`: what runs behind a URL."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, cast

from mooring_jupyter.jobs.work import Kind, Work
from mooring_jupyter.paths import inside
from mooring_jupyter.routes.route import Call, Noun
from mooring_jupyter.shapes import (
    Deployment,
    Job,
    Log,
    LogRange,
    NewService,
    Revision,
    ScoringAnswer,
    ScoringRequest,
    Service,
    ServiceDetails,
    Services,
)

if TYPE_CHECKING:
    from mooring.deployments import Revision as ServedRevision
    from mooring.deployments import Service as ServedService

_noun = Noun("services")
ROUTES = _noun.routes
_PATHS = ("inferenceConfig", "entryScript", "sourceDirectory", "condaFile", "deploymentConfig")
_LINES = 5000
_OK = 200


@_noun.route("GET", "/services")
def list_services(call: Call) -> Services:
    """Services and how each is right now."""
    return {"services": [service_facts(service) for service in call.workspace.services.list()]}


@_noun.route("POST", "/services", action="write", status=202)
def deploy_service(call: Call, body: NewService) -> Job:
    """Deploy models behind one URL; what can be checked is checked first."""
    from mooring.deployments.errors import ServiceExists
    from mooring.deployments.names import check_service_name

    name = body["name"]
    check_service_name(name)
    _check_asked(call, body)
    overwrite = body.get("overwrite", False)
    there = [service for service in call.workspace.services.list() if service.name == name]
    if there and not overwrite:
        raise ServiceExists(name=name, state=there[0].state)
    asked = {key: value for key, value in body.items() if key not in ("name", "overwrite")}
    arguments = {"name": name, "asked": asked, "overwrite": overwrite}
    return call.begin(Work("deploy", name, f"Deploying {name}", arguments))


@_noun.route("GET", "/services/{name}")
def show_service(call: Call, name: str) -> ServiceDetails:
    """One service with its numbers since the start, its settings and its revisions, newest first."""
    from mooring.cli.service_numbers import fetch_numbers

    service = call.workspace.services.get(name)
    revisions = list(call.workspace.services.revisions(name))[::-1]
    current = next((each for each in revisions if each.number == service.revision), None)
    numbers = fetch_numbers(service.scoring_uri) if service.state == "Healthy" else None
    facts = {
        **service_facts(service),
        "requests": numbers,
        "revisions": [_revision(each) for each in revisions],
        "settings": current.deployment if current else {},
        "entryScript": str(current.inference.get("entryScript") or "") if current else "",
    }
    return cast("ServiceDetails", facts)


@_noun.route("PATCH", "/services/{name}", action="write", status=202)
def update_service(call: Call, name: str, body: Deployment) -> Job:
    """Change what a service serves, or how; URL and keys stay, and no request fails."""
    _check_asked(call, body)
    return _begin(call, name, "update", f"Updating {name}", asked=dict(body))


@_noun.route("POST", "/services/{name}/reload", action="write", status=202)
def reload_service(call: Call, name: str) -> Job:
    """Run the script as it is on disk now; also starts what had stopped."""
    return _begin(call, name, "reload", f"Reloading {name}")


@_noun.route("POST", "/services/{name}/rollback", action="write", status=202)
def rollback_service(call: Call, name: str) -> Job:
    """Serve the revision before again, with the code it had."""
    return _begin(call, name, "rollback", f"Rolling {name} back")


@_noun.route("DELETE", "/services/{name}", action="write", status=202)
def delete_service(call: Call, name: str) -> Job:
    """Stop a service and forget it; its models and environments stay registered."""
    return _begin(call, name, "delete", f"Deleting {name}")


@_noun.route("POST", "/services/{name}/run", action="execute")
def run_service(call: Call, name: str, body: ScoringRequest) -> ScoringAnswer:
    """Send one request with the service's own key; an answer other than 200 is an answer, too."""
    from mooring.deployments.errors import BadAnswer

    began = time.perf_counter()
    try:
        answer: Any = call.workspace.services.run(name, body["data"])
        status = _OK
    except BadAnswer as error:
        answer, status = error.content.decode("utf-8", "replace"), error.status
    return {"status": status, "answer": answer, "seconds": round(time.perf_counter() - began, 6)}


@_noun.route("GET", "/services/{name}/logs")
def read_logs(call: Call, name: str, query: LogRange) -> Log:
    """Log lines and history, oldest first: what came after `cursor`, or the last `lines`."""
    from mooring_jupyter.log_items import as_line

    desk = call.workspace.services
    wanted = min(query.get("lines", _LINES), _LINES)
    cursor = query.get("cursor", "")
    items = list(desk.stream(name, cursor)) if cursor else desk.tail(name, wanted)
    return {"lines": [as_line(item) for item in items], "cursor": items[-1].cursor if items else cursor}


def _begin(call: Call, name: str, kind: Kind, title: str, **arguments: Any) -> Job:
    call.workspace.services.get(name)
    return call.begin(Work(kind, name, title, {"name": name, **arguments}))


def _check_asked(call: Call, asked: Deployment) -> None:
    """What can be told at once: paths that lead nowhere, models that are not there."""
    words: Any = asked
    for key in _PATHS:
        if key in asked:
            inside(call.root, words[key])
    for model in asked.get("models", []):
        call.workspace.models.get_by_id(model)


def service_facts(service: ServedService) -> Service:
    """A service as it travels."""
    operation = service.operation
    doing = operation and {
        "kind": operation.kind,
        "user": operation.user,
        "startedTime": operation.started_time.isoformat(),
    }
    return cast("Service", {**service.to_dict(), "target": service.target, "operation": doing})


def _revision(revision: ServedRevision) -> Revision:
    return {
        "number": revision.number,
        "status": revision.status,
        "reason": revision.reason,
        "createdTime": revision.created_time.isoformat(),
        "createdBy": revision.created_by,
        "modelIds": list(revision.models),
        "failure": cast("Any", revision.failure.to_dict() if revision.failure else None),
    }
