"""A response object with the attributes that scripts set, named as in Flask."""

from __future__ import annotations

import json
import time
from email.utils import formatdate
from http import HTTPStatus
from http.cookies import SimpleCookie
from typing import Any, Iterator, Mapping

from mooring.scoring.contract.bodies import is_json_type, mimetype
from mooring.scoring.contract.rawhttp.multidicts import HeaderMap

__all__ = ["Response"]

_WITH_CHARSET = ("application/ecmascript", "application/javascript", "application/sql", "application/xml", "application/xml-dtd", "application/xml-external-parsed-entity")  # fmt: skip


class Response:
    """A response that a script builds and returns.

    Args:
        response: Text, bytes, or an iterable of either, sent as it is iterated.
        status: A status code, or a status line such as `404 NOT FOUND`.
        headers: A mapping or pairs.
        mimetype: The content type without parameters; text gets a charset.
        content_type: The whole content type; wins over `mimetype`.
    """

    default_mimetype = "text/html"

    def __init__(
        self,
        response: Any = None,
        status: Any = 200,
        headers: Any = None,
        mimetype: str | None = None,
        content_type: str | None = None,
    ) -> None:
        self.headers = HeaderMap()
        if headers is not None:
            for name, value in headers.items() if isinstance(headers, Mapping) else headers:
                self.headers.add(name, value)
        if content_type is not None:
            self.headers["Content-Type"] = content_type
        elif mimetype is not None or "content-type" not in self.headers:
            self.mimetype = mimetype or self.default_mimetype
        self.status = status
        self.response: Any = []
        if isinstance(response, (str, bytes, bytearray)):
            self.set_data(response)
        elif response is not None:
            self.response = response

    @property
    def status(self) -> str:
        """The status line, such as `200 OK`."""
        return f"{self.status_code} {self._reason}"

    @status.setter
    def status(self, value: Any) -> None:
        code, _, reason = str(int(value) if isinstance(value, HTTPStatus) else value).partition(" ")
        self.status_code = int(code)
        self._reason = reason or _reason(self.status_code)

    @property
    def mimetype(self) -> str:
        """The content type without parameters."""
        return mimetype(self.headers.get("content-type", ""))

    @mimetype.setter
    def mimetype(self, value: str) -> None:
        is_text = value.startswith("text/") or value in _WITH_CHARSET or value.endswith("+xml")
        self.headers["Content-Type"] = f"{value}; charset=utf-8" if is_text else value

    @property
    def content_type(self) -> Any:
        """The whole content type."""
        return self.headers.get("content-type")

    @content_type.setter
    def content_type(self, value: str) -> None:
        self.headers["Content-Type"] = value

    @property
    def is_json(self) -> bool:
        """Whether the content type is JSON."""
        return is_json_type(self.content_type)

    @property
    def is_streamed(self) -> bool:
        """Whether the body's length is unknown."""
        return not isinstance(self.response, (list, tuple))

    @property
    def data(self) -> Any:
        """The body's bytes."""
        return self.get_data()

    @data.setter
    def data(self, value: Any) -> None:
        self.set_data(value)

    def get_data(self, as_text: bool = False) -> Any:
        """The body's bytes, or its text; a stream is read to its end."""
        if self.is_streamed:
            self.response = list(self.iter_encoded())
        body = b"".join(self.iter_encoded())
        return body.decode("utf-8") if as_text else body

    def set_data(self, value: Any) -> None:
        """Replace the body."""
        self.response = [value.encode("utf-8") if isinstance(value, str) else bytes(value)]

    def get_json(self, force: bool = False, silent: bool = False) -> Any:
        """The body as JSON, None when the content type is another."""
        if not (force or self.is_json):
            return None
        try:
            return json.loads(self.get_data())
        except ValueError:
            if silent:
                return None
            raise

    json = property(get_json)

    def iter_encoded(self) -> Iterator[bytes]:
        """The body's pieces as bytes."""
        for piece in self.response:
            yield piece.encode("utf-8") if isinstance(piece, str) else piece

    def set_cookie(
        self,
        key: str,
        value: str = "",
        max_age: Any = None,
        expires: Any = None,
        path: str | None = "/",
        domain: str | None = None,
        secure: bool = False,
        httponly: bool = False,
        samesite: str | None = None,
    ) -> None:
        """Add a cookie; `max_age` in seconds or as a timedelta, `expires` as a date, a timestamp or text."""
        if hasattr(max_age, "total_seconds"):
            max_age = int(max_age.total_seconds())
        if expires is None and max_age is not None:
            expires = time.time() + max_age
        attributes = (
            ("Domain", domain),
            ("Expires", _http_date(expires)),
            ("Max-Age", max_age),
            ("Secure", secure or None),
            ("HttpOnly", httponly or None),
            ("Path", path),
            ("SameSite", samesite),
        )
        parts = [
            name if setting is True else f"{name}={setting}"
            for name, setting in attributes
            if setting is not None
        ]
        # The standard library quotes what must be quoted.
        self.headers.add("Set-Cookie", "; ".join([SimpleCookie({key: value})[key].OutputString(), *parts]))

    def delete_cookie(self, key: str, path: str = "/") -> None:
        """Tell the client to forget a cookie."""
        self.set_cookie(key, path=path, max_age=0, expires=0)

    def close(self) -> None:
        """Close the stream, when the body is one."""
        close = getattr(self.response, "close", None)
        if close is not None:
            close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} [{self.status}]>"


def _reason(code: int) -> str:
    try:
        return HTTPStatus(code).phrase.upper()
    except ValueError:
        return "UNKNOWN"


def _http_date(moment: Any) -> Any:
    if hasattr(moment, "timestamp"):
        moment = moment.timestamp()
    return formatdate(moment, usegmt=True) if isinstance(moment, (int, float)) else moment
