"""`mooring/versions`: the versions of one model, page by page."""

from __future__ import annotations

from typing import Any

from mooring_lsp.asked import Asked

_PAGE = 100


def versions(asked: Asked) -> dict[str, Any]:
    """A page of versions, newest first."""
    limit = max(1, asked.find("limit", int) or _PAGE)
    before = asked.find("before", int)
    found = asked.workspace.models.list(asked.get("name", str))
    wanted = [model for model in found if before is None or model.version < before]
    wanted.sort(key=lambda model: model.version, reverse=True)
    return {"versions": [model.to_dict() for model in wanted[:limit]], "more": len(wanted) > limit}
