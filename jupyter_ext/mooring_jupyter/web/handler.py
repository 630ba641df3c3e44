"""The one kind of request handler: asks Jupyter Server who it is, and the route's function for the answer."""

from __future__ import annotations

import asyncio
import json
from http.client import responses
from typing import TYPE_CHECKING, Any

from jupyter_core.utils import ensure_async
from jupyter_server.base.handlers import APIHandler
from tornado import web

from mooring.errors import MooringError
from mooring_jupyter.routes.route import Call
from mooring_jupyter.web.failures import AccessDenied, problem_of, status_of
from mooring_jupyter.web.reading import read_arguments

if TYPE_CHECKING:
    from mooring_jupyter.routes.route import Action, Resource, Route
    from mooring_jupyter.shapes import Problem
    from mooring_jupyter.web.state import ServerState

_NO_CONTENT = 204


class ToldFailures:
    """Answers failures, of ours or of Jupyter Server, in the interface's own form."""

    def write_error(self: Any, status_code: int, **kwargs: Any) -> None:
        """A failure as a `Problem`."""
        error = kwargs.get("exc_info", (None, None, None))[1]
        if isinstance(error, MooringError):
            problem = problem_of(error)
            status_code = status_of(problem["code"])
        elif isinstance(error, web.HTTPError):
            problem = _as_problem(error.log_message or error.reason or responses.get(status_code, "Refused."))
        else:
            problem = problem_of(error or RuntimeError("nobody knows why"))
        self.set_status(status_code)
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps(problem))

    def log_exception(self, typ: Any, value: Any, tb: Any) -> None:
        """Expected failures are the client's to show; faults of ours go to the server's log."""
        if not isinstance(value, MooringError):
            super().log_exception(typ, value, tb)  # type: ignore[misc]


class MooringHandler(ToldFailures, APIHandler):
    """Has the state of the server, and asks the authorizer."""

    def initialize(self, state: ServerState) -> None:
        """Take what all requests share."""
        self.mooring = state

    async def require(self, action: Action, resource: Resource) -> None:
        """Return when the authorizer lets this user do that.

        Raises:
            AccessDenied: It does not.
        """
        await require(self, action, resource)


class RouteHandler(MooringHandler):
    """Answers the routes of one path."""

    def initialize(self, state: ServerState, routes: dict[str, Route] | None = None) -> None:
        """Take the routes, by method."""
        super().initialize(state)
        self.routes = routes or {}

    @web.authenticated
    async def get(self, **path: str) -> None:
        """Answer."""
        await self._answer(path)

    @web.authenticated
    async def post(self, **path: str) -> None:
        """Answer."""
        await self._answer(path)

    @web.authenticated
    async def patch(self, **path: str) -> None:
        """Answer."""
        await self._answer(path)

    @web.authenticated
    async def delete(self, **path: str) -> None:
        """Answer."""
        await self._answer(path)

    async def _answer(self, path: dict[str, str]) -> None:
        route = self.routes.get(self.request.method or "")
        if route is None:
            self.set_header("Allow", ", ".join(sorted(self.routes)))
            raise web.HTTPError(405, f"{self.request.method} is not answered here.")
        await self.require(route.action, route.resource)
        arguments = read_arguments(route, path, self.request.query_arguments, self.request.body)
        workspace = self.get_query_argument("workspace", None)
        user = self.current_user.username
        loop = asyncio.get_running_loop()
        text = await loop.run_in_executor(
            self.mooring.threads, _work, self.mooring, route, workspace, user, arguments
        )
        self.set_status(route.status)
        if route.status == _NO_CONTENT:
            self.finish()
            return
        self.set_header("Content-Type", "application/json")
        self.set_header("Cache-Control", "no-store")
        self.finish(text)


def _work(
    state: ServerState, route: Route, workspace: str | None, user: str, arguments: dict[str, Any]
) -> str:
    """In a thread: the route's answer as JSON text."""
    call = Call(state.workspace(workspace), state.root, state.jobs(workspace), user)
    return json.dumps(route.handle(call, **arguments), ensure_ascii=False)


async def require(handler: Any, action: Action, resource: Resource) -> None:
    """Return when Jupyter Server's authorizer lets the handler's user do that to `mooring:<resource>`.

    Raises:
        AccessDenied: It does not.
    """
    name = f"mooring:{resource}"
    user = handler.current_user
    if not await ensure_async(handler.authorizer.is_authorized(handler, user, action, name)):
        raise AccessDenied(user=user.display_name or user.username, action=action, resource=name)


def _as_problem(reason: str) -> Problem:
    return {"code": "request-refused", "problem": reason, "remedy": "", "message": reason}
