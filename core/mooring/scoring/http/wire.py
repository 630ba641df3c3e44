"""Responses as bytes: status line, headers, length or chunking."""

from __future__ import annotations

import time
from http import HTTPStatus

from mooring.scoring.messages import Response

__all__ = ["CONTINUE", "LAST_CHUNK", "ResponseWriter", "chunk", "format_date"]

CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
LAST_CHUNK = b"0\r\n\r\n"
_STATUS_LINES = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n" for status in HTTPStatus}
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_BODILESS = frozenset({204, 304})


def chunk(data: bytes) -> bytes:
    """One piece of a chunked body."""
    return b"%x\r\n%b\r\n" % (len(data), data)


class ResponseWriter:
    """Renders heads of responses; keeps the date line, which changes once a second."""

    def __init__(self) -> None:
        self._date_line = ""
        self._date_until = 0.0

    def render_head(self, response: Response, *, closes: bool, is_http10: bool = False) -> bytes:
        """The head with its empty line; a stream is announced as chunked, in HTTP/1.0 as lasting until the end."""
        status = response.status
        line = _STATUS_LINES.get(status) or f"HTTP/1.1 {status} \r\n"
        parts = [line, self._date()]
        if response.content_type is not None:
            parts.append(f"Content-Type: {response.content_type}\r\n")
        body = response.body
        if status not in _BODILESS:
            if isinstance(body, bytes):
                parts.append(f"Content-Length: {len(body)}\r\n")
            elif not is_http10:
                parts.append("Transfer-Encoding: chunked\r\n")
        if closes:
            parts.append("Connection: close\r\n")
        elif is_http10:
            parts.append("Connection: keep-alive\r\n")
        parts.extend([f"{name}: {value}\r\n" for name, value in response.headers])
        text = "".join(parts)
        if text.count("\n") != len(parts) or text.count("\r") != len(parts):
            text = "".join(parts[:2]) + "".join(_without_line_ends(part) for part in parts[2:])
        return (text + "\r\n").encode("latin-1", "replace")

    def _date(self) -> str:
        now = time.time()
        if now >= self._date_until:
            self._date_line = f"Date: {format_date(now)}\r\n"
            self._date_until = int(now) + 1.0
        return self._date_line


def format_date(seconds: float) -> str:
    """A moment as HTTP writes it, whatever the locale."""
    moment = time.gmtime(seconds)
    day = _DAYS[moment.tm_wday]
    month = _MONTHS[moment.tm_mon - 1]
    clock = f"{moment.tm_hour:02}:{moment.tm_min:02}:{moment.tm_sec:02}"
    return f"{day}, {moment.tm_mday:02} {month} {moment.tm_year} {clock} GMT"


def _without_line_ends(line: str) -> str:
    """A header line whose value can not start another one (response splitting)."""
    return line[:-2].replace("\r", " ").replace("\n", " ") + "\r\n"
