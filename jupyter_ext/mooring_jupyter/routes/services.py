"""`/services`: what runs behind a URL."""

from __future__ import annotations

from typing import Any, cast

from mooring_jupyter.jobs.work import Kind, Work
from mooring_jupyter.paths import inside
from mooring_jupyter.routes.route import Call, Noun
from mooring_jupyter.shapes import (
    Consume,
    Deployment,
    FormValues,
    Job,
    Log,
    LogRange,
    NewService,
    Plan,
    RequestBody,
    RequestForm,
    ScoringAnswer,
    ScoringRequest,
    Service,
    ServiceDetails,
    Services,
)

_noun = Noun("services")
ROUTES = _noun.routes
_PATHS = ("inferenceConfig", "entryScript", "sourceDirectory", "condaFile", "deploymentConfig")
_LINES = 5000


@_noun.route("GET", "/services")
def list_services(call: Call) -> Services:
    """Services and how each is right now."""
    desk = call.workspace.services
    return {"services": [cast("Service", desk.summary(service)) for service in desk.list()]}


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
    """One service with its numbers since the start, its settings and its revisions."""
    desk = call.workspace.services
    return cast("ServiceDetails", desk.details(desk.get(name)))


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


@_noun.route("POST", "/services/{name}/plan")
def plan_service(call: Call, name: str, body: Deployment) -> Plan:
    """What deploying under a new name, or updating a service, would do; nothing is made."""
    from mooring_jupyter.jobs.asking import changes_of, deployment_of, inference_of

    _check_asked(call, body)
    desk = call.workspace.services
    if any(service.name == name for service in desk.list()):
        changes = changes_of(call.workspace, call.root, body)
        planned = ("models", "inference_config", "deployment_config", "settings")
        plan = desk.plan_update(name, **{key: changes[key] for key in planned if key in changes})
    else:
        inference = inference_of(call.workspace, call.root, body)
        plan = desk.plan_deploy(name, body.get("models", []), inference, deployment_of(call.root, body))
    return cast("Plan", plan.to_dict())


@_noun.route("GET", "/services/{name}/consume")
def consume_service(call: Call, name: str) -> Consume:
    """Programs that ask the service, in six languages."""
    return cast("Consume", {"snippets": [each.to_dict() for each in call.workspace.services.snippets(name)]})


@_noun.route("GET", "/services/{name}/form")
def show_form(call: Call, name: str) -> RequestForm:
    """What a request to the service looks like."""
    return cast("RequestForm", call.workspace.services.request_form(name).to_dict())


@_noun.route("POST", "/services/{name}/form")
def compose_request(call: Call, name: str, body: FormValues) -> RequestBody:
    """The body that the values of a form mean."""
    return {"body": call.workspace.services.request_form(name).compose(body["values"])}


@_noun.route("POST", "/services/{name}/run", action="execute")
def run_service(call: Call, name: str, body: ScoringRequest) -> ScoringAnswer:
    """Send one request with the service's own key; an answer other than 200 is an answer, too."""
    answer = call.workspace.services.ask(name, body["data"])
    return {"status": answer.status, "answer": answer.decoded(), "seconds": round(answer.seconds, 6)}


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
