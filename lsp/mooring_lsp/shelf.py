"""What the workspace holds, at hand: models and services. Read in a thread, made by nobody here, never raising."""

from __future__ import annotations

import contextlib
import logging
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mooring.deployments.values import Service
    from mooring.registry.values import ModelVersion
    from mooring.settings import Settings
    from mooring_lsp.workspaces import Workspaces

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Stamp:
    """When the database was written last; equal stamps mean that nothing has changed."""

    path: str
    times: tuple[int, ...]


class Shelf:
    """What the workspace that a folder belongs to holds. Without a store there is nothing on it."""

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces
        self._lock = threading.Lock()
        self._stamp: Stamp | None = None
        self._models: list[ModelVersion] = []

    def models(self, folder: Path) -> list[ModelVersion]:
        """Every registered version, newest first; read again only when the database has changed."""
        with self._lock:
            try:
                settings = self._workspaces.settings_for(folder)
                workspace = self._workspaces.find(settings)
                if workspace is None:
                    return []
                stamp = _stamp_of(settings)
                if stamp != self._stamp or settings.database_url:
                    self._models = workspace.models.list()
                    self._stamp = stamp
            except Exception:
                log.exception("the models could not be read")
                return []
            return self._models

    def services_of(self, script: Path) -> list[Service]:
        """The services that run a script, as they are now, by name."""
        try:
            workspace = self._workspaces.find(self._workspaces.settings_for(script.parent))
            return list(workspace.services.using(script)) if workspace is not None else []
        except Exception:
            log.exception("the services could not be read")
            return []


def _stamp_of(settings: Settings) -> Stamp:
    database = settings.workspace_dir / "mooring.db"
    times: list[int] = []
    for file in (database, database.with_name("mooring.db-wal")):
        with contextlib.suppress(FileNotFoundError):
            times.append(file.stat().st_mtime_ns)
    return Stamp(str(database), tuple(times))
