"""The skeleton of the service's description; the schemas of `run` are put into it.

Source: azure-v1 reference, Swagger documents: every client generator has seen these operation ids and texts.
"""

from __future__ import annotations

from typing import Any, Dict

__all__ = ["build"]

Json = Dict[str, Any]

HEALTH = "Simple health check endpoint to ensure the service is up at any given point."
HEALTHY = "If service is up and running, this response will be returned with the content 'Healthy'"
FAILED = "The service failed to execute due to an error."
SCORE = "Run web service's model and get the prediction output"
PAYLOAD = "The input payload for executing the real-time machine learning service."
SCORED = "The service processed the input correctly and provided a result prediction, if applicable."
BEARER = {
    "type": "apiKey",
    "name": "Authorization",
    "in": "header",
    "description": "For example: Bearer abc123",
}
ERROR = {"type": "object", "properties": {"message": {"type": "string"}}}
TEXT = {"type": "string"}
VERSION = {"type": "integer", "enum": [2, 3]}


def build(version: str, name: str, service_version: str, prefix: str, inputs: Json, outputs: Json) -> Json:
    """The document of version `2`, `3` or `3.1` for one service."""
    info = {
        "title": name,
        "description": f"API specification for the Azure Machine Learning service {name}",
        "version": service_version,
    }
    if version == "2":
        return _version_2(info, prefix, inputs, outputs)
    document = _version_3(info, prefix, inputs, outputs)
    if version == "3.1":
        document["openapi"] = "3.1.0"
    return document


def _version_2(info: Json, prefix: str, inputs: Json, outputs: Json) -> Json:
    def answers(description: str, schema: Json, **more: Any) -> Json:
        failed = {"description": FAILED, "schema": {"$ref": "#/definitions/ErrorResponse"}}
        return {"200": {"description": description, "schema": schema, **more}, "default": failed}

    body = {"name": "serviceInputPayload", "in": "body", "description": PAYLOAD}
    body_schema = {"schema": {"$ref": "#/definitions/ServiceInput"}}
    return {
        "swagger": "2.0",
        "info": info,
        "schemes": ["https"],
        "consumes": ["application/json"],
        "produces": ["application/json"],
        "securityDefinitions": {"Bearer": BEARER},
        "paths": _paths(
            prefix,
            health=answers(HEALTHY, TEXT, examples={"application/json": "Healthy"}),
            score={"parameters": [{**body, **body_schema}]},
            scored=answers(SCORED, {"$ref": "#/definitions/ServiceOutput"}),
            version=VERSION,
            described=answers("The Swagger specification.", TEXT),
        ),
        "definitions": {"ServiceInput": inputs, "ServiceOutput": outputs, "ErrorResponse": ERROR},
    }


def _version_3(info: Json, prefix: str, inputs: Json, outputs: Json) -> Json:
    def content(schema: Json, kind: str = "application/json") -> Json:
        return {"content": {kind: {"schema": schema}}}

    def answers(description: str, what: Json) -> Json:
        failed = {"description": FAILED, **content({"$ref": "#/components/schemas/ErrorResponse"})}
        return {"200": {"description": description, **what}, "default": failed}

    payload = content({"$ref": "#/components/schemas/ServiceInput"})
    return {
        "openapi": "3.0.3",
        "info": info,
        "security": [{"Bearer": []}],
        "paths": _paths(
            prefix,
            health=answers(HEALTHY, content({**TEXT, "example": "Healthy"}, "text/plain")),
            score={"requestBody": {"description": PAYLOAD, **payload}},
            scored=answers(SCORED, content({"$ref": "#/components/schemas/ServiceOutput"})),
            version={"schema": VERSION},
            described=answers("The Swagger specification.", content(TEXT, "text/plain")),
        ),
        "components": {
            "schemas": {"ServiceInput": inputs, "ServiceOutput": outputs, "ErrorResponse": ERROR},
            "securitySchemes": {"Bearer": BEARER},
        },
    }


def _paths(prefix: str, *, health: Json, score: Json, scored: Json, version: Json, described: Json) -> Json:
    parameter = {"name": "version", "in": "query", "required": False, **version}
    return {
        f"{prefix}/": {
            "get": {"operationId": "ServiceHealthCheck", "description": HEALTH, "responses": health},
        },
        f"{prefix}/score": {
            "post": {
                "operationId": "RunMLService",
                "description": SCORE,
                "security": [{"Bearer": []}],
                **score,
                "responses": scored,
            },
        },
        f"{prefix}/swagger.json": {
            "get": {
                "operationId": "GetSwaggerSpec",
                "description": "Get the Swagger specification.",
                "parameters": [parameter],
                "responses": described,
            },
        },
    }
