"""What the schema decorators of a function declared, read back from the decorated function."""

from __future__ import annotations

import inspect
import sys
from typing import Any, Callable

from mooring.scoring.schema import registry as own_registry
from mooring.scoring.schema.decorators import DECLARED

__all__ = ["Declared", "find_registry", "read_declared"]


class Declared:
    """One parameter as `input_schema` declared it.

    Args:
        name: The parameter.
        type: The parameter type, with `deserialize_input`.
        converts: Whether the value is converted before the call.
        optional: Whether an absent or falsy value is passed as it is.
    """

    def __init__(self, name: str, type: Any, converts: bool, optional: bool) -> None:  # noqa: A002
        self.name = name
        self.type = type
        self.converts = converts
        self.optional = optional

    @property
    def has_rows(self) -> bool:
        """Whether a converted value has rows on axis 0, so that requests can share one call."""
        kind = type(self.type).__name__
        checked = bool(getattr(self.type, "enforce_shape", False)) and bool(
            getattr(self.type, "enforce_column_type", False)
        )
        return (
            self.converts
            and not self.optional
            and checked
            and kind in ("NumpyParameterType", "PandasParameterType")
        )

    @property
    def reads_floats(self) -> bool:
        """Whether every value ends in an array of floats."""
        if not self.converts or type(self.type).__name__ != "NumpyParameterType":
            return False
        kind = getattr(getattr(self.type.sample_input, "dtype", None), "kind", "")
        return kind == "f" and bool(self.type.enforce_column_type)

    def convert(self, value: Any) -> Any:
        """The value as `run` gets it; raises what the parameter type raises."""
        if (
            not self.converts
            or (self.optional and not value)
            or isinstance(value, self.type.sample_data_type)
        ):
            return value
        return self.type.deserialize_input(value)


def find_registry(run: Callable[..., Any]) -> Any:
    """The `schema_util` that knows a decorated function, the real package's or ours; None when it is not decorated."""
    for registry in (sys.modules.get("inference_schema.schema_util"), own_registry):
        if registry is not None and registry.is_schema_decorated(run):
            return registry
    return None


def read_declared(run: Callable[..., Any]) -> dict[str, Declared]:
    """The declared parameters of a decorated function, as far as the decorators tell."""
    declared: dict[str, Declared] = {}
    layer: Any = run
    while layer is not None:
        facts = getattr(layer, "__dict__", {}).get(DECLARED) or _read_closure(
            getattr(layer, "_self_wrapper", None)
        )
        if facts is not None:
            declared[facts[0]] = Declared(facts[0], facts[1], bool(facts[2]), bool(facts[3]))
        layer = getattr(layer, "__wrapped__", None)
    return declared


_NAMES = ("param_name", "param_type", "convert_to_provided_type", "optional")


def _read_closure(function: Any) -> tuple[Any, ...] | None:
    """The real package keeps what was declared only in the closure of its wrapper, under its own argument names."""
    if not inspect.isfunction(function) or not function.__closure__:
        return None
    cells = dict(zip(function.__code__.co_freevars, function.__closure__))
    if not set(_NAMES) <= cells.keys():
        return None
    return tuple(cells[name].cell_contents for name in _NAMES)
