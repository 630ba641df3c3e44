"""Keys and words in configurations."""

from __future__ import annotations

from collections.abc import Sequence

from lsprotocol import types

from mooring_lsp.completions.place import Place
from mooring_lsp.config_places import Proposal, describe, propose


def complete(place: Place) -> Sequence[types.CompletionItem] | None:
    """What may be written in a configuration; None in anything else."""
    if place.is_python:
        return None
    return [_item(place, proposal) for proposal in propose(place.snapshot, place.offset)]


def _item(place: Place, proposal: Proposal) -> types.CompletionItem:
    kind = types.CompletionItemKind.Property if proposal.is_key else types.CompletionItemKind.EnumMember
    return types.CompletionItem(
        label=proposal.label,
        kind=kind,
        documentation=types.MarkupContent(types.MarkupKind.Markdown, describe(proposal.setting)),
        text_edit=place.edit(proposal.replaced, proposal.text),
        filter_text=proposal.label,
    )
