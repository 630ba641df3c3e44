"""`mooring/sample`: a request body known to be good, and what a form for one looks like."""

from __future__ import annotations

from typing import Any

from mooring_lsp.asked import Asked


def sample(asked: Asked) -> dict[str, Any]:
    """A sample, and the fields of a form."""
    return asked.workspace.services.request_form(asked.service).to_dict()
