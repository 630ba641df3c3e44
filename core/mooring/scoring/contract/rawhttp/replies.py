"""From a response object of the script's own to the message that the HTTP layer sends."""

from __future__ import annotations

import sys
from typing import Any, Iterator

from mooring.scoring.messages import Response

__all__ = ["is_response", "response_reply"]

SERVER_ERROR = 500
FAILED = "x-ms-run-function-failed"


def is_response(result: Any) -> bool:
    """Whether a result is a response object: Flask's, or ours where Flask is not installed."""
    plain = sys.modules.get("mooring.scoring.contract.rawhttp.plain_response")
    if plain is not None and isinstance(result, plain.Response):
        return True
    for name, kind in (("flask", "Response"), ("werkzeug.wrappers", "Response")):
        module = sys.modules.get(name)
        if module is not None:
            return isinstance(result, getattr(module, kind))
    return False


def response_reply(result: Any, run_ms: float) -> Response:
    """The response object as it stands; a status of 500 or more counts as a failed run."""
    if result.status_code >= SERVER_ERROR:
        result.headers[FAILED] = "True"
    content_type, headers = _split_headers(list(result.headers))
    headers.append(("x-ms-run-fn-exec-ms", f"{run_ms:.3f}"))
    body: Any = _stream(result) if result.is_streamed else b"".join(result.iter_encoded())
    failed = str(result.headers.get(FAILED, "False")) == "True"
    return Response(result.status_code, body, content_type, headers, failed, run_ms)


def _split_headers(pairs: list[tuple[str, Any]]) -> tuple[Any, list[tuple[str, str]]]:
    content_type = None
    headers: list[tuple[str, str]] = []
    for name, value in pairs:
        lower = name.lower()
        if lower == "content-type" and content_type is None:
            content_type = str(value)
        elif lower != "content-length":
            headers.append((name, str(value)))
    return content_type, headers


def _stream(result: Any) -> Iterator[bytes]:
    try:
        yield from result.iter_encoded()
    finally:
        result.close()
