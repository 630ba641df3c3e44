"""`textDocument/completion` and `completionItem/resolve`."""

from __future__ import annotations

import asyncio
from pathlib import Path

from lsprotocol import types

from mooring_lsp.convert import member_of
from mooring_lsp.documents import folder_of
from mooring_lsp.server import MooringServer
from mooring_lsp.shelf import Shelf

_OPTIONS = types.CompletionOptions(trigger_characters=['"', "'", ":", "@"], resolve_provider=True)


def register(server: MooringServer) -> None:
    """Add the features."""

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, _OPTIONS)
    async def completion(ls: MooringServer, params: types.CompletionParams) -> types.CompletionList | None:
        snapshot = ls.documents.find(params.text_document.uri)
        if snapshot is None:
            return None
        from mooring_lsp.completions import Completions
        from mooring_lsp.completions.place import Place

        ls.follow(folder_of(snapshot))
        place = Place(
            snapshot,
            snapshot.places.offset_at(params.position),
            ls.shelf,
            ls.checker.inspector.use_of(snapshot.path),
            takes_snippets=_takes_snippets(ls),
        )
        return await asyncio.to_thread(Completions().at, place)

    @server.feature(types.COMPLETION_ITEM_RESOLVE)
    async def resolve(ls: MooringServer, item: types.CompletionItem) -> types.CompletionItem:
        told = await asyncio.to_thread(_describe, ls.shelf, item.data)
        if told:
            item.documentation = types.MarkupContent(types.MarkupKind.Markdown, told)
        return item


def _takes_snippets(ls: MooringServer) -> bool:
    document = ls.client_capabilities.text_document
    known = document.completion if document is not None else None
    item = known.completion_item if known is not None else None
    return item is not None and bool(item.snippet_support)


def _describe(shelf: Shelf, data: object) -> str:
    from mooring_lsp.registered import describe_environment, describe_model, describe_service

    kind, name, folder = (member_of(data, field) for field in ("kind", "name", "folder"))
    if not isinstance(name, str) or not isinstance(folder, str):
        return ""
    describe = {"model": describe_model, "environment": describe_environment, "service": describe_service}
    found = describe.get(str(kind))
    return found(shelf, Path(folder), name) if found is not None else ""
