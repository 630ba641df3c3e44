"""The plan for a `@rawhttp` run: it gets a request object, whatever the method."""

from __future__ import annotations

import inspect
from typing import Any, Callable, Dict, List

from mooring.scoring.contract.plans import RunPlan, headers_of
from mooring.scoring.contract.rawhttp import web_objects
from mooring.scoring.contract.signatures import HEADERS_PARAMETER
from mooring.scoring.messages import Request, Response

__all__ = ["RawPlan"]


class RawPlan(RunPlan):
    """A `run` that reads the request and often builds the response itself."""

    kind = "raw"
    any_method = True

    def __init__(
        self,
        call: Callable[..., Any],
        parameters: List[inspect.Parameter],
        reply: Callable[[Any, Request, float], Response],
        *,
        is_async: bool = False,
        wants_headers: bool = False,
    ) -> None:
        super().__init__(call, parameters, reply, is_async=is_async, wants_headers=wants_headers)
        objects = web_objects()
        self._make_request = objects.make_request
        self.call = objects.in_context(call, self._first, is_async)

    def read(self, request: Request) -> Dict[str, Any]:
        arguments: Dict[str, Any] = {self._first: self._make_request(request)}
        if self.wants_headers:
            arguments[HEADERS_PARAMETER] = headers_of(request)
        return arguments
