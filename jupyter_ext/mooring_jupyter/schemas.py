"""JSON Schemas of the shapes."""

from __future__ import annotations

import inspect
import types
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from typing_extensions import NotRequired, is_typeddict

_PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
    Any: {},
}
REFERENCE = "#/components/schemas/"


class Schemas:
    """Schemas of types; typed dictionaries are referred to by name and collected.

    Attributes:
        named: Schema by name.
    """

    def __init__(self) -> None:
        self.named: dict[str, dict[str, Any]] = {}

    def of(self, kind: Any) -> dict[str, Any]:
        """The schema of a type."""
        if kind in _PLAIN:
            return dict(_PLAIN[kind])
        if is_typeddict(kind):
            return self._reference(kind)
        origin, arguments = get_origin(kind), get_args(kind)
        if origin is Literal:
            return {"type": "string", "enum": list(arguments)}
        if origin in (Union, types.UnionType):
            return self._either(arguments)
        if origin is list:
            return {"type": "array", "items": self.of(arguments[0])}
        if origin is dict:
            return {"type": "object", "additionalProperties": self.of(arguments[1])}
        raise TypeError(f"no schema for {kind!r}")

    def _either(self, kinds: tuple[Any, ...]) -> dict[str, Any]:
        schemas = [self.of(kind) for kind in kinds]
        if all(set(schema) == {"type"} for schema in schemas):
            return {"type": [schema["type"] for schema in schemas]}
        return {"anyOf": schemas}

    def _reference(self, kind: Any) -> dict[str, Any]:
        name = kind.__name__
        if name not in self.named:
            self.named[name] = {}  # shapes may hold themselves
            self.named[name] = self._object(kind)
        return {"$ref": REFERENCE + name}

    def _object(self, kind: Any) -> dict[str, Any]:
        hints = get_type_hints(kind, include_extras=True)
        fields = {name: _without_marker(hint) for name, hint in hints.items()}
        return {
            "type": "object",
            "description": " ".join((inspect.getdoc(kind) or "").split()),
            "properties": {name: self.of(hint) for name, hint in fields.items()},
            "required": [
                name for name in fields if kind.__total__ and get_origin(hints[name]) is not NotRequired
            ],
            "additionalProperties": False,
        }


def _without_marker(hint: Any) -> Any:
    return get_args(hint)[0] if get_origin(hint) is NotRequired else hint
