"""From a parsed JSON value to the type of a sample, nested samples included."""

from __future__ import annotations

from typing import Any, Callable

__all__ = ["converter"]

Convert = Callable[[Any], Any]


def converter(param_type: Any) -> Convert:
    """The conversion for a parameter type, made once when a function is decorated."""
    kind = param_type.sample_data_type
    if kind is dict and hasattr(param_type, "sample_data_type_map"):
        return _object_converter(
            {key: converter(inner) for key, inner in param_type.sample_data_type_map.items()}
        )
    if kind in (list, tuple) and hasattr(param_type, "sample_data_type_list"):
        nested = param_type.sample_data_type_list
        return _list_converter(kind, converter(nested[0]) if nested else None)
    deserialize = param_type.deserialize_input

    def convert(value: Any) -> Any:
        return value if isinstance(value, kind) else deserialize(value)

    return convert


def _object_converter(inner: dict[str, Convert]) -> Convert:
    def convert(value: Any) -> Any:
        if not isinstance(value, dict):
            raise _wrong_type(dict, value)
        for key, convert_item in inner.items():
            if key in value:
                value[key] = convert_item(value[key])
        return value

    return convert


def _list_converter(kind: type, convert_item: Convert | None) -> Convert:
    def convert(value: Any) -> Any:
        if not isinstance(value, (list, tuple)):
            raise _wrong_type(kind, value)
        return value if convert_item is None else [convert_item(item) for item in value]

    return convert


def _wrong_type(expected: type, value: Any) -> ValueError:
    return ValueError(f"Invalid input data type to parse. Expected: {expected} but got {type(value)}")
