"""`multipart/form-data` bodies: fields and files.

The body is cut at its boundary without copying the parts through a line reader; the part headers, with their
quoting and encodings, are read by the standard library's `email`.

Source: RFC 7578, RFC 2046 section 5.1.
"""

from __future__ import annotations

import shutil
from email.message import Message
from email.parser import HeaderParser
from io import BytesIO
from pathlib import Path
from typing import Any, BinaryIO, Iterator

from mooring.scoring.contract.rawhttp.multidicts import HeaderMap

__all__ = ["FileStorage", "parse_multipart"]


class FileStorage:
    """One uploaded file.

    Args:
        stream: The content, at its start.
        filename: The name the client gave.
        name: The form field.
        headers: The part's own headers.
    """

    def __init__(self, stream: BinaryIO, filename: str, name: str, headers: HeaderMap) -> None:
        self.stream = stream
        self.filename = filename
        self.name = name
        self.headers = headers

    @property
    def content_type(self) -> str | None:
        """The part's content type with its parameters."""
        value = self.headers.get("content-type")
        return None if value is None else str(value)

    @property
    def mimetype(self) -> str:
        """The part's content type without parameters."""
        return (self.content_type or "").partition(";")[0].strip().lower()

    @property
    def content_length(self) -> int:
        """The length the part claims, 0 when it does not say."""
        return int(self.headers.get("content-length", 0))

    def save(self, dst: Any, buffer_size: int = 16384) -> None:
        """Copy the rest of the content into a path or an open file."""
        if hasattr(dst, "write"):
            shutil.copyfileobj(self.stream, dst, buffer_size)
            return
        with Path(dst).open("wb") as target:
            shutil.copyfileobj(self.stream, target, buffer_size)

    def __getattr__(self, name: str) -> Any:
        # read, seek, tell, readline, close … are the stream's
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.stream, name)

    def __iter__(self) -> Iterator[bytes]:
        return iter(self.stream)

    def __bool__(self) -> bool:
        return bool(self.filename)

    def __repr__(self) -> str:
        return f"<FileStorage: {self.filename!r} ({self.content_type!r})>"


def parse_multipart(
    body: bytes, boundary: bytes
) -> tuple[list[tuple[str, str]], list[tuple[str, FileStorage]]]:
    """Fields and files of a body, in order; a body that is not well formed has what could be read."""
    fields: list[tuple[str, str]] = []
    files: list[tuple[str, FileStorage]] = []
    for headers, content in _parts(body, boundary):
        disposition = _disposition(headers)
        name = disposition.get("name")
        if name is None:
            continue
        filename = disposition.get("filename")
        if filename is None:
            charset = headers.get_content_charset("utf-8")
            fields.append((name, content.decode(charset, "replace")))
        else:
            pairs = HeaderMap((key, str(value)) for key, value in headers.items())
            files.append((name, FileStorage(BytesIO(content), filename, name, pairs)))
    return fields, files


def _parts(body: bytes, boundary: bytes) -> Iterator[tuple[Message, bytes]]:
    delimiter = b"\r\n--" + boundary
    start = 0 if body.startswith(delimiter[2:]) else body.find(delimiter) + 2
    if start == 1:  # not found
        return
    position = start + len(delimiter) - 2
    parser = HeaderParser()
    while not body.startswith(b"--", position):
        end = body.find(delimiter, position)
        line = body.find(b"\r\n", position)
        if end < 0 or line < 0:
            return
        # A part without headers begins with the empty line itself.
        blank = line if body.startswith(b"\r\n\r\n", line) else body.find(b"\r\n\r\n", line, end + 2)
        if blank >= 0:
            # Browsers write names and file names as raw UTF-8.
            head = body[line + 2 : blank + 2].decode("utf-8", "replace")
            yield parser.parsestr(head), body[blank + 4 : end]
        position = end + len(delimiter)


def _disposition(headers: Any) -> dict[str, str]:
    """The parameters of Content-Disposition; extended ones (RFC 2231) are decoded."""
    found: dict[str, str] = {}
    for key, value in headers.get_params(header="content-disposition", failobj=[]):
        if isinstance(value, tuple):
            charset, _, raw = value
            found[key.lower()] = raw.encode("latin-1", "replace").decode(charset or "utf-8", "replace")
        else:
            found[key.lower()] = value
    return found
