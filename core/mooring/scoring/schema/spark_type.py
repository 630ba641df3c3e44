"""Spark data frames as parameters."""

from __future__ import annotations

import base64
from decimal import Decimal
from typing import Any, Callable

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.types import DataType, StructType, UserDefinedType

from mooring.scoring.schema.abstract import AbstractParameterType, SchemaError
from mooring.scoring.schema.standard import parse_datetime

__all__ = ["SparkParameterType"]

_SIMPLE: dict[str, dict[str, str]] = {
    "byte": {"type": "integer", "format": "int8"},
    "short": {"type": "integer", "format": "int16"},
    "integer": {"type": "integer", "format": "int32"},
    "long": {"type": "integer", "format": "int64"},
    "boolean": {"type": "boolean"},
    "float": {"type": "number", "format": "float"},
    "double": {"type": "number", "format": "double"},
    "decimal": {"type": "number", "format": "decimal"},
    "string": {"type": "string"},
    "binary": {"type": "string", "format": "binary"},
    "date": {"type": "string", "format": "date"},
    "timestamp": {"type": "string", "format": "date-time"},
    "null": {"type": "object"},
}


class SparkParameterType(AbstractParameterType):
    """A Spark data frame like the sample.

    Args:
        sample_input: A `pyspark.sql.DataFrame`.
        apply_sample_schema: Give the data frame the sample's schema, rather than let Spark guess one.
    """

    def __init__(self, sample_input: Any, apply_sample_schema: bool = True) -> None:
        if not isinstance(sample_input, DataFrame):
            raise SchemaError("Invalid sample input provided, must provide a sample Spark DataFrame array.")
        super().__init__(sample_input)
        self.apply_sample_schema = apply_sample_schema

    def deserialize_input(self, input_data: Any) -> Any:
        """A list of rows as a data frame; raises for other values."""
        if isinstance(input_data, DataFrame):
            return input_data
        if not isinstance(input_data, list):
            raise SchemaError(
                f'Error, unable to convert input of type "{type(input_data)}" to Spark DataFrame'
            )
        session = SparkSession.builder.getOrCreate()
        if not self.apply_sample_schema:
            return session.createDataFrame(input_data)
        schema = self.sample_input.schema
        return session.createDataFrame([_read(row, schema) for row in input_data], schema)

    def input_to_swagger(self) -> dict[str, Any]:
        """An array of objects, with every row of the sample as example."""
        row = _fragment(self.sample_input.schema)
        example = [_sample(found, row) for found in self.sample_input.collect()]
        return {"type": "array", "items": row, "example": example}


def _read(value: Any, kind: Any) -> Any:
    """A JSON value as Spark wants it; it does not understand text for dates, decimals and bytes by itself."""
    if isinstance(kind, StructType):
        return {field.name: _read(value[field.name], field.dataType) for field in kind.fields}
    name = kind.typeName()
    if name == "array":
        return [_read(item, kind.elementType) for item in value]
    if name == "map":
        return {key: _read(item, kind.valueType) for key, item in value.items()}
    read = _READERS.get(name)
    return value if read is None else read(value)


_READERS: dict[str, Callable[[Any], Any]] = {
    "date": lambda text: parse_datetime(text).date(),
    "timestamp": parse_datetime,
    "decimal": Decimal,
    "binary": lambda text: bytearray(base64.b64decode(text.encode("utf-8"))),
}


def _fragment(kind: Any) -> dict[str, Any]:
    if not isinstance(kind, DataType):
        raise TypeError("Invalid data type to convert: expected only valid pyspark.sql.types.DataType types")
    if isinstance(kind, UserDefinedType):
        raise TypeError(
            "Instances of UserDefinedType are not supported. Please use ArrayType or MapType if applicable."
        )
    if isinstance(kind, StructType):
        return {
            "type": "object",
            "properties": {field.name: _fragment(field.dataType) for field in kind.fields},
        }
    name = kind.typeName()
    if name == "array":
        return {"type": "array", "items": _fragment(kind.elementType)}
    if name == "map":
        return {"type": "object", "additionalProperties": _fragment(kind.valueType)}
    if name not in _SIMPLE:
        raise TypeError(f"We currently do not support extracting schema from data of type {kind}")
    return dict(_SIMPLE[name])


def _sample(value: Any, fragment: dict[str, Any]) -> Any:
    if "properties" in fragment:
        return {name: _sample(value[name], inner) for name, inner in fragment["properties"].items()}
    if "additionalProperties" in fragment:
        return {name: _sample(item, fragment["additionalProperties"]) for name, item in value.items()}
    if fragment["type"] == "array":
        return [_sample(item, fragment["items"]) for item in value]
    write = _WRITERS.get(fragment.get("format", "")) or _WRITERS.get(fragment["type"], str)
    return write(value)


_WRITERS: dict[str, Callable[[Any], Any]] = {
    "number": float,
    "integer": int,
    "date": lambda day: day.strftime("%Y-%m-%d"),
    "date-time": lambda moment: moment.strftime("%Y-%m-%d %H:%M:%S,%f"),
    "binary": lambda content: base64.b64encode(bytes(content)).decode("ascii"),
}
