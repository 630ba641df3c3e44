"""`textDocument/inlayHint`: which version a model's bare name means now, and where a compute type runs here."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator

from lsprotocol import types

from mooring.errors import MooringError
from mooring.settings import Settings
from mooring_lsp.documents import Snapshot, folder_of
from mooring_lsp.lenses import is_config
from mooring_lsp.references import references_in
from mooring_lsp.server import MooringServer

_COMPUTE_TYPE = re.compile(
    r"""["']?computeType["']?\s*:\s*(?P<value>["']?(?P<type>\w+)["']?)""", re.IGNORECASE
)


def register(server: MooringServer) -> None:
    """Add the feature."""

    @server.feature(types.TEXT_DOCUMENT_INLAY_HINT)
    async def inlay_hint(ls: MooringServer, params: types.InlayHintParams) -> list[types.InlayHint]:
        snapshot = ls.documents.find(params.text_document.uri)
        if snapshot is None:
            return []
        hints = await asyncio.to_thread(lambda: list(_hints(ls, snapshot)))
        first, last = params.range.start.line, params.range.end.line
        return [hint for hint in hints if first <= hint.position.line <= last]


def _hints(ls: MooringServer, snapshot: Snapshot) -> Iterator[types.InlayHint]:
    places = snapshot.places
    for reference in references_in(snapshot):
        if reference.kind == "model" and ":" not in reference.name:
            model = ls.shelf.model(folder_of(snapshot), reference.name)
            if model is not None:
                told = f"{model.id} is the newest version; a deployment says which one the service gets."
                yield types.InlayHint(places.position_at(reference.end), f":{model.version}", tooltip=told)
    found = _COMPUTE_TYPE.search(snapshot.text) if not snapshot.path.endswith(".py") else None
    if found is not None and is_config(snapshot):
        place = _place_of(found["type"].lower(), ls.workspaces.settings_for(folder_of(snapshot)))
        if place:
            yield types.InlayHint(places.position_at(found.end("value")), f"→ {place}", padding_left=True)


def _place_of(compute_type: str, settings: Settings) -> str:
    """Where a compute type of the cloud runs here; empty for one that says so itself, or that nothing here takes."""
    from mooring.deployments.discovery import Targets
    from mooring.deployments.proposing import title_of

    if compute_type == "process":
        return ""
    try:
        return title_of(Targets(settings).for_compute_type(compute_type))
    except MooringError:
        return ""
