"""`/models`: what is registered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from mooring_jupyter.jobs.work import Work
from mooring_jupyter.paths import inside
from mooring_jupyter.routes.route import Call, Noun
from mooring_jupyter.shapes import (
    Comparison,
    Job,
    Model,
    ModelChange,
    ModelDetails,
    ModelFilter,
    Models,
    NewModel,
)

if TYPE_CHECKING:
    from mooring.registry import ModelVersion

_noun = Noun("models")
ROUTES = _noun.routes

_FACTS = {
    "framework": "framework",
    "frameworkVersion": "framework_version",
    "description": "description",
    "tags": "tags",
    "properties": "properties",
    "sampleInput": "sample_input",
}
_PAGE = 1000


@_noun.route("GET", "/models")
def list_models(call: Call, query: ModelFilter) -> Models:
    """Registered models, the newest first; with `latest` only the newest version of each name.

    `search` looks for a text in names, descriptions, tags and frameworks.
    """
    limit = min(query.get("limit", _PAGE), _PAGE)
    found = call.workspace.models.list(
        tags=[tag.split("=", 1) if "=" in tag else tag for tag in query.get("tag", [])],
        framework=query.get("framework"),
        latest=query.get("latest", False),
        before=query.get("before"),
        limit=None if "search" in query else limit + 1,
    )
    if "search" in query:
        found = [model for model in found if model.matches(query["search"])]
    page = found[:limit]
    return {
        "models": [_model(model) for model in page],
        "next": page[-1].id if page and len(found) > len(page) else None,
    }


@_noun.route("POST", "/models", action="write", status=202)
def register_model(call: Call, body: NewModel) -> Job:
    """Register a file, a folder or a finished upload as the next version of a name."""
    from mooring.registry.names import check_name
    from mooring_jupyter.uploading import finished_upload

    check_name(body["name"])
    facts: dict[str, Any] = {ours: body[key] for key, ours in _FACTS.items() if key in body}  # type: ignore[literal-required]
    if "upload" in body:
        content = finished_upload(call.workspace.settings, body["upload"])
        arguments = {"path": str(content), "upload": str(content.parent.parent)}
    else:
        arguments = {"path": str(inside(call.root, body.get("path", "")))}
    arguments |= {"name": body["name"], **facts}
    return call.begin(Work("register", body["name"], f"Registering {body['name']}", arguments))


@_noun.route("GET", "/models/{name}/versions")
def list_versions(call: Call, name: str) -> Models:
    """All versions of a model, the newest first."""
    call.workspace.models.get(name)
    return {"models": [_model(model) for model in call.workspace.models.list(name)], "next": None}


@_noun.route("GET", "/models/{name}/versions/{version}")
def show_version(call: Call, name: str, version: int) -> ModelDetails:
    """One version with its files, and the services that use it."""
    return _details(call, call.workspace.models.get(name, version))


@_noun.route("PATCH", "/models/{name}/versions/{version}", action="write")
def change_version(call: Call, name: str, version: int, body: ModelChange) -> ModelDetails:
    """Change tags and description of a version."""
    changes: dict[str, Any] = dict(body)
    return _details(call, call.workspace.models.update(f"{name}:{version}", **changes))


@_noun.route("DELETE", "/models/{name}/versions/{version}", action="write", status=204)
def delete_version(call: Call, name: str, version: int) -> None:
    """Forget a version that no service uses."""
    call.workspace.models.delete(f"{name}:{version}")


@_noun.route("GET", "/models/{name}/versions/{version}/compare/{other}")
def compare_versions(call: Call, name: str, version: int, other: str) -> Comparison:
    """A version beside another one, of the same model (`2`) or of any (`other:2`)."""
    from mooring.registry.comparing import compare

    first = call.workspace.models.get(name, version)
    second = call.workspace.models.get_by_id(
        other if ":" in other or not other.isdigit() else f"{name}:{other}"
    )
    fields = [
        {"field": each.field, "first": each.first, "second": each.second, "same": each.is_same}
        for each in compare(first, second)
    ]
    return cast("Comparison", {"first": first.id, "second": second.id, "fields": fields})


def _model(model: ModelVersion) -> Model:
    return cast("Model", model.to_dict())


def _details(call: Call, model: ModelVersion) -> ModelDetails:
    files = [
        {"path": entry.path, "digest": entry.digest, "sizeBytes": entry.size_bytes}
        for entry in model.manifest
    ]
    users = call.workspace.models.users(model.id)
    facts = {**model.to_dict(), "files": files, "packages": model.packages, "usedBy": users}
    return cast("ModelDetails", facts)
