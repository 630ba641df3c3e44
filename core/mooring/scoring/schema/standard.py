"""Plain Python values as parameters; dicts and lists may hold other parameter types."""

from __future__ import annotations

import base64
import datetime
import json
from typing import Any, Dict, List

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
        self.sample_data_type_map: Dict[str, AbstractParameterType] = {}
        self.sample_data_type_list: List[AbstractParameterType] = []
        if self.sample_data_type is dict:
            items = sample_input.items()
            self.sample_data_type_map = {k: v for k, v in items if isinstance(v, AbstractParameterType)}
        elif self.sample_data_type in (list, tuple):
            self.sample_data_type_list = [v for v in sample_input if isinstance(v, AbstractParameterType)]

    def deserialize_input(self, input_data: Any) -> Any:
        """The value itself; text becomes bytes, dates and times; raises ValueError for another type."""
        kind = self.sample_data_type
        value = input_data
        if kind is datetime.date:
            value = datetime.datetime.strptime(value, DATE_FORMAT).date()  # noqa: DTZ007
        elif kind is datetime.datetime:
            value = parse_datetime(value)
        elif kind is datetime.time:
            value = parse_datetime(value).timetz()
        elif kind in (bytes, bytearray):
            value = base64.b64decode(value.encode("utf-8"))
        if isinstance(value, kind) or (kind is float and type(value) is int):
            return value
        raise ValueError(f"Invalid input data type to parse. Expected: {kind} but got {type(value)}")

    def input_to_swagger(self) -> Dict[str, Any]:
        """The schema fragment of the sample; raises for None and for what JSON can not hold."""
        if self.sample_input is None:
            raise ValueError("Sample input cannot be None")
        fragment = value_fragment(self.sample_input)
        try:
            json.dumps(fragment)
        except TypeError as error:
            raise TypeError(NOT_SERIALISABLE.format(error)) from error
        return fragment


def parse_datetime(text: str) -> datetime.datetime:
    """Any notation where dateutil is installed (pandas brings it), else ISO 8601."""
    try:
        from dateutil import parser
    except ImportError:
        iso = text.strip().replace("Z", "+00:00")
        if (iso.count(":") == 1 and len(iso) <= 5) or iso[:3].endswith(":"):
            return datetime.datetime.combine(datetime.date.today(), datetime.time.fromisoformat(iso))  # noqa: DTZ011
        return datetime.datetime.fromisoformat(iso)
    parsed: datetime.datetime = parser.parse(text)
    return parsed
