"""What can be completed at a place, one file for each kind of place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lsprotocol import types

from mooring_lsp.completions import config_keys, imports, names, snippets
from mooring_lsp.completions.place import Place
from mooring_lsp.shelf import MOST

Completer = Callable[[Place], "Sequence[types.CompletionItem] | None"]


@dataclass(frozen=True)
class Completions:
    """Asks one after the other; the first that knows the place answers."""

    completers: tuple[Completer, ...] = (
        names.complete,
        imports.complete,
        snippets.complete,
        config_keys.complete,
    )

    def at(self, place: Place) -> types.CompletionList | None:
        """What could be written there; None where nobody knows."""
        for complete in self.completers:
            items = complete(place)
            if items is not None:
                return types.CompletionList(is_incomplete=len(items) >= MOST, items=list(items))
        return None
