"""`textDocument/documentSymbol`: what a script answers with, and what a configuration sets."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator

from lsprotocol import types

from mooring.configs import Document
from mooring_lsp.config_places import read_config
from mooring_lsp.documents import Snapshot
from mooring_lsp.lenses import is_config, is_script
from mooring_lsp.references import references_in
from mooring_lsp.server import MooringServer

_FUNCTION = re.compile(
    r"^(?:async[ \t]+)?def[ \t]+(?P<name>init|run)[ \t]*\((?P<taken>[^)\n]*)", re.MULTILINE
)
_NEXT = re.compile(r"^[^\s#)\]}]", re.MULTILINE)


def register(server: MooringServer) -> None:
    """Add the feature."""

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_SYMBOL)
    async def symbols(ls: MooringServer, params: types.DocumentSymbolParams) -> list[types.DocumentSymbol]:
        snapshot = ls.documents.find(params.text_document.uri)
        return [] if snapshot is None else await asyncio.to_thread(lambda: list(_symbols(snapshot)))


def _symbols(snapshot: Snapshot) -> Iterator[types.DocumentSymbol]:
    if is_script(snapshot):
        yield from _functions(snapshot)
    elif is_config(snapshot):
        document = read_config(snapshot)
        if document is not None and isinstance(document.value, dict):
            yield from _keys(snapshot, document, (), document.value)


def _functions(snapshot: Snapshot) -> Iterator[types.DocumentSymbol]:
    models = [each for each in references_in(snapshot) if each.kind == "model"]
    for found in _FUNCTION.finditer(snapshot.text):
        following = _NEXT.search(snapshot.text, found.end())
        end = following.start() if following is not None else len(snapshot.text)
        inside = [each for each in models if found.start() <= each.start < end]
        yield types.DocumentSymbol(
            name=found["name"],
            detail=f"({found['taken']})",
            kind=types.SymbolKind.Function,
            range=snapshot.places.range_between(found.start(), end),
            selection_range=snapshot.places.range_between(found.start("name"), found.end("name")),
            children=[
                types.DocumentSymbol(
                    name=each.name,
                    detail="model",
                    kind=types.SymbolKind.Package,
                    range=snapshot.places.range_between(each.start, each.end),
                    selection_range=snapshot.places.range_between(each.start, each.end),
                )
                for each in inside
            ],
        )


def _keys(
    snapshot: Snapshot, document: Document, above: tuple[str, ...], values: dict[str, object]
) -> Iterator[types.DocumentSymbol]:
    for key, value in values.items():
        path = (*above, str(key))
        name, held = (
            snapshot.places.range_of(span) for span in (document.key_span_of(path), document.span_of(path))
        )
        is_group = isinstance(value, dict)
        yield types.DocumentSymbol(
            name=str(key),
            detail=None if is_group or "key" in str(key).lower() else str(value),
            kind=types.SymbolKind.Object if is_group else types.SymbolKind.Property,
            range=types.Range(name.start, max(name.end, held.end)),
            selection_range=name,
            children=list(_keys(snapshot, document, path, value)) if isinstance(value, dict) else None,
        )
