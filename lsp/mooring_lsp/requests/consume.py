"""`mooring/consume`: programs that ask a service, to be copied."""

from __future__ import annotations

from typing import Any

from mooring_lsp.asked import Asked


def consume(asked: Asked) -> dict[str, Any]:
    """Programs that ask the service."""
    snippets = asked.workspace.services.snippets(asked.service)
    return {"snippets": [snippet.to_dict() for snippet in snippets]}
