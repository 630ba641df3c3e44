"""What a script's start brought into its process, so that the next one can be forked with it already there."""

from __future__ import annotations

import os
import sys
from typing import Any, Mapping

__all__ = ["describe_start"]


def describe_start(modules: set[str], variables: Mapping[str, str], app_root: str) -> dict[str, Any]:
    """Modules and environment variables that came with the script.

    Args:
        modules: Names that were imported before.
        variables: The environment before; scripts set some before they import what reads them.
        app_root: What is imported from there is the user's own and may change with every version.

    Returns:
        `modules`: dotted names, parents first, of libraries installed in the environment. `variables`: what the
        environment has now and had not, or not so, before.
    """
    return {
        "modules": [
            name for name in list(sys.modules) if name not in modules and _is_installed(name, app_root)
        ],
        "variables": {name: value for name, value in os.environ.items() if variables.get(name) != value},
    }


def _is_installed(name: str, app_root: str) -> bool:
    """A library outside of the environment, such as an editable install, may change at any time."""
    module = sys.modules.get(name)
    path = getattr(module, "__file__", None) or ""
    if name == "__main__" or getattr(module, "__name__", "") != name or path.startswith(_folder(app_root)):
        return False
    return path.startswith(_PREFIXES)


def _folder(path: str) -> str:
    return os.path.join(path, "")


_PREFIXES = tuple(
    {_folder(path) for prefix in (sys.prefix, sys.base_prefix) for path in (prefix, os.path.realpath(prefix))}
)
