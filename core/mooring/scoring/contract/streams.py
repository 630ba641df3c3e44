"""Generators as answers: server-sent events when the client asks for them, else plain chunks.

v1 answered a generator with an internal error, so no old client can depend on it.
"""

from __future__ import annotations

import inspect
import json
import logging
from typing import Any, AsyncIterator, Callable, Iterator

from mooring.scoring.messages import Request, Response

__all__ = ["stream_reply"]

logger = logging.getLogger("azmlinfsrv")

EVENTS = "text/event-stream"


def stream_reply(items: Any, request: Request, run_ms: float) -> Response:
    """A response whose chunks are made from a generator's items; raises what the generator raises before its first item.

    An asynchronous generator is not started here: its first failure ends the stream like any later one.
    """
    as_events = EVENTS in (request.headers.get("accept") or "")
    headers = [("x-ms-run-function-failed", "False"), ("x-ms-run-fn-exec-ms", f"{run_ms:.3f}")]
    if inspect.isasyncgen(items):
        content_type, chunk = _choose(as_events, {})
        return Response(200, _async_chunks(items, chunk, as_events), content_type, headers, False, run_ms)
    first = next(items, _NOTHING)
    content_type, chunk = _choose(as_events, first)
    return Response(200, _chunks(first, items, chunk, as_events), content_type, headers, False, run_ms)


_NOTHING = object()


def _choose(as_events: bool, first: Any) -> tuple[str, Callable[[Any], bytes]]:
    """The stream's content type and how an item becomes bytes, decided by its first item."""
    if as_events:
        return EVENTS + "; charset=utf-8", _event
    if isinstance(first, (bytes, bytearray)):
        return "application/octet-stream", _raw
    if isinstance(first, str):
        return "text/plain; charset=utf-8", _raw
    return "application/x-ndjson", _line


def _raw(item: Any) -> bytes:
    return item.encode("utf-8") if isinstance(item, str) else bytes(item)


def _line(item: Any) -> bytes:
    return _raw(item) if isinstance(item, (bytes, bytearray)) else json.dumps(item).encode("ascii") + b"\n"


def _event(item: Any) -> bytes:
    text = item if isinstance(item, str) else json.dumps(item)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "".join(f"data: {line}\n" for line in lines).encode("utf-8") + b"\n"


_FAILED = b'event: error\ndata: {"message": "An unexpected error occurred in scoring script. Check the logs for more info."}\n\n'


def _chunks(
    first: Any, items: Iterator[Any], chunk: Callable[[Any], bytes], as_events: bool
) -> Iterator[bytes]:
    try:
        if first is not _NOTHING:
            yield chunk(first)
        for item in items:
            yield chunk(item)
    except Exception:
        logger.exception("The generator returned by run() failed in the middle of its stream")
        if not as_events:
            raise
        yield _FAILED


async def _async_chunks(
    items: AsyncIterator[Any], chunk: Callable[[Any], bytes], as_events: bool
) -> AsyncIterator[bytes]:
    try:
        async for item in items:
            yield chunk(item)
    except Exception:
        logger.exception("The generator returned by run() failed in the middle of its stream")
        if not as_events:
            raise
        yield _FAILED
