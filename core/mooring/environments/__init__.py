"""What a model needs around it: definitions with v1's names, their resolution to a lock, and ready Pythons.

An `Environment` is only a definition. `resolve` turns it into a `Resolution`: exact packages with hashes, and a
finding for each thing that could not be had as written. `realize` turns that into a Python that is ready to run.

Definitions are imported at once; what resolves and installs, when it is first asked for.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from mooring.environments.conda import CondaDependencies
from mooring.environments.environment import Environment
from mooring.environments.sections import ContainerRegistry, DockerSection, PythonSection

if TYPE_CHECKING:
    from mooring.environments.build import EnvironmentBuild
    from mooring.environments.curated import curated_names
    from mooring.environments.garbage import EnvironmentGarbage, collect_garbage, find_garbage
    from mooring.environments.reading import check_environment
    from mooring.environments.realization import ReadyEnvironment, realize
    from mooring.environments.registry import EnvironmentRegistry, EnvironmentStore, StoredEnvironment
    from mooring.environments.resolution import SUBSTITUTIONS, Resolution, find_resolved, resolve
    from mooring.environments.ring import SCORING_REQUIREMENTS, SUPPORTED_PYTHONS

_LATER = {
    "EnvironmentBuild": "build",
    "EnvironmentGarbage": "garbage",
    "EnvironmentRegistry": "registry",
    "EnvironmentStore": "registry",
    "ReadyEnvironment": "realization",
    "Resolution": "resolution",
    "SCORING_REQUIREMENTS": "ring",
    "SUBSTITUTIONS": "resolution",
    "SUPPORTED_PYTHONS": "ring",
    "StoredEnvironment": "registry",
    "check_environment": "reading",
    "collect_garbage": "garbage",
    "curated_names": "curated",
    "find_garbage": "garbage",
    "find_resolved": "resolution",
    "realize": "realization",
    "resolve": "resolution",
}

__all__ = [
    "SCORING_REQUIREMENTS",
    "SUBSTITUTIONS",
    "SUPPORTED_PYTHONS",
    "CondaDependencies",
    "ContainerRegistry",
    "DockerSection",
    "Environment",
    "EnvironmentBuild",
    "EnvironmentGarbage",
    "EnvironmentRegistry",
    "EnvironmentStore",
    "PythonSection",
    "ReadyEnvironment",
    "Resolution",
    "StoredEnvironment",
    "check_environment",
    "collect_garbage",
    "curated_names",
    "find_garbage",
    "find_resolved",
    "realize",
    "resolve",
]


def __getattr__(name: str) -> Any:
    module = _LATER.get(name)
    if module is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(importlib.import_module(f"{__name__}.{module}"), name)
    globals()[name] = value
    return value
