"""`mooring/service`: all about one service."""

from __future__ import annotations

from typing import Any

from mooring_lsp.answering import add_request
from mooring_lsp.asked import Asked
from mooring_lsp.requests.overview import with_uri
from mooring_lsp.server import MooringServer


def register(server: MooringServer) -> None:
    """Add the request."""
    add_request(server, "mooring/service", _service)


def _service(asked: Asked) -> dict[str, Any]:
    desk = asked.workspace.services
    return with_uri(desk.details(desk.get(asked.service)))
