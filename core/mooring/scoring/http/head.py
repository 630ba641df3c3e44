"""The head of a request: read strictly, and remembered, because clients send the same head again and again.

RFC 9112 leaves servers some tolerance; this reader takes none of the kind that lets two parsers disagree about
where a request ends: no bare line feeds, no folded lines, no space before a colon, no second framing header.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from mooring.scoring.http.failures import BadMessage
from mooring.scoring.messages import Headers

__all__ = ["CHUNKED", "Head", "HeadReader"]

CHUNKED = -1
_NAME = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_REQUEST_LINE = re.compile(rf"({_NAME}) ([\x21-\x7e\x80-\xff]+) HTTP/(\d)\.(\d)\r\n")
# Greedy classes that exclude the terminators: no backtracking, whatever the input.
_HEADER_BLOCK = re.compile(rf"(?:{_NAME}:[^\x00-\x08\x0a-\x1f\x7f]*\r\n)*\r\n\Z")
_LENGTH = re.compile(r"[0-9]{1,18}\Z")
_ABSOLUTE = re.compile(r"https?://[^/?]*", re.IGNORECASE)


class Head:
    """Everything a head says; shared between requests, so nobody may change it."""

    __slots__ = (
        "authorization",
        "expects_continue",
        "headers",
        "keeps_alive",
        "length",
        "method",
        "needs_run",
        "path",
        "query",
        "target",
        "version",
    )

    def __init__(self, method: str, target: str, version: str, headers: Headers) -> None:
        self.method = method
        self.target = target
        self.version = version
        self.headers = headers
        path, _, self.query = _ABSOLUTE.sub("", target, count=1).partition("?")
        self.path = unquote(path) or "/"
        self.length = _body_length(headers, version)
        connection = {
            word.strip().lower() for value in headers.get_all("connection") for word in value.split(",")
        }
        self.keeps_alive = "close" not in connection if version == "1.1" else "keep-alive" in connection
        self.expects_continue = version == "1.1" and _expects_continue(headers)
        self.authorization = (headers.get("authorization") or "").encode("latin-1")
        self.needs_run: bool | None = None  # filled in by whoever routes


class HeadReader:
    """Turns the bytes of a head into a `Head`.

    Args:
        max_headers: Most header lines.
        remembers: How many different heads are kept; a client that numbers its requests just fills and clears it.
    """

    MEMORABLE_BYTES = 2048

    def __init__(self, max_headers: int = 100, remembers: int = 512) -> None:
        self._max_headers = max_headers
        self._remembers = remembers
        self._known: dict[bytes, Head] = {}

    def read(self, block: bytes) -> Head:
        """The head in `block`, which ends with the empty line; raises `BadMessage`."""
        head = self._known.get(block)
        if head is None:
            head = self._parse(block.decode("latin-1"))
            if len(block) <= self.MEMORABLE_BYTES:
                if len(self._known) >= self._remembers:
                    self._known.clear()
                self._known[block] = head
        return head

    def _parse(self, text: str) -> Head:
        line = _REQUEST_LINE.match(text)
        if line is None:
            raise BadMessage(400, "The request line is not valid HTTP/1.1.")
        method, target, major, minor = line.groups()
        if major != "1" or minor not in "01":
            raise BadMessage(505, "Only HTTP/1.0 and HTTP/1.1 are spoken here.")
        if not _HEADER_BLOCK.match(text, line.end()):
            raise BadMessage(400, "A header line is not valid HTTP/1.1.")
        headers = Headers()
        for row in text[line.end() : -4].split("\r\n"):
            name, colon, value = row.partition(":")
            if colon:
                headers.append((name.lower(), value.strip(" \t")))
        if len(headers) > self._max_headers:
            raise BadMessage(431, f"More than {self._max_headers} header lines.")
        return Head(method, target, "1.0" if minor == "0" else "1.1", headers)


def might_become_head(start: bytes) -> bool:
    """Whether an unfinished head still looks like one, so that garbage is answered at once."""
    line, end, _ = start[:8192].partition(b"\n")
    if end:
        return _REQUEST_LINE.match(line.decode("latin-1") + "\n") is not None
    return line[:1].isalpha()


def _body_length(headers: Headers, version: str) -> int:
    """Bytes of the body, or CHUNKED."""
    lengths = headers.get_all("content-length")
    codings = headers.get_all("transfer-encoding")
    if codings:
        if lengths or version == "1.0":
            raise BadMessage(400, "Transfer-Encoding does not go with Content-Length or HTTP/1.0.")
        if [coding.lower() for coding in codings] != ["chunked"]:
            raise BadMessage(501, "The only transfer coding known here is chunked.")
        return CHUNKED
    if not lengths:
        return 0
    if len(lengths) > 1 or not _LENGTH.match(lengths[0]):
        raise BadMessage(400, "Content-Length is not one number.")
    return int(lengths[0])


def _expects_continue(headers: Headers) -> bool:
    expectation = headers.get("expect")
    if expectation is None:
        return False
    if expectation.lower() != "100-continue":
        raise BadMessage(417, "The only expectation known here is 100-continue.")
    return True
