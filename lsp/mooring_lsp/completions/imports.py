"""Modules after `import`: those of the packages that the script's environment names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lsprotocol import types

from mooring.inspection.distributions import modules_of
from mooring_lsp.completions.place import Place

_IMPORT = re.compile(r"^\s*(?:import|from)\s+(?P<written>\w*)$")


def complete(place: Place) -> Sequence[types.CompletionItem] | None:
    """Modules of the environment; None where nothing is imported, or the environment is not known."""
    found = _IMPORT.match(place.before) if place.is_python else None
    facts = place.use.environment if place.use is not None else None
    if found is None or facts is None:
        return None
    written = found["written"]
    modules = sorted(
        (module, name) for name in facts.packages for module in modules_of(name) if module.startswith(written)
    )
    return [
        types.CompletionItem(
            label=module,
            kind=types.CompletionItemKind.Module,
            detail=_told(name, facts.pinned(name), facts.source),
            text_edit=place.edit(len(written), module),
        )
        for module, name in modules
    ]


def _told(name: str, version: str | None, source: str) -> str:
    return " · ".join(each for each in (f"{name} {version or ''}".strip(), source) if each)
