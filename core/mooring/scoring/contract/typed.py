"""Undecorated `run` functions whose type hints say what they take: schema, validation and description from those.

An old script's hints were never looked at, so hints count only where they can not be meant for the body's text:
parametrised containers (`list[float]`), pydantic models, dataclasses, literals and unions, or several parameters,
and only when the function does not parse its argument itself.
"""

from __future__ import annotations

import inspect
import json
import typing
from typing import Any, Callable, Dict, List, Tuple

from mooring.scoring.contract.bodies import is_json_type, read_json, read_query
from mooring.scoring.contract.failures import Refusal
from mooring.scoring.contract.hints import Mismatch, Reader, is_union, make_reader, parameters_of
from mooring.scoring.contract.plans import RunPlan
from mooring.scoring.contract.replies import Replies
from mooring.scoring.contract.signatures import base_function
from mooring.scoring.messages import Request, Response

__all__ = ["TypedPlan", "make_typed_plan"]

_PARSES_ITSELF = frozenset(("loads", "read_json", "literal_eval", "decode", "b64decode"))
_SIMPLE = (int, float, bool, str, dict, list, tuple)


class TypedPlan(RunPlan):
    """A `run` with type hints: a JSON object by parameter name, or the value itself when there is one parameter."""

    kind = "typed"

    def __init__(
        self,
        call: Callable[..., Any],
        parameters: List[inspect.Parameter],
        reply: Callable[[Any, Request, float], Response],
        *,
        readers: Dict[str, Reader],
        answer: Reader | None = None,
        is_async: bool = False,
        wants_headers: bool = False,
    ) -> None:
        super().__init__(call, parameters, reply, is_async=is_async, wants_headers=wants_headers)
        self._inputs = [
            (parameter.name, parameter.default, readers[parameter.name]) for parameter in parameters
        ]
        self._answer = answer

    def read_body(self, request: Request) -> Dict[str, Any]:
        if not is_json_type(request.headers.get("content-type")):
            raise Refusal(415, "Expects Content-Type to be application/json")
        return self._validate(read_json(request))

    def read_query(self, request: Request) -> Dict[str, Any]:
        return self._validate(read_query(request.query))

    def schemas(self) -> Tuple[Dict[str, Any], Dict[str, Any]]:
        """Request and answer schema, from the hints."""
        required = [name for name, default, _ in self._inputs if default is inspect.Parameter.empty]
        properties = {name: reader.schema for name, _, reader in self._inputs}
        inputs: Dict[str, Any] = {"type": "object", "properties": properties}
        if required:
            inputs["required"] = required
        return inputs, {"type": "object"} if self._answer is None else self._answer.schema

    def _validate(self, value: Any) -> Dict[str, Any]:
        if len(self._inputs) == 1 and not (isinstance(value, dict) and self._first in value):
            value = {self._first: value}
        if not isinstance(value, dict):
            raise Refusal(400, "POST body should be a JSON dictionary.")
        arguments: Dict[str, Any] = {}
        for name, default, reader in self._inputs:
            if name in value:
                arguments[name] = _read(reader, value[name], name)
            elif default is inspect.Parameter.empty:
                raise Refusal(400, f"A value is not provided for the {name!r} parameter.")
        return arguments


def make_typed_plan(
    run: Callable[..., Any], parameters: List[inspect.Parameter], replies: Replies, **options: Any
) -> TypedPlan | None:
    """The plan for a `run` whose hints count; None for a raw script."""
    base = base_function(run)
    hints = _read_hints(base)
    mine = [hints.get(parameter.name) for parameter in parameters]
    if any(hint is None for hint in mine) or _parses_itself(base):
        return None
    if len(mine) == 1 and not _speaks_of_json(mine[0]):
        return None
    readers = {parameter.name: make_reader(hint) for parameter, hint in zip(parameters, mine)}
    answer = make_reader(hints["return"]) if _speaks_of_json(hints.get("return")) else None
    replies.model_dump = _dump
    return TypedPlan(run, parameters, replies, readers=readers, answer=answer, **options)


def _read(reader: Reader, value: Any, name: str) -> Any:
    try:
        return reader.read(value, name)
    except Mismatch as mismatch:
        raise Refusal(400, str(mismatch)) from None


def _read_hints(function: Any) -> Dict[str, Any]:
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
    return json.loads(json.dumps(value, default=_plain))


def _plain(value: Any) -> Any:
    import dataclasses

    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if hasattr(value, "tolist"):
        return value.tolist()
    if hasattr(value, "dict") and hasattr(value, "__fields__"):
        return value.dict()
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")
