"""A request object with the attributes that raw scripts use, named as in Flask."""

from __future__ import annotations

import json
import re
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl, quote, unquote_to_bytes

from mooring.scoring.contract.bodies import is_json_type, mimetype
from mooring.scoring.contract.plans import headers_of
from mooring.scoring.contract.rawhttp.multidicts import HeaderMap, MultiDict
from mooring.scoring.contract.rawhttp.multipart import parse_multipart
from mooring.scoring.messages import Request

__all__ = ["BadRequest", "WebRequest"]


_COOKIE = re.compile(r"(?:\"([^\"]*)\"|([\w!#$%&'()*+\-./:<=>?@\[\]^`{|}~]*))$", re.ASCII)
_HIGH_BYTES = re.compile("(?:%[89A-Fa-f][0-9A-Fa-f])+")
_ASCII_SPECIALS = re.compile(r"[\x00-\x20\"#%<>?\[\\\]^`{|}\x7f]")


class BadRequest(ValueError):
    """The body is not the JSON that the script asked for."""


class WebRequest:
    """One request, read on demand.

    The body can be read once: `get_data(cache=False)` eats it, and forms, files and JSON are empty afterwards,
    as they are with Flask.
    """

    def __init__(self, request: Request) -> None:
        self._request = request
        self._cached: bytes | None = None
        self._parsed: tuple[MultiDict, MultiDict] | None = None
        self._json: dict[bool, Any] = {}
        self.method = request.method
        self.path = "/" + request.path.lstrip("/")
        self.scheme = request.scheme
        self.query_string = request.query.encode("latin-1", "replace")
        self.headers = HeaderMap(headers_of(request).items())
        self.stream = BytesIO(request.body)
        self.environ: dict[str, Any] = {}

    # ---- the address
    @property
    def host(self) -> str:
        """Host and port as the client named them."""
        return str(self.headers.get("host", ""))

    @property
    def host_url(self) -> str:
        """Scheme and host, ending in a slash."""
        return f"{self.scheme}://{self.host}/"

    url_root = root_url = host_url

    @property
    def base_url(self) -> str:
        """The address without the query."""
        return self.host_url + _ASCII_SPECIALS.sub(lambda found: quote(found.group()), self.path.lstrip("/"))

    @property
    def url(self) -> str:
        """The whole address."""
        query = _HIGH_BYTES.sub(_readable, self._request.query)
        return f"{self.base_url}?{query}" if query else self.base_url

    @property
    def full_path(self) -> str:
        """Path and query; the question mark is always there."""
        return f"{self.path}?{self._request.query}"

    @property
    def args(self) -> MultiDict:
        """Query arguments as text."""
        return MultiDict(parse_qsl(self._request.query, keep_blank_values=True))

    @property
    def values(self) -> MultiDict:
        """Query arguments, then form fields."""
        pairs = [
            (name, value) for part in (self.args, self.form) for name, all_ in part.lists() for value in all_
        ]
        return MultiDict(pairs)

    @property
    def remote_addr(self) -> str:
        """The client's address without its port."""
        return self._request.remote.rpartition(":")[0] or self._request.remote

    @property
    def is_secure(self) -> bool:
        """Whether the request came over TLS."""
        return self.scheme == "https"

    # ---- the headers
    @property
    def content_type(self) -> str | None:
        """The content type with its parameters."""
        value = self.headers.get("content-type")
        return None if value is None else str(value)

    @property
    def mimetype(self) -> str:
        """The content type without parameters, in lower case."""
        return mimetype(self.content_type or "")

    @property
    def mimetype_params(self) -> dict[str, str]:
        """The parameters of the content type."""
        return dict(_parameters(self.content_type or ""))

    @property
    def content_length(self) -> int | None:
        """Bytes of the body as the client announced them, None when it did not."""
        length = self.headers.get("content-length", type=int)
        return None if length is None else int(length)

    @property
    def content_encoding(self) -> Any:
        """The content encoding, None when there is none."""
        return self.headers.get("content-encoding")

    @property
    def user_agent(self) -> str:
        """What the client calls itself."""
        return str(self.headers.get("user-agent", ""))

    @property
    def referrer(self) -> Any:
        """The page the client came from."""
        return self.headers.get("referer")

    @property
    def cookies(self) -> MultiDict:
        """Cookies by name; ones that are not well formed are left out."""
        pairs = (
            part.partition("=") for header in self.headers.getlist("cookie") for part in header.split(";")
        )
        cookies = ((name.strip(), _COOKIE.match(value.strip())) for name, _, value in pairs)
        return MultiDict(
            (name, found.group(1) or found.group(2) or "") for name, found in cookies if name and found
        )

    @property
    def is_json(self) -> bool:
        """Whether the content type is JSON."""
        return is_json_type(self.content_type)

    # ---- the body
    def get_data(self, cache: bool = True, as_text: bool = False, parse_form_data: bool = False) -> Any:
        """The bytes of the body, or its text; without `cache` nothing else can read it afterwards."""
        data = self._cached
        if data is None:
            if parse_form_data:
                self._parse_form()
            data = self.stream.read()
            if cache:
                self._cached = data
        return data.decode("utf-8", "replace") if as_text else data

    @property
    def data(self) -> Any:
        """The body's bytes; empty for forms, whose content is in `form` and `files`."""
        return self.get_data(parse_form_data=True)

    @property
    def form(self) -> MultiDict:
        """Form fields, of both kinds of form."""
        return self._parse_form()[0]

    @property
    def files(self) -> MultiDict:
        """Uploaded files by field."""
        return self._parse_form()[1]

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """The body as JSON; raises `BadRequest` for another content type or text that is no JSON, unless silent."""
        if cache and silent in self._json:
            return self._json[silent]
        try:
            if not (force or self.is_json):
                raise BadRequest(
                    "Did not attempt to load JSON data because the request Content-Type was not 'application/json'."
                )
            value = json.loads(self.get_data(cache=cache))
        except ValueError as error:
            if not silent:
                raise BadRequest(f"Failed to decode JSON object: {error}") from error
            value = None
        if cache:
            self._json[silent] = value
        return value

    @property
    def json(self) -> Any:
        """`get_json()`."""
        return self.get_json()

    def _parse_form(self) -> tuple[MultiDict, MultiDict]:
        if self._parsed is None:
            fields, files = self._read_form()
            self._parsed = MultiDict(fields), MultiDict(files)
        return self._parsed

    def _read_form(self) -> tuple[list[Any], list[Any]]:
        kind = self.mimetype
        if kind == "multipart/form-data":
            boundary = self.mimetype_params.get("boundary", "").encode("latin-1", "replace")
            return parse_multipart(self._form_bytes(), boundary) if boundary else ([], [])
        if kind in ("application/x-www-form-urlencoded", "application/x-url-encoded"):
            return parse_qsl(self._form_bytes().decode("utf-8", "replace"), keep_blank_values=True), []
        return [], []

    def _form_bytes(self) -> bytes:
        return self.stream.read() if self._cached is None else self._cached

    def __repr__(self) -> str:
        return f"<Request {self.url!r} [{self.method}]>"


def _parameters(content_type: str) -> list[tuple[str, str]]:
    from email.message import Message

    message: Any = Message()
    message["content-type"] = content_type
    pairs = message.get_params(failobj=[])[1:]
    return [(name.lower(), value if isinstance(value, str) else value[2]) for name, value in pairs]


def _readable(found: Any) -> str:
    """Percent-encoded UTF-8 as letters; other bytes stay encoded."""
    try:
        return unquote_to_bytes(found.group()).decode("utf-8")
    except UnicodeDecodeError:
        return str(found.group())
