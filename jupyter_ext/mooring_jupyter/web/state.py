"""What all requests of one server share: open workspaces, their jobs, and the threads that work for them."""

from __future__ import annotations

import importlib
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from mooring.settings import load_settings
from mooring.workspace import Workspace

if TYPE_CHECKING:
    from mooring_jupyter.jobs.book import JobBook
    from mooring_jupyter.web.changes import Changes

_THREADS = 16
"""Requests wait for databases, engines and services most of the time; a test request may wait for minutes."""

_WARM = (
    "mooring.database.engine",
    "mooring.deployments.desk",
    "mooring.targets.process",
    "mooring_jupyter.jobs.book",
    "mooring_jupyter.web.changes",
)

_importing = threading.Lock()


class ServerState:
    """Opened when first asked for, closed with the server.

    Args:
        root: The folder that the file browser shows as its top.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.settings = load_settings()
        self.threads = ThreadPoolExecutor(
            _THREADS, thread_name_prefix="mooring-api", initializer=_import_first
        )
        self._lock = threading.Lock()
        self._workspaces: dict[str, Workspace] = {}
        self._books: dict[str, JobBook] = {}
        self._changes: dict[str, Changes] = {}

    def warm_up(self) -> None:
        """Start the first thread, which imports what the first page needs while nobody waits for it."""
        self.threads.submit(bool)

    def workspace(self, name: str | None) -> Workspace:
        """The workspace of that name, or the default one; opens its database the first time.

        Raises:
            InvalidWorkspaceName, WorkspaceNotFound, DatabaseUnusable: See there.
        """
        wanted = name or self.settings.workspace
        with self._lock:
            if wanted not in self._workspaces:
                opened = Workspace.open(wanted, self.settings)
                _ = opened.database
                self._workspaces[wanted] = opened
            return self._workspaces[wanted]

    def jobs(self, name: str | None) -> JobBook:
        """The long work of a workspace."""
        from mooring_jupyter.jobs.book import JobBook

        workspace = self.workspace(name)
        with self._lock:
            if workspace.name not in self._books:
                self._books[workspace.name] = JobBook(workspace.settings, self.root)
            return self._books[workspace.name]

    def changes(self, name: str | None) -> Changes:
        """What changes in a workspace."""
        from mooring_jupyter.web.changes import Changes

        workspace = self.workspace(name)
        with self._lock:
            if workspace.name not in self._changes:
                self._changes[workspace.name] = Changes(workspace)
            return self._changes[workspace.name]

    def close(self) -> None:
        """Let go of databases and threads; long work goes on in its own processes."""
        self.threads.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            for changes in self._changes.values():
                changes.close()
            for workspace in self._workspaces.values():
                workspace.close()
            self._workspaces.clear()


def _import_first() -> None:
    """Import in one thread what all of them use, before any of them works for a request.

    Of two threads that import one package at once, either may get half of it.
    """
    with _importing:
        for name in _WARM:
            importlib.import_module(name)
