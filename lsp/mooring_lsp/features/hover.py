"""`textDocument/hover`: what a key means, takes and is when absent; what is registered under a name."""

from __future__ import annotations

import asyncio

from lsprotocol import types

from mooring_lsp.config_places import describe, find_setting
from mooring_lsp.documents import Snapshot, folder_of
from mooring_lsp.references import reference_at
from mooring_lsp.registered import describe_model
from mooring_lsp.server import MooringServer


def register(server: MooringServer) -> None:
    """Add the feature."""

    @server.feature(types.TEXT_DOCUMENT_HOVER)
    async def hover(ls: MooringServer, params: types.HoverParams) -> types.Hover | None:
        snapshot = ls.documents.find(params.text_document.uri)
        if snapshot is None:
            return None
        if snapshot.kind == "cell" or snapshot.path.endswith((".py", ".ipynb")):
            return await asyncio.to_thread(_on_model, ls, snapshot, params.position)
        return await asyncio.to_thread(_on_setting, snapshot, params.position)


def _on_setting(snapshot: Snapshot, position: types.Position) -> types.Hover | None:
    found = find_setting(snapshot, *snapshot.places.place_of(position))
    if found is None:
        return None
    return _shown(describe(found.setting), snapshot.places.range_of(found.span))


def _on_model(ls: MooringServer, snapshot: Snapshot, position: types.Position) -> types.Hover | None:
    reference = reference_at(snapshot, snapshot.places.offset_at(position))
    if reference is None or reference.kind != "model":
        return None
    told = describe_model(ls.shelf, folder_of(snapshot), reference.name)
    return _shown(told, snapshot.places.range_between(reference.start, reference.end)) if told else None


def _shown(text: str, place: types.Range) -> types.Hover:
    return types.Hover(types.MarkupContent(types.MarkupKind.Markdown, text), place)
