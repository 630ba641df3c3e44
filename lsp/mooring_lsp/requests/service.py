"""`mooring/service`: all about one service."""

from __future__ import annotations

from typing import Any

from mooring_lsp.asked import Asked
from mooring_lsp.told import with_uri


def service(asked: Asked) -> dict[str, Any]:
    """The service with its revisions and numbers."""
    desk = asked.workspace.services
    return with_uri(desk.details(desk.get(asked.service)))
