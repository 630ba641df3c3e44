"""What a parameter type is: a sample, a conversion and a schema fragment."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

__all__ = ["AbstractParameterType", "SchemaError", "fits_swagger_2"]


class SchemaError(Exception):
    """A declaration or a value that a parameter type refuses."""


class AbstractParameterType(ABC):
    """Root of parameter types; subclass it to declare a type of your own.

    Args:
        sample_input: An example of the value that `run` gets.
    """

    def __init__(self, sample_input: Any) -> None:
        self.sample_input = sample_input
        self.sample_data_type = type(sample_input)

    @abstractmethod
    def deserialize_input(self, input_data: Any) -> Any:
        """The parsed JSON value as the type of the sample."""

    @abstractmethod
    def input_to_swagger(self) -> dict[str, Any]:
        """The schema of the value, with an `example`."""

    def supported_versions(self) -> list[str]:
        """The OpenAPI versions that can describe the type; 2.0 has no arrays of mixed types."""
        newer = ["3.0", "3.1"]
        return ["2.0", *newer] if fits_swagger_2(self.input_to_swagger()["example"]) else newer


def fits_swagger_2(example: Any) -> bool:
    """Whether no list in an example mixes types."""
    if type(example) is dict:
        return all(fits_swagger_2(value) for value in example.values())
    if type(example) is not list or not example:
        return True
    kind = type(example[0])
    return all(type(item) is kind and (kind is not list or fits_swagger_2(item)) for item in example)
