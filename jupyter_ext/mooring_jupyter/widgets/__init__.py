"""Widgets: register, deploy, watch and change services without typing commands."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mooring_jupyter.widgets.deploy import DeployWidget
    from mooring_jupyter.widgets.models import ModelsWidget
    from mooring_jupyter.widgets.register import RegisterWidget
    from mooring_jupyter.widgets.service import ServiceWidget

__all__ = ["DeployWidget", "ModelsWidget", "RegisterWidget", "ServiceWidget"]

_HOME_OF = {
    "DeployWidget": "deploy",
    "ModelsWidget": "models",
    "RegisterWidget": "register",
    "ServiceWidget": "service",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f"{__name__}.{_HOME_OF[name]}"), name)
