"""The Mooring workspaces that the editor's documents belong to, each opened once and kept open; none is made by reading."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from mooring.errors import MooringError
from mooring_lsp.loading import load_store

if TYPE_CHECKING:
    from mooring.settings import Settings
    from mooring.workspace import Workspace


@dataclass(eq=False)
class NothingThereYet(MooringError):
    """A workspace that nobody has put anything into."""

    code = "workspace-empty"
    name: str

    @property
    def problem(self) -> str:
        """Which one."""
        return f"Nothing has been registered or deployed in workspace {self.name!r} yet."

    @property
    def remedy(self) -> str:
        """How to begin."""
        return "Register a model, or run `mooring demo` for a first service."


@dataclass
class Workspaces:
    """Opens workspaces, from any thread.

    Attributes:
        named: The workspace that the editor was set to, instead of the one that folders name.
    """

    named: str | None = None
    _open: dict[str, Workspace] = field(default_factory=dict[str, "Workspace"])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def settings_for(self, folder: Path, name: str | None = None) -> Settings:
        """The settings of a workspace: of that name, or the one that a folder belongs to."""
        from mooring.settings import load_settings
        from mooring.workspace import find_config_name

        settings = load_settings()
        chosen = name or self.named
        if chosen is None and "MOORING_WORKSPACE" not in os.environ:
            chosen = find_config_name(folder)
        return replace(settings, workspace=chosen) if chosen else settings

    def find(self, settings: Settings) -> Workspace | None:
        """The workspace; None when it would have to be made."""
        with self._lock:
            workspace = self._get(settings)
            if workspace.is_made:
                return workspace
            self._let_go(settings.workspace)
            return None

    def require(self, settings: Settings) -> Workspace:
        """The workspace.

        Raises:
            NothingThereYet: It would have to be made.
        """
        found = self.find(settings)
        if found is None:
            raise NothingThereYet(name=settings.workspace)
        return found

    def open(self, settings: Settings) -> Workspace:
        """The workspace, whether or not there is anything in it; using it makes it."""
        with self._lock:
            return self._get(settings)

    def close(self) -> None:
        """Let go of all."""
        with self._lock:
            for name in list(self._open):
                self._let_go(name)

    def _get(self, settings: Settings) -> Workspace:
        load_store()
        from mooring.workspace import Workspace

        known = self._open.get(settings.workspace)
        if known is None or known.settings != settings:
            self._let_go(settings.workspace)
            known = self._open[settings.workspace] = Workspace(settings)
        return known

    def _let_go(self, name: str) -> None:
        known = self._open.pop(name, None)
        if known is not None:
            known.close()
