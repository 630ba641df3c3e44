"""Make `import azureml…` find our objects."""

from __future__ import annotations

import importlib
import importlib.abc
import importlib.util
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

from mooring.azureml.names import NAMES
from mooring.scoring.shims import install_shims

VERSION = "1.61.0"
__version__ = VERSION


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Builds the modules of `NAMES`; asked only after real packages were looked for."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in NAMES:
            return None
        return importlib.util.spec_from_loader(fullname, self, is_package=True)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        module.__all__ = sorted(NAMES[module.__name__])  # type: ignore[attr-defined]


class _Module(ModuleType):
    """Fetches each name on first use, so that importing costs nothing."""

    def __getattr__(self, name: str) -> Any:
        home = NAMES[self.__name__].get(name)
        if home is None:
            raise AttributeError(f"module {self.__name__!r} has no attribute {name!r} that Mooring knows")
        value = getattr(importlib.import_module(home), name)
        setattr(self, name, value)
        return value

    def __dir__(self) -> list[str]:
        return sorted(NAMES[self.__name__])


def switch_on() -> None:
    """Let `azureml` mean ours from now on, unless the real `azureml.core` is installed; harmless when repeated."""
    if PathFinder.find_spec("azureml") is not None and _is_real_core_installed():
        return
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.append(_Finder())
        install_shims()


def _is_real_core_installed() -> bool:
    spec = PathFinder.find_spec("azureml")
    places = spec.submodule_search_locations if spec else None
    return PathFinder.find_spec("azureml.core", places) is not None
