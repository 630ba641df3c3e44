"""The panel's types, from the same shapes: `python -m mooring_jupyter.typescript > …/src/api/types.ts`."""

from __future__ import annotations

import json
import sys
from typing import Any

from mooring_jupyter.openapi import openapi_document
from mooring_jupyter.schemas import REFERENCE

_HEAD = "// Made from mooring_jupyter/shapes.py by `poe panel-types`; a test holds the two together.\n"
_PLAIN = {"string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null"}


def render_types() -> str:
    """One interface for each shape, by name."""
    schemas = openapi_document()["components"]["schemas"]
    return _HEAD + "".join(_interface(name, schemas[name]) for name in sorted(schemas))


def _interface(name: str, schema: dict[str, Any]) -> str:
    fields = "".join(
        f"  {field}{'' if field in schema['required'] else '?'}: {_type(part)};\n"
        for field, part in schema["properties"].items()
    )
    return f"\n/** {schema['description']} */\nexport interface I{name} {{\n{fields}}}\n"


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return f"I{schema['$ref'].removeprefix(REFERENCE)}"
    if "enum" in schema:
        return " | ".join(json.dumps(word) for word in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(_type(part) for part in schema["anyOf"])
    return _plain_type(schema)


def _plain_type(schema: dict[str, Any]) -> str:
    kind = schema.get("type")
    if isinstance(kind, list):
        return " | ".join(_PLAIN[each] for each in kind)
    if kind == "array":
        return f"Array<{_type(schema['items'])}>"
    if kind == "object":
        return f"Record<string, {_type(schema['additionalProperties'])}>"
    return _PLAIN.get(str(kind), "unknown")


if __name__ == "__main__":
    sys.stdout.write(render_types())
