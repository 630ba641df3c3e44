"""v1's exceptions, raised where v1 raised them, with our code, problem and remedy on board.

The same classes are `azureml.exceptions`, inside services and outside, so that old `except` clauses work.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from mooring.errors import MooringError
from mooring.scoring.shims import exceptions as v1

P = ParamSpec("P")
R = TypeVar("R")


class _Told(MooringError):
    """A failure of the core that keeps its words under a v1 name; `message` is what old handlers print."""

    def __init__(self, message: str = "", *, code: str = "mooring-error", remedy: str = "") -> None:
        super().__init__(message)
        self._message = message
        self._code = code
        self._remedy = remedy
        self.message = f"{message} {remedy}".strip()

    @classmethod
    def of(cls, error: MooringError) -> _Told:
        """The same failure under this class's name."""
        return cls(error.problem, code=error.code, remedy=error.remedy)

    @property
    def code(self) -> str:  # type: ignore[override]
        """The code of the failure that was told."""
        return self._code

    @property
    def problem(self) -> str:
        """What went wrong."""
        return self._message

    @property
    def remedy(self) -> str:
        """The way out; empty when the message says it."""
        return self._remedy

    def __str__(self) -> str:
        return self.message


class UserErrorException(_Told, v1.UserErrorException):
    """An argument or a file of the caller is wrong."""


class WebserviceException(_Told, v1.WebserviceException):
    """A model, image or service call failed."""


class ModelNotFoundException(_Told, v1.ModelNotFoundException):
    """No such model, here or in the current directory."""


class ComputeTargetException(_Told, v1.ComputeTargetException):
    """A compute target call failed."""


class WorkspaceException(_Told, v1.AzureMLException):
    """A workspace call failed."""


class RunEnvironmentException(_Told, v1.RunEnvironmentException):
    """There is no submitted run to load."""


def raises_as(kind: type[_Told]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let a function's expected failures come out under a v1 name, with their words and their cause."""

    def wrap(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return function(*args, **kwargs)
            except _Told:
                raise
            except MooringError as error:
                raise kind.of(error) from error

        return call

    return wrap
