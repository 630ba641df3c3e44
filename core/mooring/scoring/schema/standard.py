"""Plain Python values as parameters; dicts and lists may hold other parameter types."""

from __future__ import annotations

import base64
import datetime as dt
import json
from typing import Any

from mooring.scoring.schema.abstract import AbstractParameterType
from mooring.scoring.schema.fragments import DATE_FORMAT, value_fragment

__all__ = ["StandardPythonParameterType", "parse_datetime"]

NOT_SERIALISABLE = (
    "Invalid python data sample provided: ensure that the data is fully JSON serializable to be able to generate"
    " swagger schema from it. Actual error: {}"
)


class StandardPythonParameterType(AbstractParameterType):
    """A parameter of the sample's own Python type."""

    def __init__(self, sample_input: Any) -> None:
        super().__init__(sample_input)
        self.sample_data_type_map: dict[str, AbstractParameterType] = {}
        self.sample_data_type_list: list[AbstractParameterType] = []
        if self.sample_data_type is dict:
            items = sample_input.items()
            self.sample_data_type_map = {k: v for k, v in items if isinstance(v, AbstractParameterType)}
        elif self.sample_data_type in (list, tuple):
            self.sample_data_type_list = [v for v in sample_input if isinstance(v, AbstractParameterType)]

    def deserialize_input(self, input_data: Any) -> Any:
        """The value itself; text becomes bytes, dates and times; raises ValueError for another type."""
        kind = self.sample_data_type
        value = input_data
        if kind is dt.date:
            value = dt.datetime.strptime(value, DATE_FORMAT).date()  # noqa: DTZ007
        elif kind is dt.datetime:
            value = parse_datetime(value)
        elif kind is dt.time:
            value = parse_datetime(value).timetz()
        elif kind in (bytes, bytearray):
            value = base64.b64decode(value.encode("utf-8"))
        if isinstance(value, kind) or (kind is float and type(value) is int):
            return value
        raise ValueError(f"Invalid input data type to parse. Expected: {kind} but got {type(value)}")

    def input_to_swagger(self) -> dict[str, Any]:
        """The schema fragment of the sample; raises for None and for what JSON can not hold."""
        if self.sample_input is None:
            raise ValueError("Sample input cannot be None")
        fragment = value_fragment(self.sample_input)
        try:
            json.dumps(fragment)
        except TypeError as error:
            raise TypeError(NOT_SERIALISABLE.format(error)) from error
        return fragment


def parse_datetime(text: str) -> dt.datetime:
    """Any notation where dateutil is installed (pandas brings it), else ISO 8601."""
    try:
        from dateutil import parser  # type: ignore[import-untyped,unused-ignore]
    except ImportError:
        iso = text.strip().replace("Z", "+00:00").replace(",", ".")  # v1's own format has a comma
        if iso[2:3] == ":":  # a time without a date
            return dt.datetime.combine(dt.date.today(), dt.time.fromisoformat(iso))  # noqa: DTZ011
        return dt.datetime.fromisoformat(iso)
    parsed: dt.datetime = parser.parse(text)
    return parsed
