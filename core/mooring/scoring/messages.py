"""What passes between the HTTP layer and the scoring contract: one request, one response, no sockets."""

from __future__ import annotations

from typing import Any, AsyncIterator, Iterable, Iterator, List, Tuple, Union

__all__ = ["Headers", "Request", "Response"]

Body = Union[bytes, bytearray, memoryview]
Chunks = Union[Iterator[bytes], AsyncIterator[bytes]]


class Headers(List[Tuple[str, str]]):
    """Header pairs in the order they came; names are lower case, values are decoded as Latin-1.

    Fill it before it is first asked: `get` keeps an index.
    """

    __slots__ = ("_index",)
    _index: dict[str, str]

    @property
    def by_name(self) -> dict[str, str]:
        """The first value of every header by name."""
        try:
            return self._index
        except AttributeError:
            index = self._index = dict(reversed(self))
            return index

    def get(self, name: str, default: str | None = None) -> str | None:
        """The first value of a header, or `default`; `name` must be lower case."""
        try:
            return self._index.get(name, default)
        except AttributeError:
            return self.by_name.get(name, default)

    def get_all(self, name: str) -> list[str]:
        """Every value of a header, oldest first; `name` must be lower case."""
        return [value for key, value in self if key == name]


class Request:
    """One HTTP request, wholly read.

    Args:
        method: Upper case, as sent.
        target: The request target as sent, path and query together.
        path: The percent-decoded path.
        query: What stands after the first `?`, still encoded.
        headers: Pairs with lower-case names; plain lists of pairs are accepted.
        body: The bytes of the body; any buffer, so that the HTTP layer need not copy.
        remote: The client's address, for the log and for scripts that ask.
        scheme: `http` or `https`.

    Attributes:
        id: The id its answer will carry; empty until the contract has chosen one.
    """

    __slots__ = ("body", "headers", "id", "method", "path", "query", "remote", "scheme", "target")

    def __init__(
        self,
        method: str,
        target: str,
        path: str = "",
        query: str = "",
        headers: Iterable[tuple[str, str]] = (),
        body: Body = b"",
        remote: str = "",
        scheme: str = "http",
    ) -> None:
        self.method = method
        self.target = target
        self.path = path
        self.query = query
        self.headers = headers if isinstance(headers, Headers) else Headers(headers)
        self.body = body
        self.remote = remote
        self.scheme = scheme
        self.id = ""

    def __repr__(self) -> str:
        return f"<Request {self.method} {self.path} {len(self.body)} bytes>"


class Response:
    """One HTTP response; the HTTP layer adds length or chunking, date and connection headers.

    Args:
        status: The status code.
        body: Bytes, or an iterator (plain or asynchronous) of chunks for a stream.
        content_type: The whole `Content-Type` value; None sends none.
        headers: Pairs in sending order; every header but type, length, date and connection.
        run_failed: What `x-ms-run-function-failed` says; None when `run` was not asked.
        run_ms: Milliseconds spent in the script's `run`, None when it was not called or did not finish.
    """

    __slots__ = ("body", "content_type", "headers", "run_failed", "run_ms", "status")

    def __init__(
        self,
        status: int,
        body: bytes | Chunks = b"",
        content_type: str | None = None,
        headers: list[tuple[str, str]] | None = None,
        run_failed: bool | None = None,
        run_ms: float | None = None,
    ) -> None:
        self.status = status
        self.body = body
        self.content_type = content_type
        self.headers: list[tuple[str, str]] = [] if headers is None else headers
        self.run_failed = run_failed
        self.run_ms = run_ms

    @property
    def is_stream(self) -> bool:
        """Whether the body arrives in chunks."""
        return not isinstance(self.body, bytes)

    def get(self, name: str, default: Any = None) -> Any:
        """The first value of a response header, whatever the case of its name."""
        wanted = name.lower()
        for key, value in self.headers:
            if key.lower() == wanted:
                return value
        return default

    def __repr__(self) -> str:
        return f"<Response {self.status} {self.content_type}>"
