"""Type hints as checks and as schemas: one reader per hint, made when the script is loaded."""

from __future__ import annotations

import collections.abc
import json
import typing
from typing import Any, Callable, Dict, List, Union

__all__ = ["Mismatch", "Reader", "is_union", "make_reader", "parameters_of"]

Json = Dict[str, Any]

_SHOWN = 80  # characters of a value in a message


class Mismatch(Exception):
    """A value that does not fit its hint; the text says where and why."""

    def __init__(self, place: str, expected: str, value: Any) -> None:
        super().__init__(f"{place}: expected {expected}, got {_shown(value)}")


class Reader:
    """Checks values of one hint.

    Args:
        read: From a parsed JSON value and its place (`rows[2].age`) to the argument; raises `Mismatch`.
        schema: The JSON Schema of the hint.
        name: How messages call it.
        is_model: Whether it stands for a class with fields.
    """

    def __init__(
        self, read: Callable[[Any, str], Any], schema: Json, name: str, *, is_model: bool = False
    ) -> None:
        self.read = read
        self.schema = schema
        self.name = name
        self.is_model = is_model


def make_reader(hint: Any) -> Reader:
    """The reader of a hint; a hint without a rule accepts anything."""
    simple = _SIMPLE.get(hint) if isinstance(hint, collections.abc.Hashable) else None
    if simple is not None:
        return _simple_reader(*simple)
    if is_union(hint):
        return _union_reader([make_reader(argument) for argument in parameters_of(hint)])
    make = _CONTAINERS.get(getattr(hint, "__origin__", None))
    if make is not None:
        return make(parameters_of(hint))
    from mooring.scoring.contract.models import make_model_reader

    return make_model_reader(hint) or _ANYTHING


def is_union(hint: Any) -> bool:
    """Whether a hint is `Union[…]`, `Optional[…]` or `a | b`."""
    return getattr(hint, "__origin__", None) is Union or type(hint).__name__ == "UnionType"


def parameters_of(hint: Any) -> tuple[Any, ...]:
    """`(float,)` for `list[float]`; nothing for plain classes and for a bare `List`."""
    return tuple(
        found for found in getattr(hint, "__args__", None) or () if type(found).__name__ != "TypeVar"
    )


def _take_anything(value: Any, _place: str) -> Any:
    return value


_ANYTHING = Reader(_take_anything, {}, "anything")

_SIMPLE: dict[Any, tuple[Any, str, Json]] = {
    int: (int, "an integer", {"type": "integer"}),
    float: ((int, float), "a number", {"type": "number"}),
    bool: (bool, "true or false", {"type": "boolean"}),
    str: (str, "a string", {"type": "string"}),
    list: (list, "a list", {"type": "array", "items": {}}),
    dict: (dict, "an object", {"type": "object"}),
    type(None): (type(None), "null", {"type": "null"}),
}


def _simple_reader(kinds: Any, name: str, schema: Json) -> Reader:
    def read(value: Any, place: str) -> Any:
        # True is an int in Python, not in JSON.
        if isinstance(value, kinds) and (type(value) is not bool or kinds is bool):
            return value
        raise Mismatch(place, name, value)

    return Reader(read, dict(schema), name)


def _list_reader(arguments: tuple[Any, ...]) -> Reader:
    item = make_reader(arguments[0]) if arguments else _ANYTHING
    read_item = item.read

    def read(value: Any, place: str) -> Any:
        if not isinstance(value, list):
            raise Mismatch(place, f"a list of {item.name}", value)
        return [read_item(found, f"{place}[{i}]") for i, found in enumerate(value)]

    return Reader(read, {"type": "array", "items": item.schema}, f"a list of {item.name}")


def _tuple_reader(arguments: tuple[Any, ...]) -> Reader:
    if arguments[1:] == (Ellipsis,):
        inner = _list_reader(arguments[:1])
        return Reader(lambda value, place: tuple(inner.read(value, place)), inner.schema, inner.name)
    items = [make_reader(argument) for argument in arguments]
    name = f"a list of {len(items)} values"

    def read(value: Any, place: str) -> Any:
        if not isinstance(value, list) or len(value) != len(items):
            raise Mismatch(place, name, value)
        return tuple(item.read(found, f"{place}[{i}]") for i, (item, found) in enumerate(zip(items, value)))

    schema: Json = {"type": "array", "items": {}, "minItems": len(items), "maxItems": len(items)}
    return Reader(read, schema, name)


def _dict_reader(arguments: tuple[Any, ...]) -> Reader:
    item = make_reader(arguments[1]) if len(arguments) > 1 else _ANYTHING

    def read(value: Any, place: str) -> Any:
        if not isinstance(value, dict):
            raise Mismatch(place, "an object", value)
        return {key: item.read(found, f"{place}.{key}") for key, found in value.items()}

    return Reader(read, {"type": "object", "additionalProperties": item.schema}, "an object")


def _union_reader(choices: list[Reader]) -> Reader:
    name = " or ".join(choice.name for choice in choices)

    def read(value: Any, place: str) -> Any:
        for choice in choices:
            try:
                return choice.read(value, place)
            except Mismatch:  # noqa: PERF203  the next choice is tried
                continue
        raise Mismatch(place, name, value)

    return Reader(read, {"anyOf": [choice.schema for choice in choices]}, name)


def _literal_reader(values: tuple[Any, ...]) -> Reader:
    name = "one of " + ", ".join(repr(value) for value in values)

    def read(value: Any, place: str) -> Any:
        if any(value == known and type(value) is type(known) for known in values):
            return value
        raise Mismatch(place, name, value)

    return Reader(read, {"enum": list(values)}, name)


_CONTAINERS: dict[Any, Callable[[tuple[Any, ...]], Reader]] = {
    **dict.fromkeys((list, List, set, frozenset), _list_reader),
    **dict.fromkeys((collections.abc.Sequence, collections.abc.Iterable), _list_reader),
    **dict.fromkeys((dict, collections.abc.Mapping, collections.abc.MutableMapping), _dict_reader),
    tuple: _tuple_reader,
    typing.Literal: _literal_reader,
}


def _shown(value: Any) -> str:
    """A value as JSON people would know it, cut short."""
    try:
        text = json.dumps(value)
    except (TypeError, ValueError):
        text = repr(value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
