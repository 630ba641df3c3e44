"""The server extension: adds the REST interface and the event stream to a Jupyter server."""

from __future__ import annotations

import atexit
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jupyter_server.utils import url_path_join
from tornado import web

from mooring_jupyter.openapi import PREFIX, openapi_document
from mooring_jupyter.routes import all_routes
from mooring_jupyter.web.events import EventsHandler
from mooring_jupyter.web.handler import MooringHandler, RouteHandler
from mooring_jupyter.web.state import ServerState
from mooring_jupyter.web.upload_handler import UploadHandler

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

_UPLOAD = "/uploads/{upload}"


def load(server: ServerApp) -> None:
    """Add Mooring's handlers; nothing of a workspace is opened before the first request."""
    state = ServerState(_root_of(server))
    atexit.register(state.close)
    base = str(server.web_app.settings["base_url"])
    web_app: Any = server.web_app
    web_app.add_handlers(".*$", handlers(base, state))
    state.warm_up()
    server.log.info("Mooring answers at %s", url_path_join(base, PREFIX))


def handlers(base_url: str, state: ServerState) -> list[tuple[str, type[web.RequestHandler], dict[str, Any]]]:
    """What tornado needs to know, by path."""
    by_path: dict[str, dict[str, Any]] = {}
    for route in all_routes():
        by_path.setdefault(route.path, {})[route.method] = route
    found: list[tuple[str, type[web.RequestHandler], dict[str, Any]]] = [
        (
            _pattern(base_url, path),
            UploadHandler if path == _UPLOAD else RouteHandler,
            {"state": state, "routes": routes},
        )
        for path, routes in by_path.items()
    ]
    return [
        *found,
        (_pattern(base_url, "/openapi.json"), DescriptionHandler, {"state": state}),
        (_pattern(base_url, "/events"), EventsHandler, {"state": state}),
    ]


class DescriptionHandler(MooringHandler):
    """The OpenAPI document."""

    @web.authenticated
    async def get(self) -> None:
        """Answer."""
        await self.require("read", "files")
        self.finish(json.dumps(openapi_document()))


def _pattern(base_url: str, path: str) -> str:
    return (
        url_path_join(re.escape(base_url), re.escape(PREFIX), re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path))
        + "$"
    )


def _root_of(server: ServerApp) -> Path:
    """The top of the file browser; of a contents manager without files, the folder the server was started in."""
    root = getattr(server.contents_manager, "root_dir", "") or server.root_dir
    return Path(root).expanduser().absolute()
