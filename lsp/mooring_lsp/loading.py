"""Packages of the core are loaded when first needed, by one thread at a time.

They import each other's parts: two threads that begin at different ends would see each other's half made.
"""

from __future__ import annotations

import importlib
import threading

_STORE = (
    "mooring.registry",
    "mooring.database",
    "mooring.environments",
    "mooring.deployments.desk",
    "mooring.deployments.discovery",
    "mooring.deployments.facts",
    "mooring.deployments.asking",
)
_RULES = ("mooring.inspection.cross_checks", "mooring.inspection.project")
_loading = threading.Lock()
_loaded: set[str] = set()


def load_store() -> None:
    """What is needed to look into a workspace."""
    _load(_STORE)


def load_rules() -> None:
    """What is needed to inspect files together."""
    _load(_RULES)


def _load(names: tuple[str, ...]) -> None:
    if names[0] in _loaded:
        return
    with _loading:
        for name in names:
            importlib.import_module(name)
        _loaded.add(names[0])
