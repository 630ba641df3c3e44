"""`textDocument/definition`: the file that is named, and what is registered under the name of a model."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from lsprotocol import types

from mooring_lsp.documents import Snapshot, folder_of
from mooring_lsp.references import Reference, reference_at
from mooring_lsp.server import MooringServer


def register(server: MooringServer) -> None:
    """Add the feature."""

    @server.feature(types.TEXT_DOCUMENT_DEFINITION)
    async def definition(ls: MooringServer, params: types.DefinitionParams) -> types.Location | None:
        snapshot = ls.documents.find(params.text_document.uri)
        if snapshot is None:
            return None
        offset = snapshot.places.offset_at(params.position)
        return await asyncio.to_thread(_define, ls, snapshot, offset)


def _define(ls: MooringServer, snapshot: Snapshot, offset: int) -> types.Location | None:
    reference = reference_at(snapshot, offset)
    path = reference.path if reference is not None else None
    if reference is not None and reference.kind == "model":
        path = _entry(ls, snapshot, reference)
    if path is None or not path.is_file():
        return None
    start = types.Position(0, 0)
    return types.Location(path.absolute().as_uri(), types.Range(start, start))


def _entry(ls: MooringServer, snapshot: Snapshot, reference: Reference) -> Path | None:
    """A file that holds the registry's entry, as `mooring model show -o json` tells it."""
    name, _, version = reference.name.partition(":")
    model = ls.shelf.model(folder_of(snapshot), name, int(version) if version else None)
    if model is None:
        return None
    path = ls.logs_folder / f"{model.name}-{model.version}.json"
    path.write_text(json.dumps(model.to_dict(), indent=2, default=str) + "\n", encoding="utf-8")
    return path
