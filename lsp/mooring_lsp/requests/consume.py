"""`mooring/consume`: programs that ask a service, to be copied."""

from __future__ import annotations

from typing import Any

from mooring_lsp.answering import add_request
from mooring_lsp.asked import Asked
from mooring_lsp.server import MooringServer


def register(server: MooringServer) -> None:
    """Add the request."""
    add_request(server, "mooring/consume", _consume)


def _consume(asked: Asked) -> dict[str, Any]:
    snippets = asked.workspace.services.snippets(asked.service)
    return {"snippets": [snippet.to_dict() for snippet in snippets]}
