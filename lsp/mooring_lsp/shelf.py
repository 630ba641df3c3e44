"""What the workspace of a folder holds, for completion and its kin. Asked in a thread, made by nobody here, never raising."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from mooring.deployments.values import Service
    from mooring.environments import Environment
    from mooring.registry.values import ModelVersion
    from mooring.workspace import Workspace
    from mooring_lsp.workspaces import Workspaces

log = logging.getLogger(__name__)
T = TypeVar("T")
MOST = 500
"""Names or versions that are given at once; an editor asks again as more is typed."""


@dataclass(frozen=True)
class Shelf:
    """Short questions to the workspace that a folder belongs to. Without a store there is nothing on it."""

    workspaces: Workspaces

    def model_names(self, folder: Path, prefix: str = "") -> Sequence[str]:
        """Names of registered models that begin so."""
        return self._ask(folder, [], lambda held: held.models.store.names(prefix, limit=MOST))

    def model_versions(self, folder: Path, name: str) -> Sequence[int]:
        """Versions of a model, newest first."""
        return self._ask(
            folder, [], lambda held: sorted(held.models.store.versions(name), reverse=True)[:MOST]
        )

    def model(self, folder: Path, name: str, version: int | None = None) -> ModelVersion | None:
        """A version of a model, or its newest."""
        return self._ask(folder, None, lambda held: held.models.store.find(name, version))

    def environments(self, folder: Path) -> Sequence[Environment]:
        """The latest version of each registered environment."""
        return self._ask(folder, [], lambda held: held.environments.list())

    def services(self, folder: Path) -> Sequence[Service]:
        """All services, as they were when somebody looked last; asks no target."""
        return self._ask(folder, [], lambda held: held.database.services.list())

    def compute_targets(self, folder: Path) -> Sequence[str]:
        """Names of the attached clusters."""
        from mooring.targets.kubernetes.computes import Computes

        return self._ask(folder, [], lambda held: [each.name for each in Computes(held.settings).list()])

    def services_of(self, script: Path) -> Sequence[Service]:
        """The services that run a script, as they are now, by name."""
        return self._ask(script.parent, [], lambda held: held.services.using(script))

    def _ask(self, folder: Path, without: T, question: Callable[[Workspace], T]) -> T:
        try:
            held = self.workspaces.find(self.workspaces.settings_for(folder))
            return question(held) if held is not None else without
        except Exception:
            log.exception("the workspace could not be read")
            return without
