"""What a client may ask beyond the protocol, one file for each request; docs/language-server.md describes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mooring_lsp.requests import consume, keys, logs, overview, proposal, run, sample, service, versions

if TYPE_CHECKING:
    from mooring_lsp.server import MooringServer


def register_requests(server: MooringServer) -> None:
    """Add them all."""
    for request in (overview, versions, service, proposal, run, sample, consume, keys, logs):
        request.register(server)
