"""Undecorated `run` functions whose type hints say what they take: schema, validation and description from those.

An old script's hints were never looked at, so hints count only where they can not be meant for the body's text:
parametrised containers (`list[float]`), pydantic models, dataclasses, literals and unions of them, or several
parameters without default, and only when the function does not parse its argument itself.
"""

from __future__ import annotations

import inspect
import json
import typing
from typing import Any, Callable

from mooring.scoring.contract.bodies import is_json_type, read_json, read_query
from mooring.scoring.contract.failures import Refusal
from mooring.scoring.contract.hints import Mismatch, Reader, is_union, make_reader, parameters_of
from mooring.scoring.contract.models import plain
from mooring.scoring.contract.plans import ALL_VERSIONS, RunPlan
from mooring.scoring.contract.replies import Replies
from mooring.scoring.contract.signatures import RunFunction
from mooring.scoring.messages import Request, Response

__all__ = ["TypedPlan", "make_typed_plan"]

_PARSES_ITSELF = frozenset(("loads", "read_json", "literal_eval", "decode", "b64decode"))
_SIMPLE = (int, float, bool, str, dict, list, tuple)


class TypedPlan(RunPlan):
    """A `run` with type hints: a JSON object by parameter name, or the value itself when there is one parameter."""

    kind = "typed"

    def __init__(
        self,
        run: RunFunction,
        reply: Callable[[Any, Request, float], Response],
        readers: dict[str, Reader],
        answer: Reader | None,
    ) -> None:
        super().__init__(run, reply)
        self._inputs = [(found.name, found.default, readers[found.name]) for found in run.parameters]
        self._answer = answer

    def read_body(self, request: Request) -> dict[str, Any]:
        """Parameters by name, or the only parameter's value itself."""
        if not is_json_type(request.headers.get("content-type")):
            raise Refusal(415, "Expects Content-Type to be application/json")
        return self._validate(read_json(request))

    def read_query(self, request: Request) -> dict[str, Any]:
        """Parameters by name, from the query."""
        return self._validate(read_query(request.query))

    def describe(self) -> tuple[Any, Any, list[str]]:
        """Schemas from the hints."""
        required = [name for name, default, _ in self._inputs if default is inspect.Parameter.empty]
        properties = {name: reader.schema for name, _, reader in self._inputs}
        inputs: dict[str, Any] = {"type": "object", "properties": properties}
        if required:
            inputs["required"] = required
        outputs = {"type": "object"} if self._answer is None else self._answer.schema
        return inputs, outputs, list(ALL_VERSIONS)

    def _validate(self, value: Any) -> dict[str, Any]:
        if len(self._inputs) == 1 and not (isinstance(value, dict) and self._first in value):
            value = {self._first: value}
        if not isinstance(value, dict):
            raise Refusal(400, "POST body should be a JSON dictionary.")
        arguments: dict[str, Any] = {}
        for name, default, reader in self._inputs:
            if name in value:
                arguments[name] = _read(reader, value[name], name)
            elif default is inspect.Parameter.empty:
                raise Refusal(400, f"A value is not provided for the {name!r} parameter.")
        return arguments


def make_typed_plan(run: RunFunction, replies: Replies) -> TypedPlan | None:
    """The plan for a `run` whose hints count; None for a raw script."""
    hints = _read_hints(run.base)
    mine = [hints.get(parameter.name) for parameter in run.parameters]
    if any(hint is None for hint in mine) or _parses_itself(run.base):
        return None
    required = [found for found in run.parameters if found.default is inspect.Parameter.empty]
    if len(required) < 2 and not _speaks_of_json(mine[0]):  # noqa: PLR2004  two without default never worked on text
        return None
    readers = {parameter.name: make_reader(hint) for parameter, hint in zip(run.parameters, mine)}
    answer = make_reader(hints["return"]) if _speaks_of_json(hints.get("return")) else None
    replies.model_dump = _dump
    return TypedPlan(run, replies, readers, answer)


def _read(reader: Reader, value: Any, name: str) -> Any:
    try:
        return reader.read(value, name)
    except Mismatch as mismatch:
        raise Refusal(400, str(mismatch)) from None


def _read_hints(function: Any) -> dict[str, Any]:
    try:
        return typing.get_type_hints(function)
    except Exception:  # noqa: BLE001  hints may name anything; unreadable ones do not count
        return {}


def _parses_itself(function: Any) -> bool:
    """Whether a function, or one it calls by name, decodes its argument: then the argument is text."""
    code = getattr(function, "__code__", None)
    if code is None:
        return False
    around = getattr(function, "__globals__", {})
    called = [getattr(around.get(name), "__code__", None) for name in code.co_names]
    return any(
        not _PARSES_ITSELF.isdisjoint(found.co_names) for found in [code, *called] if found is not None
    )


def _speaks_of_json(hint: Any) -> bool:
    """Whether a hint can only be about a parsed value."""
    if hint is None or hint is Any or hint in _SIMPLE or hint in (bytes, inspect.Parameter.empty):
        return False
    if is_union(hint):
        members = [member for member in hint.__args__ if member is not type(None)]
        return all(_speaks_of_json(member) or member in (int, float, bool) for member in members)
    return bool(parameters_of(hint)) or make_reader(hint).is_model


def _dump(value: Any) -> Any:
    """Models, dataclasses and arrays inside a result as plain values."""
    return json.loads(json.dumps(value, default=plain))
