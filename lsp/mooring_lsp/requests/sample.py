"""`mooring/sample`: a request body known to be good, and what a form for one looks like."""

from __future__ import annotations

from typing import Any

from mooring_lsp.answering import add_request
from mooring_lsp.asked import Asked
from mooring_lsp.server import MooringServer


def register(server: MooringServer) -> None:
    """Add the request."""
    add_request(server, "mooring/sample", _sample)


def _sample(asked: Asked) -> dict[str, Any]:
    return asked.workspace.services.request_form(asked.service).to_dict()
