"""The plan for a `@rawhttp` run: it gets a request object, whatever the method."""

from __future__ import annotations

from typing import Any, Callable

from mooring.scoring.contract.plans import RunPlan, headers_of
from mooring.scoring.contract.rawhttp import web_objects
from mooring.scoring.contract.signatures import HEADERS_PARAMETER, RunFunction
from mooring.scoring.messages import Request, Response

__all__ = ["RawPlan"]


class RawPlan(RunPlan):
    """A `run` that reads the request and often builds the response itself."""

    kind = "raw"
    any_method = True

    def __init__(self, run: RunFunction, reply: Callable[[Any, Request, float], Response]) -> None:
        super().__init__(run, reply)
        objects = web_objects()
        self._make_request = objects.make_request
        self.call = objects.in_context(run.function, self._first, run.is_async)

    def read(self, request: Request) -> dict[str, Any]:
        """The request object; its body is read when the script asks."""
        arguments: dict[str, Any] = {self._first: self._make_request(request)}
        if self.wants_headers:
            arguments[HEADERS_PARAMETER] = headers_of(request)
        return arguments
