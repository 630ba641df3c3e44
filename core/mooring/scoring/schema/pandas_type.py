"""pandas data frames as parameters."""

from __future__ import annotations

import json
import warnings
from io import StringIO
from typing import Any, Iterator

import pandas as pd

from mooring.scoring.schema.abstract import AbstractParameterType, SchemaError
from mooring.scoring.schema.fragments import list_fragment, object_fragment

__all__ = ["PandasParameterType"]

ORIENTS = ("split", "records", "index", "columns", "values", "table")
NAIVE_TO_AWARE = "Cannot use .astype to convert from timezone-naive dtype to timezone-aware dtype"


class PandasParameterType(AbstractParameterType):
    """A data frame like the sample: its column types, and as many columns.

    Args:
        sample_input: A `pandas.DataFrame`.
        enforce_column_type: Cast columns that the sample has to the sample's types, others to object.
        enforce_shape: Refuse another number of columns; names are not compared.
        apply_column_names: Name the columns as in the sample (deprecated).
        orient: The JSON layout, one of pandas' own.
    """

    def __init__(
        self,
        sample_input: Any,
        enforce_column_type: bool = True,
        enforce_shape: bool = True,
        apply_column_names: bool = False,
        orient: str = "records",
    ) -> None:
        if not isinstance(sample_input, pd.DataFrame):
            raise SchemaError("Invalid sample input provided, must provide a sample Pandas Dataframe.")
        super().__init__(sample_input)
        if apply_column_names:
            text = "apply_column_names is a deprecated parameter and will be removed in a future update"
            warnings.warn(text, DeprecationWarning, stacklevel=2)
        if orient not in ORIENTS:
            known = "', '".join(ORIENTS)
            raise SchemaError(f"Invalid orient provided, must be one of ('{known}')")
        self.enforce_column_type = enforce_column_type
        self.enforce_shape = enforce_shape
        self.apply_column_names = apply_column_names
        self.orient = orient

    def deserialize_input(self, input_data: Any) -> Any:
        """A list or object as a data frame; raises for other values, column counts and casts."""
        if isinstance(input_data, pd.DataFrame):
            return input_data
        if not isinstance(input_data, (list, dict)):
            raise SchemaError(
                f"Error, unable to convert input of type {type(input_data)} into Pandas Dataframe"
            )
        frame = pd.read_json(StringIO(json.dumps(input_data)), orient=self.orient, dtype=False)  # pyright: ignore[reportArgumentType]  (its stubs know no False)
        if self.apply_column_names:
            frame.columns = self.sample_input.columns.copy()
        if self.enforce_column_type:
            frame = self._cast(frame)
        if self.enforce_shape and frame.shape[1] != self.sample_input.shape[1]:
            raise ValueError(
                f"Invalid input data frame: data frame has size {frame.shape[1]} on dimension #1, "
                f"while expected value is {self.sample_input.shape[1]}"
            )
        return frame

    def _cast(self, frame: Any) -> Any:
        known = self.sample_input.dtypes.to_dict()
        types = {column: known.get(column, object) for column in frame.columns}
        for column, kind in types.items():
            if str(kind).startswith("timedelta"):
                frame[column] = pd.to_timedelta(frame[column])
        try:
            return frame.astype(dtype=types)
        except TypeError as error:
            if NAIVE_TO_AWARE not in str(error):
                raise
            raise SchemaError(
                "As of pandas 2.0, can no longer convert from timezone-naive dtype to timezone-aware dtype. Please make"
                " sure that the provided input data matches the expected timezone handling of the provided"
                " deployment sample."
            ) from error

    def input_to_swagger(self) -> dict[str, Any]:
        """The fragment of the sample in its orient; date and duration columns say so."""
        sample = json.loads(self.sample_input.to_json(orient=self.orient, date_format="iso"))
        fragment = list_fragment(sample) if self.orient in ("records", "values") else object_fragment(sample)
        for column, kind in self.sample_input.dtypes.items():
            form = _time_format(str(kind))
            if form:
                for cell in self._cells(fragment, str(column)):
                    cell["format"] = form
        fragment["format"] = f"pandas.DataFrame:{self.orient}"
        return fragment

    def _cells(self, fragment: dict[str, Any], column: str) -> Iterator[dict[str, Any]]:
        """The fragments that describe one column."""
        if self.orient == "records":
            yield fragment["items"]["properties"][column]
        elif self.orient == "table":
            yield fragment["properties"]["data"]["items"]["properties"][column]
        elif self.orient == "index":
            for row in fragment["properties"].values():
                yield row["properties"][column]
        elif self.orient == "columns":
            yield from fragment["properties"][column]["properties"].values()


def _time_format(kind: str) -> str:
    if kind.startswith("datetime"):
        return "date-time"
    return "timedelta" if kind.startswith("timedelta") else ""
