"""Classes with fields as type hints: pydantic models and dataclasses."""

from __future__ import annotations

import dataclasses
import typing
from typing import Any, Callable

from mooring.scoring.contract.hints import Json, Mismatch, Reader, make_reader

__all__ = ["make_model_reader", "plain"]

_DEEPEST = 4  # levels at which a model that holds itself is still described


def make_model_reader(hint: Any) -> Reader | None:
    """The reader of a pydantic model (1 or 2) or a dataclass; None for other classes."""
    if not isinstance(hint, type):
        return None
    if hasattr(hint, "model_validate") and hasattr(hint, "model_json_schema"):
        return _pydantic_reader(hint, hint.model_validate, hint.model_json_schema())
    if hasattr(hint, "parse_obj") and hasattr(hint, "schema"):
        return _pydantic_reader(hint, hint.parse_obj, hint.schema())
    return _dataclass_reader(hint) if dataclasses.is_dataclass(hint) else None


def plain(value: Any) -> Any:
    """A model, dataclass or array as plain values; raises TypeError for anything else."""
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if hasattr(value, "dict") and hasattr(value, "__fields__"):
        return value.dict()
    if hasattr(value, "tolist"):
        return value.tolist()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


def _pydantic_reader(model: type, validate: Callable[[Any], Any], schema: Json) -> Reader:
    """Pydantic checks; its first complaint is told."""

    def read(value: Any, place: str) -> Any:
        try:
            return validate(value)
        except ValueError as error:
            first = _first_complaint(error)
            where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"])
            expected = f"{model.__name__} ({first['msg']})"
            raise Mismatch(place + where, expected, first.get("input", value)) from None

    return Reader(read, _inlined(schema, {}, 0), model.__name__, is_model=True)


def _first_complaint(error: Any) -> dict[str, Any]:
    complaints: list[dict[str, Any]] = error.errors() if hasattr(error, "errors") else []
    return complaints[0] if complaints else {"loc": (), "msg": str(error)}


def _dataclass_reader(model: Any) -> Reader:
    hints = typing.get_type_hints(model)
    readers = {field.name: make_reader(hints[field.name]) for field in dataclasses.fields(model)}
    required = [field.name for field in dataclasses.fields(model) if _is_required(field)]

    def read(value: Any, place: str) -> Any:
        if not isinstance(value, dict):
            raise Mismatch(place, f"an object with the fields of {model.__name__}", value)
        for name in required:
            if name not in value:
                raise Mismatch(f"{place}.{name}", "a value", None)
        known = {name: reader for name, reader in readers.items() if name in value}
        return model(**{name: reader.read(value[name], f"{place}.{name}") for name, reader in known.items()})

    properties = {name: reader.schema for name, reader in readers.items()}
    schema: Json = {"type": "object", "properties": properties}
    if required:
        schema["required"] = required
    return Reader(read, schema, model.__name__, is_model=True)


def _is_required(field: Any) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _inlined(schema: Any, definitions: Json, depth: int) -> Any:
    """A schema with its local references put in place: a description has one namespace for all of them."""
    if isinstance(schema, list):
        return [_inlined(item, definitions, depth) for item in schema]
    if not isinstance(schema, dict):
        return schema
    definitions = {**definitions, **schema.get("definitions", {}), **schema.get("$defs", {})}
    reference = schema.get("$ref")
    if isinstance(reference, str):
        found = definitions.get(reference.rpartition("/")[2])
        return {} if found is None or depth == _DEEPEST else _inlined(found, definitions, depth + 1)
    kept = {key: item for key, item in schema.items() if key not in ("$defs", "definitions")}
    return {key: _inlined(item, definitions, depth) for key, item in kept.items()}
