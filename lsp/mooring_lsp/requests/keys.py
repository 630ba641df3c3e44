"""`mooring/keys`: the keys of a service, the one place where they are told."""

from __future__ import annotations

from typing import Any

from mooring_lsp.answering import add_request
from mooring_lsp.asked import Asked
from mooring_lsp.server import MooringServer


def register(server: MooringServer) -> None:
    """Add the request."""
    add_request(server, "mooring/keys", _keys)


def _keys(asked: Asked) -> dict[str, Any]:
    keys = asked.workspace.services.keys(asked.service)
    return {"primary": keys.primary, "secondary": keys.secondary}
