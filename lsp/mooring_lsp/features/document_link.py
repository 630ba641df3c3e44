"""`textDocument/documentLink`: from a configuration, or the code that makes one, to the script and conda file that it names."""

from __future__ import annotations

import asyncio

from lsprotocol import types

from mooring_lsp.documents import Snapshot
from mooring_lsp.references import references_in
from mooring_lsp.server import MooringServer


def register(server: MooringServer) -> None:
    """Add the feature."""

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_LINK, types.DocumentLinkOptions(resolve_provider=False))
    async def document_link(ls: MooringServer, params: types.DocumentLinkParams) -> list[types.DocumentLink]:
        snapshot = ls.documents.find(params.text_document.uri)
        return [] if snapshot is None else await asyncio.to_thread(_links, snapshot)


def _links(snapshot: Snapshot) -> list[types.DocumentLink]:
    return [
        types.DocumentLink(snapshot.places.range_between(each.start, each.end), each.path.absolute().as_uri())
        for each in references_in(snapshot)
        if each.path is not None and each.path.is_file()
    ]
