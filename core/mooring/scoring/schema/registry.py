"""What the decorators know about a function, under the names of `inference_schema.schema_util`."""

from __future__ import annotations

import copy
import inspect
from typing import Any, Callable

from mooring.scoring.schema.abstract import SchemaError

__all__ = [
    "get_input_schema",
    "get_output_schema",
    "get_schemas_dict",
    "get_supported_versions",
    "is_schema_decorated",
    "record_input",
    "record_output",
    "undecorated",
]

ALL_VERSIONS = ["2.0", "3.0", "3.1"]
INPUT = "input_schema"
OUTPUT = "output_schema"

_MARK = "__mooring_schema__"
_schemas: dict[str, dict[str, Any]] = {}


def is_schema_decorated(func: Callable[..., Any]) -> bool:
    """Whether `input_schema` or `output_schema` was applied to a function."""
    return _find_mark(func) is not None


def get_input_schema(func: Callable[..., Any]) -> dict[str, Any]:
    """The schema of the whole request: an object of parameters."""
    schema: dict[str, Any] = _recorded(func).get(INPUT, {"type": "object"})
    return schema


def get_output_schema(func: Callable[..., Any]) -> dict[str, Any]:
    """The schema of the answer."""
    schema: dict[str, Any] = _recorded(func).get(OUTPUT, {"type": "object"})
    return schema


def get_supported_versions(func: Callable[..., Any]) -> list[str]:
    """The OpenAPI versions that can describe both the last declared input and the output."""
    versions = (_find_mark(func) or {}).get("versions", {})
    found = [set(versions[side]) for side in (INPUT, OUTPUT) if versions.get(side)]
    return sorted(set.intersection(*found)) if found else list(ALL_VERSIONS)


def get_schemas_dict() -> dict[str, dict[str, Any]]:
    """A copy of every recorded schema, by `module.function`."""
    return copy.deepcopy(_schemas)


def record_input(func: Callable[..., Any], name: str, fragment: dict[str, Any], versions: list[str]) -> None:
    """Add one parameter to a function's request schema."""
    base = undecorated(func)
    schema = _mark(base)["schemas"].setdefault(INPUT, None) or _empty_input(base)
    fragment = copy.deepcopy(fragment)
    schema["example"][name] = fragment.pop("example")
    schema["properties"][name] = fragment
    _mark(base)["schemas"][INPUT] = schema
    _mark(base)["versions"][INPUT] = versions


def record_output(func: Callable[..., Any], fragment: dict[str, Any], versions: list[str]) -> None:
    """Set a function's answer schema; raises `SchemaError` when it has one."""
    base = undecorated(func)
    schemas = _mark(base)["schemas"]
    if OUTPUT in schemas:
        raise SchemaError(f"Error, output schema already defined for function: {_full_name(base)}.")
    schemas[OUTPUT] = fragment
    _mark(base)["versions"][OUTPUT] = versions


def undecorated(func: Callable[..., Any]) -> Any:
    """The function under all decorators."""
    return inspect.unwrap(func)


def _empty_input(base: Callable[..., Any]) -> dict[str, Any]:
    names = inspect.getfullargspec(base).args
    return {"type": "object", "properties": {name: {} for name in names}, "example": dict.fromkeys(names, "")}


def _mark(base: Callable[..., Any]) -> dict[str, Any]:
    mark: dict[str, Any] = base.__dict__.setdefault(_MARK, {"schemas": {}, "versions": {}})
    _schemas[_full_name(base)] = mark["schemas"]
    return mark


def _find_mark(func: Any) -> dict[str, Any] | None:
    """The mark of a function, also behind a decorator that forgot `functools.wraps`."""
    base = undecorated(func)
    base = getattr(base, "__func__", base)
    mark: dict[str, Any] | None = getattr(base, "__dict__", {}).get(_MARK)
    if mark is not None:
        return mark
    for cell in getattr(base, "__closure__", None) or ():
        inner = cell.cell_contents
        if inspect.isfunction(inner):
            mark = _find_mark(inner)
            if mark is not None:
                return mark
    return None


def _recorded(func: Callable[..., Any]) -> dict[str, Any]:
    schemas: dict[str, Any] = (_find_mark(func) or {}).get("schemas", {})
    return schemas


def _full_name(base: Callable[..., Any]) -> str:
    return f"{getattr(base, '__module__', '<unknown>')}.{getattr(base, '__name__', '<unknown>')}"
