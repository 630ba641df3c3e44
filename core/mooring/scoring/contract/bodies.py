"""From a request to the arguments of `run`: body as text, body as a JSON object, query as JSON values."""

from __future__ import annotations

import codecs
import json
from typing import Any
from urllib.parse import parse_qsl

from mooring.scoring.contract.failures import Refusal
from mooring.scoring.messages import Request

__all__ = ["is_json_type", "read_object", "read_query", "read_text"]

# A form's bytes are parsed into fields, so that nothing of them is left for a body.
_FORMS = ("application/x-www-form-urlencoded", "application/x-url-encoded", "multipart/form-data")


def read_text(request: Request) -> str:
    """The body as a string, whatever its content type; a form's body counts as empty."""
    content_type = request.headers.get("content-type")
    if content_type is not None and mimetype(content_type) in _FORMS:
        return ""
    try:
        return str(request.body, "utf-8")
    except UnicodeDecodeError as error:
        raise Refusal(400, f"Input cannot be decoded as UTF-8: {error}") from None


def read_object(request: Request, loads: Any = json.loads) -> dict[str, Any]:
    """The body as a JSON object; any other JSON, or none, is refused."""
    if not is_json_type(request.headers.get("content-type")):
        raise Refusal(415, "Expects Content-Type to be application/json")
    value = read_json(request, loads)
    if not isinstance(value, dict):
        raise Refusal(400, "POST body should be a JSON dictionary.")
    return value


def read_json(request: Request, loads: Any = json.loads) -> Any:
    """The body as JSON: UTF-8, -16 or -32, found out from its first bytes."""
    body = request.body
    if isinstance(body, memoryview):
        body = bytes(body)
    try:
        return loads(body)
    except (
        ValueError,
        RecursionError,
    ) as error:  # wrong text, wrong bytes, a number or a nesting beyond Python's limits
        if len(body) == 0:
            raise Refusal(400, "POST body is empty. Expecting a JSON dictionary.") from None
        raise Refusal(400, f"POST body could not be decoded as JSON: {error}") from None


def read_query(query: str) -> dict[str, Any]:
    """Query arguments, each read as JSON when it is JSON and as text otherwise; repeated names become lists."""
    values: dict[str, Any] = {}
    for name, text in parse_qsl(query, keep_blank_values=True, errors=_REQUOTE):
        values.setdefault(name, []).append(_json_or_text(text))
    return {name: found[0] if len(found) == 1 else found for name, found in values.items()}


def is_json_type(content_type: str | None) -> bool:
    """Whether a content type names JSON: `application/json`, or any `application/…+json`."""
    if content_type == "application/json":
        return True
    if content_type is None:
        return False
    name = mimetype(content_type)
    return name == "application/json" or (name.startswith("application/") and name.endswith("+json"))


def mimetype(content_type: str) -> str:
    """The type without parameters, in lower case."""
    return content_type.partition(";")[0].strip().lower()


def _json_or_text(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _requote(error: UnicodeError) -> tuple[str, int]:
    """Bytes that are not UTF-8 stay percent-encoded, as werkzeug leaves them."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "".join(f"%{byte:02X}" for byte in error.object[error.start : error.end]), error.end


_REQUOTE = "mooring.requote"
codecs.register_error(_REQUOTE, _requote)
