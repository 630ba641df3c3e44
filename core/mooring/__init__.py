"""Mooring: register a model, write its scoring script, deploy it, test it, watch it, update it.

Importing this package loads nothing else; each public name is imported on first use. This module also travels
with the scoring server into users' environments, so it keeps to the syntax of Python 3.8.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mooring.environments import CondaDependencies, Environment
    from mooring.errors import MooringError
    from mooring.registry import ResourceConfiguration
    from mooring.sdk import (
        AciWebservice,
        AksCompute,
        AksEndpoint,
        AksWebservice,
        ComputeTarget,
        InferenceConfig,
        LocalWebservice,
        Model,
        ProcessWebservice,
        Run,
        Webservice,
        Workspace,
    )

__version__ = "0.1.0"

_PUBLIC = {
    "AciWebservice": "mooring.sdk",
    "AksCompute": "mooring.sdk",
    "AksEndpoint": "mooring.sdk",
    "AksWebservice": "mooring.sdk",
    "ComputeTarget": "mooring.sdk",
    "CondaDependencies": "mooring.environments",
    "Environment": "mooring.environments",
    "InferenceConfig": "mooring.sdk",
    "LocalWebservice": "mooring.sdk",
    "Model": "mooring.sdk",
    "MooringError": "mooring.errors",
    "ProcessWebservice": "mooring.sdk",
    "ResourceConfiguration": "mooring.registry",
    "Run": "mooring.sdk",
    "Webservice": "mooring.sdk",
    "Workspace": "mooring.sdk",
}

__all__ = [
    "AciWebservice",
    "AksCompute",
    "AksEndpoint",
    "AksWebservice",
    "ComputeTarget",
    "CondaDependencies",
    "Environment",
    "InferenceConfig",
    "LocalWebservice",
    "Model",
    "MooringError",
    "ProcessWebservice",
    "ResourceConfiguration",
    "Run",
    "Webservice",
    "Workspace",
    "__version__",
]


def __getattr__(name: str) -> Any:
    if name in ("load_ipython_extension", "unload_ipython_extension"):
        return getattr(importlib.import_module("mooring_jupyter"), name)
    module = _PUBLIC.get(name)
    if module is None:
        raise AttributeError(f"module 'mooring' has no attribute {name!r}")
    value = getattr(importlib.import_module(module), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
