"""Request and response objects of Flask, or of werkzeug where Flask is not installed."""

from __future__ import annotations

import functools
from io import BytesIO
from typing import Any, Callable, Mapping

from mooring.scoring.contract.rawhttp.aml import body_of, finish
from mooring.scoring.messages import Request

try:
    import flask as _flask

    flask: Any = _flask
    _Request: Any = flask.Request
    _Response: Any = flask.Response
    _application: Any = flask.Flask("mooring.scoring", static_folder=None)
except ImportError:
    import werkzeug.wrappers

    flask = None
    _Request, _Response, _application = werkzeug.wrappers.Request, werkzeug.wrappers.Response, None
    if not hasattr(_Request, "get_json"):
        raise ImportError("werkzeug before 2.0 reads no JSON by itself") from None

__all__ = ["AMLRequest", "AMLResponse", "in_application", "in_context", "make_request"]

_CONTEXT = "mooring.context"


class AMLRequest(_Request):  # type: ignore[misc]
    """Only here to be imported; `run` gets the server's request object, which is not one of these."""


class AMLResponse(_Response):  # type: ignore[misc]
    """A response of the script's own.

    Args:
        message: Text, bytes, an iterable of either; with `json_str` anything JSON can hold; None is `{}`.
        status_code: The HTTP status.
        response_headers: Added to the response; values are split at commas.
        json_str: Encode the message as JSON.
        run_function_failed: What `x-ms-run-function-failed` says.
    """

    def __init__(
        self,
        message: Any,
        status_code: int,
        response_headers: Mapping[str, str] = {},
        json_str: bool = False,
        run_function_failed: bool = False,
    ) -> None:
        super().__init__(status=status_code, **body_of(message, json_str))
        finish(self, message, response_headers, json_str, run_function_failed)


def make_request(request: Request) -> Any:
    """The request as the framework's object; with Flask, its context waits in the environment."""
    environ = make_environ(request)
    if _application is None:
        return _Request(environ)
    context = _application.request_context(environ)
    environ[_CONTEXT] = context
    return context.request


def in_context(run: Callable[..., Any], first: str, is_async: bool) -> Callable[..., Any]:
    """`run` inside Flask's request context, so that `flask.request` and `jsonify` work in it, as they did."""
    if _application is None:
        return run

    @functools.wraps(run)
    def call(**arguments: Any) -> Any:
        with arguments[first].environ[_CONTEXT]:
            arguments[first] = flask.request
            return run(**arguments)

    @functools.wraps(run)
    async def call_async(**arguments: Any) -> Any:
        with arguments[first].environ[_CONTEXT]:
            arguments[first] = flask.request
            return await run(**arguments)

    return call_async if is_async else call


def in_application(run: Callable[..., Any], is_async: bool) -> Callable[..., Any]:
    """`run` inside Flask's application context: what `jsonify` needs in a script that is not raw."""

    @functools.wraps(run)
    def call(**arguments: Any) -> Any:
        with _application.app_context():
            return run(**arguments)

    @functools.wraps(run)
    async def call_async(**arguments: Any) -> Any:
        with _application.app_context():
            return await run(**arguments)

    return call_async if is_async else call


def make_environ(request: Request) -> dict[str, Any]:
    """The request as a WSGI environment."""
    host, _, port = (request.headers.get("host") or "localhost").partition(":")
    environ: dict[str, Any] = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": ("/" + request.path.lstrip("/")).encode("utf-8").decode("latin-1"),
        "QUERY_STRING": request.query,
        "RAW_URI": request.target,
        "REQUEST_URI": request.target,
        "SERVER_NAME": host,
        "SERVER_PORT": port or "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": request.remote.rpartition(":")[0] or request.remote,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": request.scheme,
        "wsgi.input": BytesIO(request.body),
        "wsgi.input_terminated": True,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for name, value in request.headers:
        key = name.upper().replace("-", "_")
        if key not in ("CONTENT_TYPE", "CONTENT_LENGTH"):
            key = "HTTP_" + key
        environ[key] = f"{environ[key]},{value}" if key in environ else value
    return environ
