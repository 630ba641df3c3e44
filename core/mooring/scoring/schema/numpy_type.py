"""numpy arrays as parameters."""

from __future__ import annotations

import base64
import datetime as dt
from typing import Any, Callable

import numpy as np

from mooring.scoring.schema.abstract import AbstractParameterType, SchemaError

__all__ = ["NumpyParameterType"]

_UNITS = {
    "years": "Y", "months": "M", "weeks": "W", "days": "D", "hours": "h", "minutes": "m", "seconds": "s",
    "milliseconds": "ms", "microseconds": "us", "nanoseconds": "ns", "picoseconds": "ps",
    "femtoseconds": "fs", "attoseconds": "as",
}  # fmt: skip


class NumpyParameterType(AbstractParameterType):
    """An array like the sample: its dtype, and its shape but for axis 0.

    Args:
        sample_input: A `numpy.ndarray`.
        enforce_column_type: Give the array the sample's dtype.
        enforce_shape: Refuse another number of axes, or other lengths than the sample's beyond axis 0.
    """

    def __init__(
        self, sample_input: Any, enforce_column_type: bool = True, enforce_shape: bool = True
    ) -> None:
        if not isinstance(sample_input, np.ndarray):
            raise SchemaError("Invalid sample input provided, must provide a sample Numpy array.")
        super().__init__(sample_input)
        self.enforce_column_type = enforce_column_type
        self.enforce_shape = enforce_shape
        # Structured rows, times and durations need their items converted one by one; the rest numpy does itself.
        self._by_item = bool(sample_input.dtype.names) or sample_input.dtype.kind in "mM"

    def deserialize_input(self, input_data: Any) -> Any:
        """A list as an array; raises ValueError for other values, shapes and items."""
        if isinstance(input_data, np.ndarray):
            return input_data
        if not isinstance(input_data, list):
            raise ValueError("Invalid input format: expected an array of items.")  # noqa: TRY004
        dtype = self.sample_input.dtype
        if not self.enforce_column_type:
            array = np.array(input_data)
        elif self._by_item:
            array = np.array([_read_item(item, dtype) for item in input_data], dtype=dtype)
        else:
            array = np.array(input_data, dtype=dtype)
        if self.enforce_shape:
            _check_shape(array.shape, self.sample_input.shape)
        return array

    def input_to_swagger(self) -> dict[str, Any]:
        """Nested arrays of the dtype's fragment."""
        items = _fragment(self.sample_input.dtype)
        for _ in range(len(self.sample_input.shape) - 1):
            items = {"type": "array", "items": items}
        example = [_sample(self.sample_input[i], items) for i in range(len(self.sample_input))]
        return {"type": "array", "items": items, "example": example, "format": "numpy.ndarray"}


def _check_shape(shape: tuple[int, ...], expected: tuple[int, ...]) -> None:
    if len(shape) != len(expected):
        raise ValueError(
            f"Invalid input array: an array with {len(expected)} dimensions is expected; "
            f"input has {len(shape)} [shape {shape}]"
        )
    for axis in range(1, len(expected)):
        if shape[axis] != expected[axis]:
            raise ValueError(
                f"Invalid input array: array has size {shape[axis]} on dimension #{axis}, "
                f"while expected value is {expected[axis]}"
            )


def _read_item(item: Any, dtype: Any) -> Any:
    if dtype.names:
        keys = dtype.names if type(item) is dict else range(len(dtype.names))
        return tuple(_read_item(item[key], dtype[i]) for i, key in enumerate(keys))
    if dtype.kind == "M":
        return np.datetime64(item)
    return _read_duration(item) if dtype.kind == "m" else item


def _read_duration(text: str) -> Any:
    number, _, unit = text.strip().partition(" ")
    if not unit.strip():
        raise ValueError(
            f"Invalid numpy.timestamp64 value specified: {text}. Format should be <value> <time_unit_code>"
        )
    value = int(number)
    code = _UNITS.get(unit.strip().lower())
    if code is None:
        raise ValueError(f"Invalid numpy.timestamp64 value specified: {text}. Unrecognized time unit code")
    return np.dtype(f"timedelta64[{code}]").type(value, code)


def _fragment(dtype: Any) -> dict[str, Any]:
    if dtype.names:
        return {"type": "object", "properties": {name: _fragment(dtype[name]) for name in dtype.names}}
    if dtype.subdtype is not None:
        item, shape = dtype.subdtype
        fragment = _fragment(item)
        for _ in shape:
            fragment = {"type": "array", "items": fragment}
        return fragment
    return _simple_fragment(dtype)


def _simple_fragment(dtype: Any) -> dict[str, Any]:
    if dtype.kind in "iu":
        return {"type": "integer", "format": dtype.name}
    if dtype.name in _FLOATS:
        return {"type": "number", "format": _FLOATS[dtype.name]}
    fragment = _FRAGMENTS.get(dtype.kind)
    if fragment is None:
        raise TypeError(
            f"We currently do not support extracting schema from data of type {dtype.name.lower()}"
        )
    return dict(fragment)


def _sample(value: Any, fragment: dict[str, Any]) -> Any:
    """A value of the sample as JSON, led by its fragment; booleans become text, as clients know them."""
    kind = fragment["type"]
    if "properties" in fragment:
        return {name: _sample(value[name], inner) for name, inner in fragment["properties"].items()}
    if kind == "array":
        return [_sample(item, fragment["items"]) for item in value]
    write = _WRITERS.get(fragment.get("format", kind)) or _WRITERS.get(kind, str)
    return write(value)


def _written_time(value: Any) -> str:
    moment: dt.datetime = value.astype("datetime64[us]").astype(dt.datetime)
    return moment.strftime("%Y-%m-%d %H:%M:%S,%f")


_FLOATS = {"float16": "float", "float32": "float", "float64": "double"}
_FRAGMENTS = {
    "b": {"type": "boolean"},
    "O": {"type": "object"},
    "U": {"type": "string"},
    "S": {"type": "string", "format": "binary"},
    "V": {"type": "string", "format": "binary"},
    "M": {"type": "string", "format": "date-time"},
    "m": {"type": "string", "format": "timedelta"},
}
_WRITERS: dict[str, Callable[[Any], Any]] = {
    "number": float,
    "integer": int,
    "date-time": _written_time,
    "binary": lambda value: base64.b64encode(value).decode("ascii"),
}
