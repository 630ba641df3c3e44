"""Type hints as checks and as schemas: one reader per hint, made when the script is loaded."""

from __future__ import annotations

import dataclasses
import typing
from typing import Any, Callable, Dict, List, Tuple, Union

__all__ = ["Mismatch", "Reader", "is_union", "make_reader", "parameters_of"]

Json = Dict[str, Any]


class Mismatch(Exception):  # noqa: N818
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
        self, read: Callable[[Any, str], Any], schema: Json, name: str, is_model: bool = False
    ) -> None:
        self.read = read
        self.schema = schema
        self.name = name
        self.is_model = is_model


def make_reader(hint: Any) -> Reader:
    """The reader of a hint; a hint without a rule accepts anything."""
    simple = _SIMPLE.get(hint) if isinstance(hint, type) else None
    if simple is not None:
        return _simple_reader(*simple)
    if hint is type(None):
        return Reader(_read_none, {"type": "null"}, "null")
    origin, arguments = getattr(hint, "__origin__", None), parameters_of(hint)
    if is_union(hint):
        return _union_reader([make_reader(argument) for argument in arguments])
    if origin is getattr(typing, "Literal", None) and origin is not None:
        return _literal_reader(arguments)
    if origin in (list, List, set, frozenset, typing.Sequence, typing.Iterable) or _is_sequence(origin):
        return _list_reader(make_reader(arguments[0]) if arguments else _ANYTHING)
    if origin is tuple:
        return _tuple_reader(arguments)
    if origin is dict or _is_mapping(origin):
        return _dict_reader(make_reader(arguments[1]) if len(arguments) > 1 else _ANYTHING)
    if isinstance(hint, type) and hasattr(hint, "model_validate"):
        return _model_reader(hint, hint.model_validate, hint.model_json_schema)
    if isinstance(hint, type) and hasattr(hint, "parse_obj"):
        return _model_reader(hint, hint.parse_obj, hint.schema)  # type: ignore[attr-defined]
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        return _dataclass_reader(hint)
    return _ANYTHING


def is_union(hint: Any) -> bool:
    """Whether a hint is `Union[…]`, `Optional[…]` or `a | b`."""
    return getattr(hint, "__origin__", None) is Union or type(hint).__name__ == "UnionType"


_ANYTHING = Reader(lambda value, place: value, {}, "anything")

_SIMPLE: Dict[Any, Tuple[Any, str, Json]] = {
    int: (int, "an integer", {"type": "integer"}),
    float: ((int, float), "a number", {"type": "number"}),
    bool: (bool, "true or false", {"type": "boolean"}),
    str: (str, "a string", {"type": "string"}),
    list: (list, "a list", {"type": "array", "items": {}}),
    dict: (dict, "an object", {"type": "object"}),
}


def _simple_reader(kinds: Any, name: str, schema: Json) -> Reader:
    def read(value: Any, place: str) -> Any:
        # True is an int in Python, not in JSON.
        if isinstance(value, kinds) and (type(value) is not bool or kinds is bool):
            return value
        raise Mismatch(place, name, value)

    return Reader(read, dict(schema), name)


def _read_none(value: Any, place: str) -> None:
    if value is not None:
        raise Mismatch(place, "null", value)


def _list_reader(item: Reader) -> Reader:
    read_item = item.read

    def read(value: Any, place: str) -> Any:
        if not isinstance(value, list):
            raise Mismatch(place, f"a list of {item.name}", value)
        return [read_item(found, f"{place}[{i}]") for i, found in enumerate(value)]

    return Reader(read, {"type": "array", "items": item.schema}, f"a list of {item.name}")


def _tuple_reader(arguments: Tuple[Any, ...]) -> Reader:
    if len(arguments) == 2 and arguments[1] is Ellipsis:
        inner = _list_reader(make_reader(arguments[0]))
        return Reader(lambda value, place: tuple(inner.read(value, place)), inner.schema, inner.name)
    items = [make_reader(argument) for argument in arguments]
    name = f"a list of {len(items)} values"

    def read(value: Any, place: str) -> Any:
        if not isinstance(value, list) or len(value) != len(items):
            raise Mismatch(place, name, value)
        return tuple(item.read(found, f"{place}[{i}]") for i, (item, found) in enumerate(zip(items, value)))

    schema: Json = {"type": "array", "items": {}, "minItems": len(items), "maxItems": len(items)}
    return Reader(read, schema, name)


def _dict_reader(item: Reader) -> Reader:
    def read(value: Any, place: str) -> Any:
        if not isinstance(value, dict):
            raise Mismatch(place, "an object", value)
        return {key: item.read(found, f"{place}.{key}") for key, found in value.items()}

    return Reader(read, {"type": "object", "additionalProperties": item.schema}, "an object")


def _union_reader(choices: List[Reader]) -> Reader:
    name = " or ".join(choice.name for choice in choices)

    def read(value: Any, place: str) -> Any:
        for choice in choices:
            try:
                return choice.read(value, place)
            except Mismatch:
                continue
        raise Mismatch(place, name, value)

    return Reader(read, {"anyOf": [choice.schema for choice in choices]}, name)


def _literal_reader(values: Tuple[Any, ...]) -> Reader:
    name = "one of " + ", ".join(repr(value) for value in values)

    def read(value: Any, place: str) -> Any:
        if any(value == known and type(value) is type(known) for known in values):
            return value
        raise Mismatch(place, name, value)

    return Reader(read, {"enum": list(values)}, name)


def _model_reader(model: Any, validate: Callable[[Any], Any], schema: Callable[[], Json]) -> Reader:
    """A pydantic model: pydantic checks, its first complaint is told."""

    def read(value: Any, place: str) -> Any:
        try:
            return validate(value)
        except ValueError as error:
            errors: Any = getattr(error, "errors", None)
            first = errors()[0] if callable(errors) else {"loc": (), "msg": str(error)}
            where = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"])
            raise Mismatch(
                place + where, f"{model.__name__} ({first['msg']})", first.get("input", value)
            ) from None

    return Reader(read, _inlined(schema()), model.__name__, is_model=True)


def _dataclass_reader(model: Any) -> Reader:
    hints = typing.get_type_hints(model)
    fields = [
        (field.name, _is_required(field), make_reader(hints[field.name]))
        for field in dataclasses.fields(model)
    ]

    def read(value: Any, place: str) -> Any:
        if not isinstance(value, dict):
            raise Mismatch(place, f"an object with the fields of {model.__name__}", value)
        for name, required, _ in fields:
            if required and name not in value:
                raise Mismatch(f"{place}.{name}", "a value", None)
        return model(
            **{
                name: reader.read(value[name], f"{place}.{name}")
                for name, _, reader in fields
                if name in value
            }
        )

    schema: Json = {"type": "object", "properties": {name: reader.schema for name, _, reader in fields}}
    required = [name for name, is_required, _ in fields if is_required]
    if required:
        schema["required"] = required
    return Reader(read, schema, model.__name__, is_model=True)


def _is_required(field: Any) -> bool:
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


def _inlined(schema: Any, definitions: Json | None = None, depth: int = 0) -> Any:
    """A schema with its local references put in place: the description has one namespace for all of them."""
    if definitions is None:
        definitions = {**schema.get("definitions", {}), **schema.get("$defs", {})}
    if isinstance(schema, list):
        return [_inlined(item, definitions, depth) for item in schema]
    if not isinstance(schema, dict):
        return schema
    reference = schema.get("$ref")
    if isinstance(reference, str):
        name = reference.rpartition("/")[2]
        # A model that holds itself is described to a few levels only.
        return (
            _inlined(definitions[name], definitions, depth + 1) if name in definitions and depth < 4 else {}
        )
    return {
        key: _inlined(item, definitions, depth)
        for key, item in schema.items()
        if key not in ("$defs", "definitions")
    }


def parameters_of(hint: Any) -> Tuple[Any, ...]:
    """`(float,)` for `list[float]`; nothing for plain classes and for a bare `List`."""
    return tuple(
        found for found in getattr(hint, "__args__", None) or () if type(found).__name__ != "TypeVar"
    )


def _is_sequence(origin: Any) -> bool:
    import collections.abc

    return origin in (collections.abc.Sequence, collections.abc.Iterable, collections.abc.MutableSequence)


def _is_mapping(origin: Any) -> bool:
    import collections.abc

    return origin in (collections.abc.Mapping, collections.abc.MutableMapping)


def _shown(value: Any) -> str:
    """A value as JSON people would know it, cut short."""
    import json

    try:
        text = json.dumps(value)
    except (TypeError, ValueError):
        text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."
