"""The 2017 packages `azureml.api` and `azureml.datacollector`: enough for their scripts to be imported.

Those scripts call these names only under `main()`, to write a schema file.
"""

from __future__ import annotations

from typing import Any

from mooring.scoring.shims.monitoring import ModelDataCollector

__all__ = [
    "DataTypes",
    "ModelDataCollector",
    "SampleDefinition",
    "generate_schema",
    "load_schema",
    "save_schema",
]


class DataTypes:
    """Kinds of input that a schema could describe."""

    NUMPY = "NUMPY"
    PANDAS = "PANDAS"
    SPARK = "SPARK"
    STANDARD = "STANDARD"


class SampleDefinition:
    """A sample input and its kind."""

    def __init__(self, input_type: Any, sample_input: Any) -> None:
        self.input_type = input_type
        self.sample_input = sample_input


def generate_schema(
    run_func: Any = None, inputs: Any = None, filepath: str | None = None, **more: Any
) -> None:
    """Does nothing: today the schema comes from decorators on `run`."""


save_schema = load_schema = generate_schema
