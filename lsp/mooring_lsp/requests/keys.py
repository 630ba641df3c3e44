"""`mooring/keys`: the keys of a service, the one place where they are told."""

from __future__ import annotations

from typing import Any

from mooring_lsp.asked import Asked


def keys(asked: Asked) -> dict[str, Any]:
    """Both keys."""
    keys = asked.workspace.services.keys(asked.service)
    return {"primary": keys.primary, "secondary": keys.secondary}
