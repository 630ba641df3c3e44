"""lsprotocol's types, loaded in two thirds of the time.

attrs compiles a comparison and a repr for each of its 550 classes, a tenth of a second in all, and hardly any is ever
used. The classes get one comparison and one repr for all of them instead. Import this before anything of pygls.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from typing import Any

import attrs


def load() -> None:
    """Load them, unless somebody else has."""
    if "lsprotocol.types" in sys.modules:
        return
    plain = attrs.define

    made: list[type] = []

    def define(cls: type) -> Any:
        made.append(plain(cls, eq=False, repr=False))
        return made[-1]

    attrs.define = define  # type: ignore[assignment]
    try:
        importlib.import_module("lsprotocol.types")
    finally:
        attrs.define = plain
    for cls in made:
        _complete(cls, "__eq__", _equal)
        _complete(cls, "__repr__", _shown)


def _complete(cls: type, name: str, method: Callable[..., Any]) -> None:
    if name not in vars(cls):
        setattr(cls, name, method)


def _values(of: Any) -> tuple[Any, ...]:
    return tuple(getattr(of, field.name) for field in type(of).__attrs_attrs__)


def _equal(self: Any, other: object) -> Any:
    if type(other) is not type(self):
        return NotImplemented
    return _values(self) == _values(other)


def _shown(self: Any) -> str:
    fields = ", ".join(f"{field.name}={getattr(self, field.name)!r}" for field in type(self).__attrs_attrs__)
    return f"{type(self).__name__}({fields})"
