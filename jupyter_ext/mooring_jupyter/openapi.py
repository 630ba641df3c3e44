"""The OpenAPI document, from the same routes and shapes that answer."""

from __future__ import annotations

from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

from mooring_jupyter.routes import all_routes
from mooring_jupyter.routes.route import Route
from mooring_jupyter.schemas import Schemas
from mooring_jupyter.shapes import Job, LogLine, Problem, Upload

PREFIX = "mooring/api"


@cache
def openapi_document() -> dict[str, Any]:
    """The interface in OpenAPI 3.1; paths are relative to the server's base URL."""
    from mooring import __version__

    schemas = Schemas()
    for shape in (Problem, Job, LogLine):
        schemas.of(shape)
    paths: dict[str, dict[str, Any]] = {}
    for route in all_routes():
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route, schemas)
    paths["/uploads/{upload}"]["patch"] = _piece(schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Mooring", "version": __version__, "description": _ABOUT},
        "servers": [{"url": f"/{PREFIX}"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": schemas.named,
            "securitySchemes": {
                "token": {
                    "type": "apiKey",
                    "in": "header",
                    "name": "Authorization",
                    "description": "`token …`: Jupyter Server's own token. A browser's cookie does as well, with its XSRF token.",
                }
            },
        },
    }


_ABOUT = (
    "Models, services, environments and places of a Mooring workspace. Long work answers 202 with a job; `/events` is a "
    "WebSocket that tells how jobs go on, what changes and what services write (docs/notebook.md). Every failure is a "
    "Problem: a stable code, one sentence of problem and one of remedy."
)
_WORKSPACE = {
    "name": "workspace",
    "in": "query",
    "description": "Name of the workspace; the default one unless said.",
    "schema": {"type": "string"},
}


def _operation(route: Route, schemas: Schemas) -> dict[str, Any]:
    hints = route.hints()
    operation: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "tags": [route.resource],
        "parameters": [*_in_path(route, schemas), *_in_query(hints.get("query"), schemas), _WORKSPACE],
        "responses": _answers(route.status, hints["return"], schemas),
    }
    if "body" in hints:
        operation["requestBody"] = {"required": True, "content": _json(schemas.of(hints["body"]))}
    return operation


def _in_path(route: Route, schemas: Schemas) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": _whole(schemas.of(kind))}
        for name, kind in route.parameters.items()
    ]


def _in_query(kind: Any, schemas: Schemas) -> list[dict[str, Any]]:
    hints = get_type_hints(kind) if kind is not None else {}
    return [
        {
            "name": name,
            "in": "query",
            "required": name in getattr(kind, "__required_keys__", ()),
            "schema": {"type": "array", "items": schemas.of(get_args(hint)[0])}
            if get_origin(hint) is list
            else _whole(schemas.of(hint)),
        }
        for name, hint in hints.items()
    ]


def _whole(schema: dict[str, Any]) -> dict[str, Any]:
    """Numbers in addresses are versions and counts."""
    return {**schema, "minimum": 0, "maximum": 999_999_999} if schema == {"type": "integer"} else schema


def _answers(status: int, kind: Any, schemas: Schemas) -> dict[str, Any]:
    good: dict[str, Any] = {"description": "Done." if kind is type(None) else "The answer."}
    if kind is not type(None):
        good["content"] = _json(schemas.of(kind))
    failure = {"description": "Why not.", "content": _json(schemas.of(Problem))}
    return {str(status): good, "4XX": failure, "5XX": failure}


def _piece(schemas: Schemas) -> dict[str, Any]:
    return {
        "operationId": "send_piece",
        "summary": "Send the piece of a file that begins at `Upload-Offset`.",
        "tags": ["models"],
        "parameters": [
            {"name": "upload", "in": "path", "required": True, "schema": {"type": "string"}},
            {
                "name": "Upload-Offset",
                "in": "header",
                "required": True,
                "schema": {"type": "integer", "minimum": 0},
            },
            _WORKSPACE,
        ],
        "requestBody": {"content": {"application/octet-stream": {"schema": {"type": "string"}}}},
        "responses": _answers(200, Upload, schemas),
    }


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}
