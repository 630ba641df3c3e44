"""`textDocument/inlayHint`: which version a model's bare name means now, and where a compute type runs here."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator

from lsprotocol import types

from mooring_lsp.documents import Snapshot, folder_of
from mooring_lsp.lenses import is_config
from mooring_lsp.references import references_in
from mooring_lsp.server import MooringServer
from mooring_lsp.shelf import Shelf

_COMPUTE_TYPE = re.compile(
    r"""["']?computeType["']?\s*:\s*(?P<value>["']?(?P<type>\w+)["']?)""", re.IGNORECASE
)
_STANDS_FOR = {
    "aci": "a container on Docker",
    "aks": "Kubernetes",
    "aksendpoint": "Kubernetes",
    "local": "a container on Docker",
}


def register(server: MooringServer) -> None:
    """Add the feature."""

    @server.feature(types.TEXT_DOCUMENT_INLAY_HINT)
    async def inlay_hint(ls: MooringServer, params: types.InlayHintParams) -> list[types.InlayHint]:
        snapshot = ls.documents.find(params.text_document.uri)
        if snapshot is None:
            return []
        hints = await asyncio.to_thread(lambda: list(_hints(ls.shelf, snapshot)))
        first, last = params.range.start.line, params.range.end.line
        return [hint for hint in hints if first <= hint.position.line <= last]


def _hints(shelf: Shelf, snapshot: Snapshot) -> Iterator[types.InlayHint]:
    places = snapshot.places
    for reference in references_in(snapshot):
        if reference.kind == "model" and ":" not in reference.name:
            model = shelf.model(folder_of(snapshot), reference.name)
            if model is not None:
                told = f"{model.id} is the newest version; a deployment says which one the service gets."
                yield types.InlayHint(places.position_at(reference.end), f":{model.version}", tooltip=told)
    found = _COMPUTE_TYPE.search(snapshot.text) if not snapshot.path.endswith(".py") else None
    if found is not None and is_config(snapshot):
        place = _STANDS_FOR.get(found["type"].lower())
        if place is not None:
            yield types.InlayHint(places.position_at(found.end("value")), f"→ {place}", padding_left=True)
