"""What a client may ask beyond the protocol; docs/language-server.md describes each. Loaded when first used."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mooring_lsp.answering import add_handler, add_request, later

if TYPE_CHECKING:
    from mooring_lsp.server import MooringServer

_IN_THREAD = {
    "mooring/overview": "overview:overview",
    "mooring/versions": "versions:versions",
    "mooring/service": "service:service",
    "mooring/proposal": "proposal:proposal",
    "mooring/run": "run:run",
    "mooring/sample": "sample:sample",
    "mooring/consume": "consume:consume",
    "mooring/keys": "keys:keys",
}
_ON_LOOP = {
    "mooring/logs/subscribe": "logs:subscribe",
    "mooring/logs/unsubscribe": "logs:unsubscribe",
    "mooring/logs/acknowledge": "logs:acknowledge",
}


def register_requests(server: MooringServer) -> None:
    """Add them all."""
    for method, place in _IN_THREAD.items():
        add_request(server, method, later(f"mooring_lsp.requests.{place}"))
    for method, place in _ON_LOOP.items():
        add_handler(server, method, later(f"mooring_lsp.requests.{place}"))
