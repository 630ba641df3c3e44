"""One HTTP request to a service. Plain http.client: it is loaded in a millisecond, and never asks a proxy for us."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from mooring.json_values import plain

_TIMEOUT_S = 300.0
_MOST_SHOWN = 100_000


@dataclass(frozen=True)
class Answer:
    """What came back.

    Attributes:
        headers: Lower-case names.
        seconds: From sending to the last byte.
    """

    status: int
    headers: dict[str, str]
    content: bytes
    seconds: float

    def decoded(self) -> Any:
        """The JSON body; text that is no JSON comes back as it is."""
        text = self.content.decode("utf-8", "replace")
        try:
            return json.loads(text)
        except ValueError:
            return text

    def preview(self, most: int = _MOST_SHOWN) -> tuple[Any, str]:
        """The body as far as a page can show it, and what is left out: bytes that are no text, and the rest of a long one."""
        size = f"{len(self.content):,} bytes"
        try:
            self.content.decode()
        except UnicodeDecodeError:
            kind = self.headers.get("content-type", "").partition(";")[0] or "no text"
            return "", f"{size} of {kind}, not shown"
        if len(self.content) <= most:
            return self.decoded(), ""
        return self.content[:most].decode("utf-8", "ignore"), f"the first {most:,} of {size}"


def call(
    uri: str,
    *,
    method: str = "GET",
    body: bytes | None = None,
    bearer: str = "",
    timeout_s: float = _TIMEOUT_S,
) -> Answer:
    """Send one request.

    Raises:
        OSError: No connection, or it broke.
    """
    import http.client  # brings the email package along; listing services needs neither

    parts = urlsplit(uri)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=timeout_s)
    headers = {"Content-Type": "application/json"} if body is not None else {}
    if bearer:
        headers["Authorization"] = f"Bearer {bearer}"
    began = time.perf_counter()
    try:
        connection.request(method, parts.path + (f"?{parts.query}" if parts.query else ""), body, headers)
        response = connection.getresponse()
        content = response.read()
    except http.client.HTTPException as error:
        raise ConnectionError(f"{type(error).__name__}: {error}") from error
    finally:
        connection.close()
    names = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, names, content, time.perf_counter() - began)


def as_body(data: Any) -> bytes:
    """Text and bytes as they are; anything else as JSON: numpy's arrays and numbers, and dates as ISO 8601, included.

    Raises:
        NotSendable: There is something else in it.
    """
    if isinstance(data, bytes | bytearray | memoryview):
        return bytes(data)
    if isinstance(data, str):
        return data.encode()
    return json.dumps(data, default=plain).encode()
