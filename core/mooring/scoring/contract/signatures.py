"""What a `run` function accepts, and what makes it impossible to serve."""

from __future__ import annotations

import inspect
from typing import Any, Callable

from mooring.scoring.contract.failures import BootError

__all__ = ["HEADERS_PARAMETER", "RunFunction", "base_function"]

HEADERS_PARAMETER = "request_headers"

_BY_NAME = (inspect.Parameter.KEYWORD_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD)


class RunFunction:
    """A `run` and what its signature says; raises `BootError` for one that can not be served.

    Attributes:
        function: The function as the script's module has it, decorators included.
        base: The function under the decorators.
        parameters: Its parameters without `request_headers`; at least one.
        wants_headers: Whether it has the parameter `request_headers`.
        is_async: Whether a call returns an awaitable.
        path, line: Where it is defined, as far as that is known.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function
        self.base = base_function(function)
        code = getattr(self.base, "__code__", None)
        self.path: str | None = None if code is None else code.co_filename
        self.line: int | None = None if code is None else code.co_firstlineno
        parameters = self._read_parameters()
        self.parameters = [found for found in parameters if found.name != HEADERS_PARAMETER]
        self.wants_headers = len(self.parameters) != len(parameters)
        self.is_async = any(inspect.iscoroutinefunction(found) for found in (function, self.base))
        if not self.parameters:
            message = "run() needs to accept an argument for input data."
            if self.wants_headers:
                message = 'run() needs to accept an argument other than "request_headers".'
            raise self.error(message)

    def error(self, message: str) -> BootError:
        """A boot error that points at the function."""
        return BootError("run-signature", message, self.path, self.line)

    def _read_parameters(self) -> list[inspect.Parameter]:
        try:
            parameters = list(inspect.signature(self.function).parameters.values())
        except (TypeError, ValueError) as error:
            raise self.error(f"run is not a function that can be called: {error}") from error
        if any(parameter.kind not in _BY_NAME for parameter in parameters):
            raise self.error("run() cannot accept positional-only arguments, *args, or **kwargs.")
        return parameters


def base_function(run: Callable[..., Any]) -> Any:
    """The function under decorators that keep `__wrapped__`, and under a bound method or callable object."""
    function: Any = inspect.unwrap(run)
    function = getattr(function, "__func__", function)
    if not inspect.isfunction(function):
        called: Any = getattr(type(function), "__call__", None)  # noqa: B004  the method is wanted, not the answer
        return inspect.unwrap(called) if inspect.isfunction(called) else function
    return function
