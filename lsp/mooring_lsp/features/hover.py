"""`textDocument/hover`: what a configuration's key means, takes and is when absent."""

from __future__ import annotations

import asyncio

from lsprotocol import types

from mooring_lsp.config_places import describe, find_setting
from mooring_lsp.server import MooringServer


def register(server: MooringServer) -> None:
    """Add the feature."""

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(ls: MooringServer, params: types.HoverParams) -> types.Hover | None:
        snapshot = ls.documents.find(params.text_document.uri)
        if snapshot is None or snapshot.kind == "cell":
            return None
        line, column = snapshot.places.place_of(params.position)
        found = await asyncio.to_thread(find_setting, snapshot, line, column)
        if found is None:
            return None
        content = types.MarkupContent(types.MarkupKind.Markdown, describe(found.setting))
        return types.Hover(content, snapshot.places.range_of(found.span))
