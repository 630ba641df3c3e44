"""What a `run` function accepts, and what makes it impossible to serve."""

from __future__ import annotations

import inspect
from typing import Any, Callable, List, Optional, Tuple

from mooring.scoring.contract.failures import BootError

__all__ = ["HEADERS_PARAMETER", "base_function", "place_of", "read_signature"]

HEADERS_PARAMETER = "request_headers"

_BY_NAME = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


def read_signature(run: Callable[..., Any]) -> Tuple[List[inspect.Parameter], bool]:
    """The parameters of `run` without `request_headers`, and whether it asks for that one; raises `BootError`."""
    path, line = place_of(run)
    try:
        parameters = list(inspect.signature(run).parameters.values())
    except (TypeError, ValueError) as error:
        raise BootError(
            "run-not-callable", f"run is not a function that can be called: {error}", path, line
        ) from error
    if any(parameter.kind not in _BY_NAME for parameter in parameters):
        message = "run() cannot accept positional-only arguments, *args, or **kwargs."
        raise BootError("run-signature", message, path, line)
    inputs = [parameter for parameter in parameters if parameter.name != HEADERS_PARAMETER]
    wants_headers = len(inputs) != len(parameters)
    if not inputs:
        message = "run() needs to accept an argument for input data."
        if wants_headers:
            message = 'run() needs to accept an argument other than "request_headers".'
        raise BootError("run-signature", message, path, line)
    return inputs, wants_headers


def base_function(run: Callable[..., Any]) -> Callable[..., Any]:
    """The function under decorators that keep `__wrapped__`, and under a bound method or callable object."""
    function = inspect.unwrap(run)
    function = getattr(function, "__func__", function)
    if not inspect.isfunction(function) and hasattr(type(function), "__call__"):
        called = type(function).__call__
        return inspect.unwrap(called) if inspect.isfunction(called) else function
    return function


def place_of(run: Callable[..., Any]) -> Tuple[Optional[str], Optional[int]]:
    """File and line of the `def` statement, as far as they are known."""
    code = getattr(base_function(run), "__code__", None)
    return (code.co_filename, code.co_firstlineno) if code is not None else (None, None)
