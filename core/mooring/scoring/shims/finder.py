"""The import hook: asked last, so that every real package wins.

Three kinds of module are offered: modules of ours under a v1 name, empty packages that lead to them, and other
names of modules that exist (`sklearn.externals.joblib`, the module names that old pickles hold).
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Callable, ClassVar, Sequence

from mooring.scoring.shims.names import OURS, PACKAGES, find_alias, is_there

__all__ = ["install_shims"]


def install_shims() -> None:
    """Offer the stand-ins in this process; twice is the same as once."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.append(_Finder())


class _Finder(MetaPathFinder):
    """Answers only names that no other finder knew."""

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002  the import system's signature
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        if fullname in PACKAGES:
            return importlib.util.spec_from_loader(fullname, _OursLoader(OURS.get(fullname)), is_package=True)
        if fullname in OURS:
            return importlib.util.spec_from_loader(fullname, _OursLoader(OURS[fullname]))
        real = find_alias(fullname)
        return None if real is None else importlib.util.spec_from_loader(fullname, _AliasLoader(real))


class _Children(MetaPathFinder):
    """Answers for modules inside a package that has another name: a path search would load them a second time."""

    _real: ClassVar[dict[str, str]] = {}

    @classmethod
    def adopt(cls, name: str, real: str) -> None:
        """From now on, `name.x` is `real.x`."""
        cls._real[name] = real
        if not any(isinstance(finder, cls) for finder in sys.meta_path):
            sys.meta_path.insert(0, cls())

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,  # noqa: ARG002  the import system's signature
        target: ModuleType | None = None,  # noqa: ARG002
    ) -> ModuleSpec | None:
        parent, _, last = fullname.rpartition(".")
        real = self._real.get(parent)
        if real is None or not is_there(f"{real}.{last}"):
            return None
        return importlib.util.spec_from_loader(fullname, _AliasLoader(f"{real}.{last}"))


class _OursLoader(Loader):
    """Fills a module with the public names of one of ours; without one the module stays empty.

    Names of ours may be made on demand (module `__getattr__`), so that vendor libraries load when used.
    """

    def __init__(self, source: str | None) -> None:
        self._source = source

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:  # noqa: ARG002
        return None

    def exec_module(self, module: ModuleType) -> None:
        if self._source is None:
            return
        source = importlib.import_module(self._source)
        names = getattr(source, "__all__", None) or [
            name for name in vars(source) if not name.startswith("_")
        ]
        on_demand: Callable[[str], Any] | None = getattr(source, "__getattr__", None)
        for name in names:
            if name in vars(source):
                setattr(module, name, vars(source)[name])
        if on_demand is not None:
            setattr(module, "__getattr__", on_demand)  # noqa: B010
        module.__doc__ = source.__doc__


class _AliasLoader(Loader):
    """Puts an existing module under another name, unchanged."""

    def __init__(self, real: str) -> None:
        self._real = real

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:  # noqa: ARG002
        return None

    def exec_module(self, module: ModuleType) -> None:
        # The import system returns what stands in sys.modules afterwards; the real module keeps its own spec.
        real = sys.modules[module.__name__] = importlib.import_module(self._real)
        if hasattr(real, "__path__"):
            _Children.adopt(module.__name__, self._real)
