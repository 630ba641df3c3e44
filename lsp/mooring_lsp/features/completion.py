"""`textDocument/completion`: keys and words in configurations, registered models in scripts and notebooks."""

from __future__ import annotations

import asyncio
import re

from lsprotocol import types

from mooring_lsp.config_places import Proposal, describe, propose
from mooring_lsp.documents import Snapshot, folder_of
from mooring_lsp.server import MooringServer
from mooring_lsp.shelf import Shelf

_OPTIONS = types.CompletionOptions(trigger_characters=['"', "'", ":"])
_MODEL_PATH = re.compile(r"""get_model_path\(\s*(?:model_name\s*=\s*)?(["'])(?P<name>[\w.-]*)$""")
_MODEL_ID = re.compile(r"""(["'])(?P<id>(?P<name>[\w.-]+):\d*)$""")
_MOST = 500  # items; the editor asks again as more is typed


def register(server: MooringServer) -> None:
    """Add the feature."""

    @server.feature(types.TEXT_DOCUMENT_COMPLETION, _OPTIONS)
    async def completion(ls: MooringServer, params: types.CompletionParams) -> types.CompletionList | None:
        snapshot = ls.documents.find(params.text_document.uri)
        if snapshot is None:
            return None
        offset = snapshot.places.offset_at(params.position)
        return await asyncio.to_thread(_complete, ls.shelf, snapshot, offset)


def _complete(shelf: Shelf, snapshot: Snapshot, offset: int) -> types.CompletionList | None:
    if snapshot.path.endswith((".py", ".ipynb")) or snapshot.kind == "cell":
        return _models(shelf, snapshot, offset)
    items = [_item(proposal, snapshot, offset) for proposal in propose(snapshot, offset)]
    return types.CompletionList(is_incomplete=False, items=items)


def _item(proposal: Proposal, snapshot: Snapshot, offset: int) -> types.CompletionItem:
    kind = types.CompletionItemKind.Property if proposal.is_key else types.CompletionItemKind.EnumMember
    return types.CompletionItem(
        label=proposal.label,
        kind=kind,
        documentation=types.MarkupContent(types.MarkupKind.Markdown, describe(proposal.setting)),
        text_edit=_edit(snapshot, offset, proposal.replaced, proposal.text),
        filter_text=proposal.label,
    )


def _models(shelf: Shelf, snapshot: Snapshot, offset: int) -> types.CompletionList | None:
    before = snapshot.text[:offset].rpartition("\n")[2]
    by_name, by_id = _MODEL_PATH.search(before), _MODEL_ID.search(before)
    if by_name is None and by_id is None:
        return None
    found: dict[str, str] = {}
    written = by_name["name"] if by_name is not None else by_id["id"] if by_id is not None else ""
    for model in shelf.models(folder_of(snapshot)):
        label = model.name if by_name is not None else model.id
        if label.startswith(written) and len(found) < _MOST:
            found.setdefault(label, _told(model.id, model.framework, model.description))
    items = [
        types.CompletionItem(
            label=label,
            kind=types.CompletionItemKind.Reference,
            detail=detail,
            sort_text=f"{place:05}",
            text_edit=_edit(snapshot, offset, len(written), label),
        )
        for place, (label, detail) in enumerate(found.items())
    ]
    return types.CompletionList(is_incomplete=len(found) == _MOST, items=items)


def _told(model_id: str, *more: str | None) -> str:
    return " · ".join([model_id, *(each for each in more if each)])


def _edit(snapshot: Snapshot, offset: int, replaced: int, text: str) -> types.TextEdit:
    places = snapshot.places
    return types.TextEdit(
        types.Range(places.position_at(offset - replaced), places.position_at(offset)), text
    )
