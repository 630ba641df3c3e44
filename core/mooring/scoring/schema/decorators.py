"""`input_schema` and `output_schema`: they describe a function, and convert its arguments from JSON values."""

from __future__ import annotations

import functools
import inspect
from typing import Any, Callable

from mooring.scoring.schema.abstract import AbstractParameterType, SchemaError
from mooring.scoring.schema.conversion import converter
from mooring.scoring.schema.registry import record_input, record_output, undecorated

__all__ = ["DECLARED", "input_schema", "output_schema"]

Function = Callable[..., Any]

DECLARED = "__mooring_parameter__"


def input_schema(
    param_name: str,
    param_type: AbstractParameterType,
    convert_to_provided_type: bool = True,
    optional: bool = False,
) -> Callable[[Function], Function]:
    """Declare one parameter of a function; applied once per parameter, in any order.

    Args:
        param_name: The parameter of the decorated function.
        param_type: The sample that says what it looks like.
        convert_to_provided_type: Convert the JSON value to the sample's type before the call.
        optional: Pass an absent or falsy value on as it is.
    """
    _check_type(param_type)
    fragment = param_type.input_to_swagger()
    versions = param_type.supported_versions()
    convert = converter(param_type)

    def decorate(function: Function) -> Function:
        record_input(function, param_name, fragment, versions)

        @functools.wraps(function)
        def convert_and_call(*args: Any, **kwargs: Any) -> Any:
            if convert_to_provided_type:
                if param_name in kwargs:
                    if kwargs[param_name] or not optional:
                        kwargs[param_name] = convert(kwargs[param_name])
                elif not optional:
                    args = _convert_positional(function, args, param_name, convert)
            return function(*args, **kwargs)

        # The server reads it back, to explain errors and to convert before it batches.
        convert_and_call.__dict__[DECLARED] = (param_name, param_type, convert_to_provided_type, optional)
        return convert_and_call

    return decorate


def output_schema(output_type: AbstractParameterType) -> Callable[[Function], Function]:
    """Declare what a function returns; for the description only, the value is never checked."""
    _check_type(output_type)
    fragment = output_type.input_to_swagger()
    versions = output_type.supported_versions()

    def decorate(function: Function) -> Function:
        record_output(function, fragment, versions)

        return function

    return decorate


def _convert_positional(function: Function, args: Any, param_name: str, convert: Callable[[Any], Any]) -> Any:
    names = inspect.getfullargspec(undecorated(function)).args
    if param_name not in names:
        raise SchemaError(f'Error, provided param_name "{param_name}" is not in the decorated function.')
    position = names.index(param_name)
    values = list(args)
    values[position] = convert(values[position])
    return tuple(values)


def _check_type(param_type: Any) -> None:
    if not isinstance(param_type, AbstractParameterType):
        raise SchemaError("Error, provided param_type must be a subclass of the AbstractParameterType.")
