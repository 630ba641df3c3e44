"""numpy arrays as parameters."""

from __future__ import annotations

import base64
import datetime
from typing import Any, Dict, Tuple

import numpy as np

from mooring.scoring.schema.abstract import AbstractParameterType

__all__ = ["NumpyParameterType"]

_KINDS = {"i": "integer", "u": "integer", "f": "number", "b": "boolean", "O": "object"}
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
            raise Exception("Invalid sample input provided, must provide a sample Numpy array.")  # noqa: TRY002, TRY004
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

    def input_to_swagger(self) -> Dict[str, Any]:
        """Nested arrays of the dtype's fragment."""
        items = _fragment(self.sample_input.dtype)
        for _ in range(len(self.sample_input.shape) - 1):
            items = {"type": "array", "items": items}
        example = [_sample(self.sample_input[i], items) for i in range(len(self.sample_input))]
        return {"type": "array", "items": items, "example": example, "format": "numpy.ndarray"}


def _check_shape(shape: Tuple[int, ...], expected: Tuple[int, ...]) -> None:
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
    return np.timedelta64(value, code)


def _fragment(dtype: Any) -> Dict[str, Any]:
    if dtype.names:
        return {"type": "object", "properties": {name: _fragment(dtype[name]) for name in dtype.names}}
    if dtype.subdtype is not None:
        item, shape = dtype.subdtype
        fragment = _fragment(item)
        for _ in shape:
            fragment = {"type": "array", "items": fragment}
        return fragment
    return _simple_fragment(dtype)


def _simple_fragment(dtype: Any) -> Dict[str, Any]:
    kind = dtype.kind
    if kind in "bO":
        return {"type": _KINDS[kind]}
    if kind in "iu":
        return {"type": "integer", "format": dtype.name}
    if kind == "f" and dtype.itemsize <= 8:
        return {"type": "number", "format": "double" if dtype.itemsize == 8 else "float"}
    if kind == "U":
        return {"type": "string"}
    form = {"S": "binary", "V": "binary", "M": "date-time", "m": "timedelta"}.get(kind)
    if form is None:
        raise TypeError(
            f"We currently do not support extracting schema from data of type {dtype.name.lower()}"
        )
    return {"type": "string", "format": form}


def _sample(value: Any, fragment: Dict[str, Any]) -> Any:
    """A value of the sample as JSON, led by its fragment; booleans become text, as clients know them."""
    kind = fragment["type"]
    if kind == "object" and "properties" in fragment:
        return {name: _sample(value[name], inner) for name, inner in fragment["properties"].items()}
    if kind == "array":
        return [_sample(item, fragment["items"]) for item in value]
    if kind == "number":
        return float(value)
    if kind == "integer":
        return int(value)
    form = fragment.get("format")
    if form == "date-time":
        return value.astype("datetime64[us]").astype(datetime.datetime).strftime("%Y-%m-%d %H:%M:%S,%f")
    if form == "binary":
        return base64.b64encode(value).decode("ascii")
    return str(value)
