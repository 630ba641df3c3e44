"""Schema fragments of plain Python values, each with the value as an example."""

from __future__ import annotations

import base64
import datetime as dt
from typing import Any, Callable, Dict, Iterable

from mooring.scoring.schema.abstract import AbstractParameterType

__all__ = ["list_fragment", "object_fragment", "value_fragment"]

DATE_FORMAT = "%Y-%m-%d"
DATETIME_FORMAT = "%Y-%m-%d %H:%M:%S.%f %z"
TIME_FORMAT = "%H:%M:%S.%f %z"

Fragment = Dict[str, Any]


def value_fragment(value: Any) -> Fragment:
    """The fragment of a value by its exact type; a type without a rule becomes an object."""
    make = _RULES.get(type(value))
    return make(value) if make is not None else {"type": "object", "example": value}


def list_fragment(values: Any) -> Fragment:
    """An array whose items look like its last element, with all elements as example."""
    items: Fragment = {"type": "object"}
    examples = []
    nested = bool(values) and isinstance(values[0], AbstractParameterType)
    for value in values:
        items, example = _split(value.input_to_swagger() if nested else value_fragment(value))
        examples.append(example)
    return {"type": "array", "items": items, "example": examples}


def object_fragment(values: dict[Any, Any]) -> Fragment:
    """An object that requires every key."""
    properties: dict[Any, Fragment] = {}
    examples: dict[Any, Any] = {}
    for key, value in values.items():
        nested = isinstance(value, AbstractParameterType)
        properties[key], examples[key] = _split(value.input_to_swagger() if nested else value_fragment(value))
    return {"type": "object", "required": list(values), "properties": properties, "example": examples}


def _split(fragment: Fragment) -> tuple[Fragment, Any]:
    return {key: value for key, value in fragment.items() if key != "example"}, fragment["example"]


def _plain(kind: str, form: str | None = None) -> Callable[[Any], Fragment]:
    schema = {"type": kind} if form is None else {"type": kind, "format": form}
    return lambda value: {**schema, "example": value}


def _base64(value: Iterable[int]) -> Fragment:
    return {"type": "string", "format": "byte", "example": base64.b64encode(bytes(value)).decode("ascii")}


def _written(form: str, pattern: str) -> Callable[[Any], Fragment]:
    """Dates and times as text; without a zone they count as UTC."""

    def make(value: Any) -> Fragment:
        if getattr(value, "tzinfo", "none") is None:
            value = value.replace(tzinfo=dt.timezone.utc)
        return {"type": "string", "format": form, "example": value.strftime(pattern)}

    return make


_RULES: dict[type, Callable[[Any], Fragment]] = {
    int: _plain("integer", "int64"),
    float: _plain("number", "double"),
    bool: _plain("boolean"),
    str: _plain("string"),
    bytes: _base64,
    bytearray: _base64,
    dt.date: _written("date", DATE_FORMAT),
    dt.datetime: _written("date-time", DATETIME_FORMAT),
    dt.time: _written("time", TIME_FORMAT),
    list: list_fragment,
    tuple: list_fragment,
    range: list_fragment,
    dict: object_fragment,
}
