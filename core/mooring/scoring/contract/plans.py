"""How one kind of `run` is called: decided once at load, so that a request costs no inspection."""

from __future__ import annotations

import inspect
import json
from typing import Any, Callable

from mooring.scoring.contract.bodies import read_object, read_query, read_text
from mooring.scoring.contract.declared import Declared, find_registry
from mooring.scoring.contract.encoding import fast_loads
from mooring.scoring.contract.failures import Refusal
from mooring.scoring.contract.signatures import HEADERS_PARAMETER, RunFunction
from mooring.scoring.messages import Request, Response

__all__ = ["RunPlan", "SchemaPlan", "TextPlan", "UnsupportedMethod", "headers_of"]

ALL_VERSIONS = ("2.0", "3.0", "3.1")
NOT_ALLOWED = "Method not allowed"


class UnsupportedMethod(Exception):
    """The route is right, the method is not one that `run` is called for."""


class RunPlan:
    """The three steps of an answer: `read`, `call`, `reply`.

    A batching server takes the steps apart; `Application.answer` does them in a row.

    Attributes:
        run: The function and its signature.
        kind: `text`, `schema`, `typed` or `raw`.
        call: The script's run; takes what `read` returns as keywords.
        reply: From the result, the request and the milliseconds to the response; never raises.
        is_async: `call` returns an awaitable.
        allows_batching: `convert` gives every argument rows on axis 0, and runs of several requests may be one.
        any_method: `run` is called for OPTIONS and HEAD too.
        wants_headers: `run` has the parameter `request_headers`.
        parameters: The names `run` is called with, without `request_headers`.
    """

    kind = "text"
    any_method = False
    allows_batching = False

    def __init__(self, run: RunFunction, reply: Callable[[Any, Request, float], Response]) -> None:
        self.run = run
        self.call = run.function
        self.reply = reply
        self.is_async = run.is_async
        self.wants_headers = run.wants_headers
        self.parameters = [parameter.name for parameter in run.parameters]
        self._first = self.parameters[0]

    def read(self, request: Request) -> dict[str, Any]:
        """Arguments for `call`; raises `Refusal`, `UnsupportedMethod`, or what the JSON parser raises."""
        method = request.method
        if method == "POST":
            arguments = self.read_body(request)
        elif method == "GET":
            arguments = self.read_query(request)
        else:
            raise UnsupportedMethod(method)
        if self.wants_headers:
            arguments[HEADERS_PARAMETER] = headers_of(request)
        return arguments

    def read_body(self, request: Request) -> dict[str, Any]:
        """Arguments of a POST."""
        return {self._first: read_text(request)}

    def read_query(self, request: Request) -> dict[str, Any]:
        """Arguments of a GET: a raw script gets the query as the JSON text of an object."""
        return {self._first: json.dumps(read_query(request.query))}

    def describe(self) -> tuple[Any, Any, list[str]]:
        """Request schema, answer schema, and the versions of the description that can hold them."""
        anything = {"type": "object", "example": {}}
        return anything, anything, list(ALL_VERSIONS)

    def convert(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """The arguments as the function under the decorators sees them; only called when batching."""
        return arguments


class TextPlan(RunPlan):
    """An undecorated `run`: the body as a string."""


class SchemaPlan(RunPlan):
    """A decorated `run`: a JSON object by parameter name; the decorators convert."""

    kind = "schema"

    def __init__(
        self,
        run: RunFunction,
        reply: Callable[[Any, Request, float], Response],
        declared: dict[str, Declared],
    ) -> None:
        super().__init__(run, reply)
        self.declared = declared
        self._defaults = [(parameter.name, parameter.default) for parameter in run.parameters]
        tables = [declared.get(name) for name in self.parameters]
        only_floats = all(table is not None and table.reads_floats for table in tables)
        self._loads = fast_loads() if only_floats else json.loads
        self.allows_batching = not run.wants_headers and all(
            table is not None and table.has_rows for table in tables
        )

    def read_body(self, request: Request) -> dict[str, Any]:
        """Parameters by name."""
        return self._pick(read_object(request, self._loads))

    def read_query(self, request: Request) -> dict[str, Any]:
        """Parameters by name, from the query."""
        return self._pick(read_query(request.query))

    def convert(self, arguments: dict[str, Any]) -> dict[str, Any]:
        """What the decorators would convert to; they pass converted values on."""
        return {name: self.declared[name].convert(value) for name, value in arguments.items()}

    def describe(self) -> tuple[Any, Any, list[str]]:
        """What the decorators recorded."""
        run = self.run.function
        registry = find_registry(run)
        versions = list(registry.get_supported_versions(run))
        return registry.get_input_schema(run), registry.get_output_schema(run), versions

    def _pick(self, values: dict[str, Any]) -> dict[str, Any]:
        arguments: dict[str, Any] = {}
        for name, default in self._defaults:
            value = values.get(name, default)
            if value is inspect.Parameter.empty:
                raise Refusal(400, f"A value is not provided for the {name!r} parameter.")
            arguments[name] = value
        return arguments


def headers_of(request: Request) -> dict[str, str]:
    """The request's headers as scripts get them: `Title-Case` names, repeated ones joined with commas."""
    headers: dict[str, str] = {}
    for name, value in request.headers:
        title = "-".join(part.capitalize() for part in name.split("-"))
        headers[title] = f"{headers[title]},{value}" if title in headers else value
    return headers
