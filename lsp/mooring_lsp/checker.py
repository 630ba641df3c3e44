"""Keeps what is found in step with what is open: the newest text first, off the loop, and never a stale word."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from mooring.findings import Finding
from mooring.inspection import ModelFacts
from mooring_lsp.documents import Documents, Snapshot
from mooring_lsp.inspector import Inspector, absolute
from mooring_lsp.workspaces import Workspaces

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Checked:
    """A snapshot, and all that was found in it."""

    snapshot: Snapshot
    findings: tuple[Finding, ...]


class Checker:
    """Inspects documents one after the other; of one that changes meanwhile, only the newest text.

    Args:
        documents: What is open.
        workspaces: To find out which models a document may name.
        report: Called on the loop with what was found in a text that is still the current one.
        outdated: Called on the loop with documents for which other files have changed what is to be said.
    """

    def __init__(
        self,
        documents: Documents,
        workspaces: Workspaces,
        *,
        report: Callable[[Checked], None],
        outdated: Callable[[list[Snapshot]], None],
    ) -> None:
        self.inspector = Inspector(workspaces)
        self._documents = documents
        self._report = report
        self._outdated = outdated
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="inspect")
        self._waiting: dict[str, Snapshot] = {}
        self._latest: dict[str, Checked] = {}
        self._task: asyncio.Task[None] | None = None

    def request(self, snapshot: Snapshot) -> None:
        """Have a document looked at soon."""
        self._waiting[snapshot.uri] = snapshot
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._work())

    def forget_findings(self, paths: Iterable[str] | None = None) -> None:
        """Open documents need another look, though their text is the same: those with these paths, or all."""
        wanted = None if paths is None else set(paths)
        outdated = [each for each in self._documents if wanted is None or absolute(each.path) in wanted]
        for snapshot in outdated:
            self._latest.pop(snapshot.uri, None)
        if outdated:
            self._outdated(outdated)

    async def learn_folders(self, folders: list[Path]) -> None:
        """Read the project's configurations anew, those that are open as the editor holds them."""
        snapshots = list(self._documents)
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._pool, self._learn, folders, snapshots)
        self.forget_findings()

    def learn_models(self, workspace: str, models: ModelFacts) -> None:
        """What is registered there now; scripts and notebooks may have named it."""
        self.inspector.models[workspace] = models
        self.forget_findings(each.path for each in self._documents if each.path.endswith(".py"))

    async def findings(self, snapshot: Snapshot) -> Checked:
        """What is found in a document, now if it is not known yet."""
        known = self.known(snapshot)
        return known if known is not None else await self._check(snapshot)

    def known(self, snapshot: Snapshot) -> Checked | None:
        """What was found in this very text; None when nobody has looked yet."""
        latest = self._latest.get(snapshot.uri)
        return latest if latest is not None and latest.snapshot.number == snapshot.number else None

    def forget(self, uri: str) -> None:
        """The document is closed."""
        self._waiting.pop(uri, None)
        self._latest.pop(uri, None)

    def stop(self) -> None:
        """No more work."""
        self._waiting.clear()
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _learn(self, folders: list[Path], snapshots: list[Snapshot]) -> None:
        self.inspector.learn_folders(folders)
        for snapshot in snapshots:
            self.inspector.learn(snapshot)

    async def _work(self) -> None:
        while self._waiting:
            snapshot = self._waiting.pop(next(reversed(self._waiting)))
            try:
                checked = await self._check(snapshot)
                if self._documents.is_current(snapshot):
                    self._report(checked)
            except Exception:
                log.exception("%s could not be reported", snapshot.uri)

    async def _check(self, snapshot: Snapshot) -> Checked:
        loop = asyncio.get_running_loop()
        found, touched = await loop.run_in_executor(self._pool, self._look, snapshot)
        checked = Checked(snapshot, tuple(found))
        if self._documents.is_current(snapshot):
            self._latest[snapshot.uri] = checked
        if touched:
            self.forget_findings(touched)
        return checked

    def _look(self, snapshot: Snapshot) -> tuple[list[Finding], frozenset[str]]:
        touched = self.inspector.learn(snapshot) if snapshot.kind == "file" else frozenset[str]()
        return self.inspector.inspect(snapshot), touched
