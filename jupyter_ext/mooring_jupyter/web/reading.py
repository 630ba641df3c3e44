"""What a request asks for, checked against the route's own types."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, cast, get_args, get_origin, get_type_hints

from mooring.errors import did_you_mean
from mooring_jupyter.schemas import Schemas
from mooring_jupyter.web.failures import InvalidRequest

if TYPE_CHECKING:
    from mooring_jupyter.routes.route import Route

EVERYWHERE = ("workspace", "token")
"""Query parameters that every route takes: which workspace, and Jupyter Server's own."""


def read_arguments(
    route: Route, path: Mapping[str, str], query: Mapping[str, Sequence[bytes]], body: bytes
) -> dict[str, Any]:
    """The arguments of the route's function, but for the call itself.

    Raises:
        InvalidRequest: Something is not what the route says.
    """
    hints = route.hints()
    arguments: dict[str, Any] = {
        name: _convert(kind, path[name], f"{name} in the path") for name, kind in route.parameters.items()
    }
    given = {name: values for name, values in query.items() if name not in EVERYWHERE and not name.isdigit()}
    if "query" in hints:
        arguments["query"] = _read_query(hints["query"], given)
    elif given:
        raise InvalidRequest(
            where=f"query parameter {next(iter(given))!r}", reason="there is none of that name"
        )
    if "body" in hints:
        arguments["body"] = read_json(hints["body"], body)
    return arguments


def read_json(kind: type, body: bytes) -> Any:
    """A JSON body that is of that shape.

    Raises:
        InvalidRequest: It is not.
    """
    try:
        value = json.loads(body or b"null")
    except (ValueError, RecursionError) as error:
        raise InvalidRequest(where="body", reason=f"it is no JSON ({error})") from error
    first = next(iter(_checker(kind).iter_errors(value)), None)
    if first is not None:
        place = "".join(f"/{step}" for step in first.absolute_path)
        raise InvalidRequest(where=f"body{place}", reason=_shortened(str(first.message)))
    return value


def _read_query(kind: Any, given: Mapping[str, Sequence[bytes]]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    read: dict[str, Any] = {}
    for name, values in given.items():
        if name not in hints:
            near = did_you_mean(name, list(hints))
            raise InvalidRequest(
                where=f"query parameter {name!r}", reason=f"there is none of that name{near}"
            )
        where = f"query parameter {name!r}"
        texts = [_text(value, where) for value in values]
        if get_origin(hints[name]) is list:
            read[name] = [_convert(get_args(hints[name])[0], text, where) for text in texts]
        else:
            read[name] = _convert(hints[name], texts[-1], where)
    return read


def _text(value: bytes, where: str) -> str:
    try:
        return value.decode()
    except UnicodeDecodeError as error:
        raise InvalidRequest(where=where, reason="it is no text in UTF-8") from error


def _convert(kind: type, text: str, where: str) -> Any:
    if kind is str:
        return text
    if kind is bool:
        if text.lower() in ("true", "false"):
            return text.lower() == "true"
        raise InvalidRequest(where=where, reason=f"{_shortened(repr(text))} is neither true nor false")
    if text.isascii() and text.isdigit() and len(text) <= _DIGITS:
        return int(text)
    raise InvalidRequest(where=where, reason=f"{_shortened(repr(text))} is no whole number from 0 up")


_DIGITS = 9
_LONG = 200


def _shortened(text: str) -> str:
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"


@cache
def _checker(kind: type) -> Any:
    from jsonschema import Draft202012Validator

    schemas = Schemas()
    schema = schemas.of(kind)
    return Draft202012Validator(cast("Any", {**schema, "components": {"schemas": schemas.named}}))
