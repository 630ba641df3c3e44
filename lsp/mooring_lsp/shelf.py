"""What the workspace holds: models and services. Read when asked for, in a thread; made by nobody here."""

from __future__ import annotations

import contextlib
import logging
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mooring.deployments.values import Service
    from mooring.registry.values import ModelVersion
    from mooring.settings import Settings
    from mooring.workspace import Workspace

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Stamp:
    """When the database was written last; equal stamps mean that nothing has changed."""

    path: str
    times: tuple[int, ...]


class Shelf:
    """The workspace that a folder belongs to. Never raises: without a store there is nothing on it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stamp: Stamp | None = None
        self._models: list[ModelVersion] = []

    def models(self, folder: Path) -> list[ModelVersion]:
        """Every registered version, newest first; read again only when the database has changed."""
        with self._lock:
            try:
                settings = _settings_for(folder)
                stamp = _stamp_of(settings)
                if stamp is None:
                    return []
                if stamp != self._stamp or settings.database_url:
                    with _open(settings) as workspace:
                        self._models = workspace.models.list()
                    self._stamp = _stamp_of(settings)
            except Exception:
                log.exception("the models could not be read")
                return []
            return self._models

    def services_of(self, script: Path) -> list[Service]:
        """The services that run a script, as they are now, by name."""
        try:
            settings = _settings_for(script.parent)
            if _stamp_of(settings) is None:
                return []
            with _open(settings) as workspace:
                return [each for each in workspace.services.list() if _runs(workspace, each, script)]
        except Exception:
            log.exception("the services could not be read")
            return []


def _settings_for(folder: Path) -> Settings:
    import os
    from dataclasses import replace

    from mooring.settings import load_settings
    from mooring.workspace import find_config_name

    settings = load_settings()
    found = None if "MOORING_WORKSPACE" in os.environ else find_config_name(folder)
    return replace(settings, workspace=found) if found else settings


def _open(settings: Settings) -> Workspace:
    from mooring.workspace import Workspace

    return Workspace(settings)


def _stamp_of(settings: Settings) -> Stamp | None:
    """None when there is no store, and one would have to be made to look into it."""
    if settings.database_url:
        return Stamp(settings.workspace, ())
    database = settings.workspace_dir / "mooring.db"
    times: list[int] = []
    for file in (database, database.with_name("mooring.db-wal")):
        with contextlib.suppress(FileNotFoundError):
            times.append(file.stat().st_mtime_ns)
    return Stamp(str(database), tuple(times)) if database.is_file() else None


def _runs(workspace: Workspace, service: Service, script: Path) -> bool:
    revisions = workspace.services.revisions(service.name)
    return bool(revisions) and script in _scripts_of(revisions[-1].inference)


def _scripts_of(inference: dict[str, Any]) -> set[Path]:
    entry, folder = inference.get("entryScript"), inference.get("sourceDirectory")
    if not isinstance(entry, str):
        return set()
    path = Path(folder) / entry if isinstance(folder, str) else Path(entry)
    return {path, path.resolve()}
