"""JSON Schemas of the configurations, from the same tables the readers use.

`python -m mooring.configs.json_schema` writes them again; `mooring check --schemas FOLDER` gives them to any editor.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mooring.configs.deployment_files import DEPLOYMENT_CONFIGS
from mooring.configs.environment_keys import ENVIRONMENT_SETTINGS
from mooring.configs.fields import Setting, settings_of
from mooring.configs.inference import InferenceConfig

SCHEMA_FOLDER = Path(__file__).with_name("schemas")
_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TYPES = {
    "text": ["string", "number"],  # versions such as 10.0 are numbers to YAML
    "path": ["string"],
    "number": ["number"],
    "integer": ["integer"],
    "boolean": ["boolean"],
    "texts": ["object"],
    "object": ["object", "array"],
}


def render_schemas() -> dict[str, str]:
    """The text of each schema by file name."""
    schemas = {
        "inference-config.schema.json": _inference_schema(),
        "deployment-config.schema.json": _deployment_schema(),
        "workspace-config.schema.json": _workspace_schema(),
    }
    return {name: json.dumps(schema, indent=2) + "\n" for name, schema in schemas.items()}


def write_schemas(folder: Path = SCHEMA_FOLDER) -> list[Path]:
    """Write all schemas into a folder, which is made where it is not there, and say which files they are."""
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for name, text in render_schemas().items():
        (folder / name).write_text(text, encoding="utf-8")
        written.append(folder / name)
    return written


def _inference_schema() -> dict[str, Any]:
    schema = _object(settings_of(InferenceConfig).values())
    environment = _object(ENVIRONMENT_SETTINGS) | {"type": ["object", "null"]}
    schema["properties"]["environment"] |= environment
    schema["properties"]["baseImageRegistry"] = _nullable_object(
        {part: {"type": ["string", "null"]} for part in ("address", "username", "password")},
        schema["properties"]["baseImageRegistry"]["description"],
    )
    return _head(
        "inference-config", "Which script answers requests, from which folder, in which environment."
    ) | {
        **schema,
        "required": ["entryScript"],
    }


def _deployment_schema() -> dict[str, Any]:
    patterns = {name: _caseless(name) for name in DEPLOYMENT_CONFIGS}
    any_type = f"^({'|'.join(patterns.values())})$"
    branches = [
        {
            "if": {"properties": {"computeType": {"pattern": f"^{pattern}$"}}, "required": ["computeType"]},
            "then": {"$ref": f"#/$defs/{name}"},
        }
        for name, pattern in patterns.items()
    ]
    compute_type = {
        "description": "Where the service runs; upper and lower case are the same.",
        "anyOf": [{"enum": list(DEPLOYMENT_CONFIGS)}, {"type": "string", "pattern": any_type}],
    }
    definitions = {
        name: {"description": (cls.__doc__ or "").splitlines()[0], **_object(settings_of(cls).values())}
        for name, cls in DEPLOYMENT_CONFIGS.items()
    }
    return _head("deployment-config", "What a service is given and how it is protected where it runs.") | {
        "type": "object",
        "required": ["computeType"],
        "properties": {"computeType": compute_type},
        "allOf": branches,
        "$defs": definitions,
    }


def _workspace_schema() -> dict[str, Any]:
    words = {
        "subscription_id": "Kept for Azure; means nothing on your own machines.",
        "resource_group": "Kept for Azure; means nothing on your own machines.",
        "workspace_name": "Which workspace `Workspace.from_config()` opens.",
    }
    return _head("workspace-config", "`config.json` of a workspace, beside the code or in `.azureml`.") | {
        "type": "object",
        "required": list(words),
        "properties": {key: {"type": "string", "description": doc} for key, doc in words.items()},
    }


def _head(name: str, description: str) -> dict[str, Any]:
    return {
        "$schema": _DIALECT,
        "$id": f"urn:mooring:{name}",
        "title": f"Mooring {name.replace('-', ' ')}",
        "description": description,
    }


def _object(settings: Iterable[Setting]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    for described in settings:
        if not described.in_file:
            continue
        for *groups, leaf in described.paths:
            section = properties
            for group in groups:
                section = section.setdefault(group, _nullable_object({}))["properties"]
            section[leaf] = _value(described)
    return {"type": "object", "properties": properties}


def _nullable_object(properties: dict[str, Any], description: str = "") -> dict[str, Any]:
    described = {"description": description} if description else {}
    return {**described, "type": ["object", "null"], "properties": properties}


def _value(described: Setting) -> dict[str, Any]:
    schema: dict[str, Any] = {"description": described.doc, "type": [*_TYPES[described.kind], "null"]}
    facts = {
        "default": described.default,
        "exclusiveMinimum": described.above,
        "minimum": described.minimum,
        "maximum": described.maximum,
        "pattern": described.pattern or None,
    }
    schema |= {key: value for key, value in facts.items() if value is not None}
    if described.only_with:
        # The range counts only while another setting is on; the reader checks that, a schema would refuse too much.
        schema.pop("exclusiveMinimum", None)
    if described.choices and described.kind == "text":
        choices = "|".join(_caseless(choice) for choice in described.choices)
        schema["anyOf"] = [{"enum": list(described.choices)}, {"pattern": f"^({choices})$"}]
    if described.kind == "texts":
        schema["additionalProperties"] = {"type": ["string", "number", "boolean", "null"]}
    return schema


def _caseless(word: str) -> str:
    letters = (f"[{one.upper()}{one.lower()}]" if one.isalpha() else one.replace(".", r"\.") for one in word)
    return "".join(letters)


if __name__ == "__main__":
    write_schemas()
