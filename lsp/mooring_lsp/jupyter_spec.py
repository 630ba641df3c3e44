"""How JupyterLab's language server extension starts this one: the entry point `jupyter_lsp_spec_v1`."""

from __future__ import annotations

import sys
from typing import Any


def language_servers(manager: object) -> dict[str, Any]:
    """What jupyter-lsp needs to know; `manager` is its own, and not asked."""
    del manager
    return {
        "mooring-lsp": {
            "version": 2,
            "argv": [sys.executable, "-m", "mooring_lsp"],
            "languages": ["python", "json", "yaml"],
            "mime_types": ["text/python", "text/x-ipython", "application/json", "text/yaml", "text/x-yaml"],
            "display_name": "mooring-lsp",
            "urls": {},
        }
    }
