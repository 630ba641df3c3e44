"""One service: its entry script loaded, its requests answered.

`Application(settings).load()` imports the script and calls `init()`; `answer(request)` then gives a `Response`,
or an awaitable of one when the script's `run` is asynchronous.
"""

from __future__ import annotations

import logging
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Awaitable, Callable
from urllib.parse import parse_qs

from mooring.scoring.contract.cors import Cors
from mooring.scoring.contract.failures import Refusal
from mooring.scoring.contract.identity import identify
from mooring.scoring.contract.plans import NOT_ALLOWED, RunPlan, UnsupportedMethod
from mooring.scoring.contract.replies import HTML, INTERNAL_ERROR, JSON, SCRIPT_ERROR, error_reply
from mooring.scoring.contract.script import call_init, import_script, prepare_import_path
from mooring.scoring.contract.swagger import Swagger
from mooring.scoring.contract.tracebacks import log_script_error
from mooring.scoring.messages import Request, Response

if TYPE_CHECKING:
    from mooring.scoring.settings import ServerSettings

__all__ = ["Application"]

logger = logging.getLogger("azmlinfsrv")

NOT_FOUND = (
    "The requested URL was not found on the server. If you entered the URL manually please check your spelling and"
    " try again."
)
WRONG_METHOD = "The method is not allowed for the requested URL."
_SCORE_METHODS = frozenset(("GET", "POST", "OPTIONS", "HEAD"))
_PAGE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))


class Application:
    """The v1 contract around one entry script; thread-safe once loaded.

    `load` must have returned before any other method is called.
    """

    run_plan: RunPlan

    def __init__(self, settings: ServerSettings) -> None:
        self.settings = settings
        self._cors = Cors.from_setting(settings.cors_origins)
        self._always: list[tuple[str, str]] = _version_header(settings)
        self._score_paths = settings.paths_of("/score")
        self._routes: dict[str, Callable[[Request], Response]] = {
            **dict.fromkeys(settings.paths_of("/"), self._health),
            **dict.fromkeys(settings.paths_of("/swagger.json"), self._swagger_page),
        }

    def load(self) -> None:
        """Import the entry script and call its `init()`; raises `BootError`."""
        from mooring.scoring.contract.planning import make_plan, prepare_process
        from mooring.scoring.shims import install_shims

        settings = self.settings
        app_root = Path(settings.app_root).absolute()
        prepare_process(app_root)
        prepare_import_path(app_root, settings.source_directory, settings.entry_script)
        install_shims()
        script = import_script(app_root, settings.entry_script)
        self.run_plan = make_plan(script)
        call_init(script)
        self._swagger = Swagger(settings, app_root, self.run_plan)

    def needs_run(self, request: Request) -> bool:
        """Whether answering will call the script's `run`, so that the request needs a slot in the queue."""
        if not self._is_score(request.path):
            return False
        method = request.method
        return method in ("POST", "GET") or (self.run_plan.any_method and method in _SCORE_METHODS)

    def answer(self, request: Request) -> Response | Awaitable[Response]:
        """The response; never raises. Awaitable only when `run_plan.is_async` and `needs_run(request)`."""
        if self._is_score(request.path) and request.method in _SCORE_METHODS:
            return self._score(request)
        return self._answer_beside(request)

    def refuse(self, request: Request, status: int, message: str, run_failed: bool = False) -> Response:
        """A JSON error with the request's ids: what the layers around (auth, queue, size, time) answer with."""
        return self._finish(error_reply(status, message, run_failed), request, identify(request.headers)[0])

    def timed_out(self, request: Request, timeout_ms: int) -> Response:
        """The reference's answer to a `run` that took longer than SCORING_TIMEOUT_MS."""
        return self.refuse(request, 500, f"Scoring timeout after {timeout_ms} ms", run_failed=True)

    def complete(self, request: Request, response: Response) -> Response:
        """Add ids, version and CORS headers to what `run_plan.reply` returned, for servers that take the steps apart."""
        return self._finish(response, request, identify(request.headers)[0])

    def failed(self, request: Request, error: BaseException) -> Response:
        """The answer to an exception of `run_plan.read` or `run_plan.call`, logged with its cause."""
        return self._finish(self._explain(request, error), request, identify(request.headers)[0])

    def swagger(self, version: str | None = None) -> Any:
        """The service's OpenAPI document: `2` (default), `3` or `3.1`; raises `Refusal` for others."""
        return self._swagger.document("2" if version is None else version)

    def _score(self, request: Request) -> Response | Awaitable[Response]:
        identity, too_long = identify(request.headers)
        if too_long:
            return self._finish(error_reply(431, too_long), request, identity)
        if identity:
            request.id = identity[0][1]
        plan = self.run_plan
        if plan.is_async:
            return self._score_async(request, identity)
        try:
            arguments = plan.read(request)
            started = perf_counter()
            result = plan.call(**arguments)
            run_ms = (perf_counter() - started) * 1000.0
        except BaseException as error:  # noqa: BLE001
            return self._finish(self._explain(request, error), request, identity)
        return self._finish(plan.reply(result, request, run_ms), request, identity)

    async def _score_async(self, request: Request, identity: list[tuple[str, str]]) -> Response:
        import asyncio

        plan = self.run_plan
        try:
            arguments = plan.read(request)
            started = perf_counter()
            result = await plan.call(**arguments)
            run_ms = (perf_counter() - started) * 1000.0
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001
            return self._finish(self._explain(request, error), request, identity)
        return self._finish(plan.reply(result, request, run_ms), request, identity)

    def _explain(self, request: Request, error: BaseException) -> Response:
        """What a failed `read` or `call` is answered with."""
        if isinstance(error, Refusal):
            return error_reply(error.status, error.message, error.run_failed)
        if isinstance(error, UnsupportedMethod):
            if request.method == "OPTIONS":
                return Response(200, b"", HTML, [("x-ms-run-function-failed", "False")])
            return error_reply(405, NOT_ALLOWED)
        if log_script_error(error):
            return self._explain_run(request, error)
        return error_reply(500, INTERNAL_ERROR)

    def _explain_run(self, request: Request, error: BaseException) -> Response:
        """A failure of the script; its own TimeoutError looks like a scoring timeout, as in v1."""
        if isinstance(error, TimeoutError):
            text = f"Scoring timeout after {self.settings.scoring_timeout_ms} ms"
            return error_reply(500, text, run_failed=True)
        reason = ""
        if self.settings.explain_errors:
            from mooring.scoring.contract.explanations import explain

            reason = explain(error, request, self.run_plan)
        return error_reply(400, reason) if reason else error_reply(500, SCRIPT_ERROR, run_failed=True)

    def _answer_beside(self, request: Request) -> Response:
        """Everything but scoring: health, the API description, and what is not there."""
        route = self._routes.get("/" + request.path.lstrip("/"))
        if route is None:
            # What no route answers has no request ids: it never got that far.
            is_score = self._is_score(request.path)
            return error_reply(405, WRONG_METHOD) if is_score else error_reply(404, NOT_FOUND)
        method = request.method
        if method not in _PAGE_METHODS:
            return error_reply(405, WRONG_METHOD)
        identity, too_long = identify(request.headers)
        if too_long:
            response = error_reply(431, too_long)
        elif method == "OPTIONS":
            response = Response(200, b"", HTML, [("Allow", "GET, HEAD, OPTIONS")])
        else:
            response = route(request)
        return self._finish(response, request, identity)

    def _is_score(self, path: str) -> bool:
        """Slashes in front count as one, as they always did; any other difference is another path."""
        return path in self._score_paths or (path[:2] == "//" and "/" + path.lstrip("/") in self._score_paths)

    def _health(self, request: Request) -> Response:  # noqa: ARG002  every route takes the request
        return Response(200, b"Healthy", HTML)

    def _swagger_page(self, request: Request) -> Response:
        version = parse_qs(request.query, keep_blank_values=True).get("version", ["2"])[0]
        try:
            body = self._swagger.page(version)
        except Refusal as refusal:
            return error_reply(refusal.status, refusal.message)
        return Response(200, body, JSON, [("x-ms-run-function-failed", "False")])

    def _finish(self, response: Response, request: Request, identity: list[tuple[str, str]]) -> Response:
        response.headers += self._always
        response.headers += identity
        if self._cors is not None:
            self._cors.add(request, response)
        return response


def _version_header(settings: ServerSettings) -> list[tuple[str, str]]:
    if not settings.sends_server_version:
        return []
    version = settings.server_version
    if not version:
        from mooring import __version__

        version = f"mooring/{__version__}"
    return [("x-ms-server-version", version)]
