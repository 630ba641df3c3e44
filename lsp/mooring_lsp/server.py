"""The server: one session with one editor, and a feature for each method it knows."""

from __future__ import annotations

import asyncio
import logging
import shutil
import tempfile
from collections.abc import Coroutine
from functools import cached_property
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.uris import to_fs_path

from mooring import __version__
from mooring.errors import MooringError
from mooring_lsp.asked import Asked, WrongArgument
from mooring_lsp.changes import Changes
from mooring_lsp.checker import Checked, Checker
from mooring_lsp.convert import diagnostic_of
from mooring_lsp.documents import Documents, Snapshot
from mooring_lsp.failures import Failures
from mooring_lsp.log_stream import LogSubscription
from mooring_lsp.news import News
from mooring_lsp.options import SessionOptions
from mooring_lsp.protocol import Protocol
from mooring_lsp.shelf import Shelf
from mooring_lsp.workspaces import Workspaces

log = logging.getLogger(__name__)
_FOLLOW_AFTER_S = 0.5
_NOTEBOOKS = types.NotebookDocumentSyncOptions(
    notebook_selector=[
        types.NotebookDocumentFilterWithCells(
            notebook=types.NotebookDocumentFilterNotebookType(notebook_type="jupyter-notebook"),
            cells=[types.NotebookCellLanguage(language="python")],
        )
    ],
    save=True,
)


class MooringServer(LanguageServer):
    """A language server with the session's state; only the event loop changes it."""

    def __init__(self) -> None:
        super().__init__(
            "mooring-lsp",
            __version__,
            text_document_sync_kind=types.TextDocumentSyncKind.Incremental,
            notebook_document_sync=_NOTEBOOKS,
            protocol_cls=Protocol,
            max_workers=4,
        )
        self.documents = Documents()
        self.options = SessionOptions()
        self.workspaces = Workspaces()
        self.checker = Checker(
            self.documents, self.workspaces, report=self._publish, outdated=self._look_again
        )
        self.news = News(self)
        self.changes = Changes(self.news.take)
        self.lenses_are_shown = False
        self.failures = Failures(self._failures_changed)
        self.shelf = Shelf(self.workspaces)
        self.log_streams: dict[str, LogSubscription] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def folders(self) -> list[Path]:
        """The folders that the editor has open."""
        uris = list(self.workspace.folders) or [self.workspace.root_uri]
        paths = [to_fs_path(uri) for uri in uris if uri]
        return [Path(path) for path in paths if path]

    @cached_property
    def logs_folder(self) -> Path:
        """A folder that only this user can look into: a log may show what others should not read."""
        return Path(tempfile.mkdtemp(prefix="mooring-logs-"))

    def close(self) -> None:
        """The session is over."""
        self.checker.stop()
        self.changes.close()
        for subscription in self.log_streams.values():
            subscription.task.cancel()
        self.workspaces.close()
        if "logs_folder" in self.__dict__:
            shutil.rmtree(self.logs_folder, ignore_errors=True)

    @property
    def editor_pulls(self) -> bool:
        """Whether the editor asks for diagnostics itself; it would show those that we send besides, twice."""
        document = self.client_capabilities.text_document
        return document is not None and document.diagnostic is not None

    def changed(self, snapshot: Snapshot | None) -> None:
        """A document has a new text."""
        if snapshot is not None and not self.editor_pulls:
            self.checker.request(snapshot)

    def closed(self, uri: str) -> None:
        """A document is closed: what was said about it goes."""
        self.documents.close(uri)
        self.checker.forget(uri)
        if not self.editor_pulls:
            self.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri=uri, diagnostics=[]))

    def asked(self, params: Any) -> Asked:
        """What a command or request asks for.

        Raises:
            WrongArgument: It is no object.
        """
        if params is not None and not isinstance(params, dict):
            raise WrongArgument("the argument", "one object", repr(params)[:80])
        folder = next(iter(self.folders), Path.cwd())
        return Asked(params or {}, self.workspaces, folder)

    async def begin_following(self) -> None:
        """Notice what changes in the workspaces of the open folders; the first findings go before."""
        await asyncio.sleep(_FOLLOW_AFTER_S)
        for folder in self.folders or [Path.cwd()]:
            self.follow(folder)

    def follow(self, folder: Path) -> None:
        """Notice what changes in the workspace that a folder belongs to."""
        try:
            self.start(self.changes.follow(self.workspaces.settings_for(folder)))
        except MooringError as error:
            log.warning("%s can't be watched: %s", folder, error)

    def start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Let something go on beside; it is kept until it ends."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def learn_project(self) -> None:
        """Read the project's files anew, and look at all that is open again."""
        self.start(self.checker.learn_folders(self.folders))

    def diagnostics_of(self, checked: Checked) -> list[types.Diagnostic]:
        """What was found, in the editor's words."""
        snapshot = checked.snapshot
        findings = [*checked.findings, *self.failures.findings_in(snapshot)]
        return [diagnostic_of(finding, snapshot.places, snapshot.version) for finding in findings]

    def _failures_changed(self, path: str) -> None:
        """A service's start failed in a file, or is well again: say so there."""
        shown = [each for each in self.documents if each.path == path and each.kind == "file"]
        if shown:
            self._look_again(shown)

    def _look_again(self, outdated: list[Snapshot]) -> None:
        if not self.editor_pulls:
            for snapshot in outdated:
                self.checker.request(snapshot)
        elif self._can_refresh_diagnostics:
            self.workspace_diagnostic_refresh(None, lambda _: None)

    @property
    def _can_refresh_diagnostics(self) -> bool:
        known = self.client_capabilities.workspace
        diagnostics = known.diagnostics if known is not None else None
        return diagnostics is not None and bool(diagnostics.refresh_support)

    def _publish(self, checked: Checked) -> None:
        self.text_document_publish_diagnostics(
            types.PublishDiagnosticsParams(
                uri=checked.snapshot.uri,
                version=checked.snapshot.version,
                diagnostics=self.diagnostics_of(checked),
            )
        )


def create_server() -> MooringServer:
    """A server with all its features, ready to be started."""
    from mooring_lsp.commands import register_commands
    from mooring_lsp.features import register_features
    from mooring_lsp.requests import register_requests

    logging.getLogger("pygls").setLevel(logging.WARNING)
    server = MooringServer()
    register_features(server)
    register_commands(server)
    register_requests(server)
    return server
