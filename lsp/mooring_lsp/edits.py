"""Changes of files: in the editor where the file is open there, so that they can be undone; on disk where it is not."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types

from mooring.errors import MooringError
from mooring_lsp.documents import Snapshot
from mooring_lsp.server import MooringServer


@dataclass(eq=False)
class FileExists(MooringError):
    """A file that would be overwritten."""

    code = "file-exists"
    path: str

    @property
    def problem(self) -> str:
        """Which one."""
        return f"{self.path} is there already."

    @property
    def remedy(self) -> str:
        """What to do with it."""
        return "Edit it, or move it away first."


@dataclass(eq=False)
class EditRefused(MooringError):
    """The editor did not take a change."""

    code = "edit-refused"
    path: str
    reason: str

    @property
    def problem(self) -> str:
        """Which file, and the editor's words."""
        return f"The editor did not change {self.path}{f': {self.reason}' if self.reason else ''}."

    @property
    def remedy(self) -> str:
        """Try again."""
        return "Try again once you have stopped typing."


async def create_file(ls: MooringServer, path: Path, text: str) -> None:
    """Write a new file, and show it.

    Raises:
        FileExists: Something is there.
    """
    try:
        await asyncio.to_thread(_write_new, path, text)
    except FileExistsError:
        raise FileExists(path=str(path)) from None
    ls.learn_project()
    await show_document(ls, path)


def change_of(ls: MooringServer, snapshot: Snapshot, edits: list[types.TextEdit]) -> types.WorkspaceEdit:
    """Edits of an open document, with its version where the editor understands it: it refuses what came too late."""
    workspace = ls.client_capabilities.workspace
    known = workspace.workspace_edit if workspace is not None else None
    if known is None or not known.document_changes:
        return types.WorkspaceEdit(changes={snapshot.uri: edits})
    document = types.OptionalVersionedTextDocumentIdentifier(snapshot.uri, snapshot.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, list(edits))])


async def apply_edits(ls: MooringServer, snapshot: Snapshot, edits: list[types.TextEdit]) -> None:
    """Have the editor change a document; one that is not open is changed on disk.

    Raises:
        EditRefused: The editor did not.
    """
    workspace = ls.client_capabilities.workspace
    is_open = ls.documents.find(snapshot.uri) is not None
    if is_open and workspace is not None and workspace.apply_edit:
        params = types.ApplyWorkspaceEditParams(change_of(ls, snapshot, edits), label="Mooring")
        answer = await ls.workspace_apply_edit_async(params)
        if not answer.applied:
            raise EditRefused(path=snapshot.path, reason=answer.failure_reason or "")
        return
    text = snapshot.text
    places = snapshot.places
    for edit in sorted(edits, key=lambda each: places.offset_at(each.range.start), reverse=True):
        start, end = places.offset_at(edit.range.start), places.offset_at(edit.range.end)
        text = text[:start] + edit.new_text + text[end:]
    await asyncio.to_thread(_rewrite, Path(snapshot.path), text)
    ls.learn_project()


async def snapshot_of(ls: MooringServer, path: Path) -> Snapshot:
    """A file as the editor has it, or as it is on disk."""
    known = ls.documents.find_path(path)
    if known is not None:
        return known
    text = await asyncio.to_thread(_read, path)
    return Snapshot(uri=path.as_uri(), path=str(path), text=text, encoding=ls.documents.encoding)


async def show_document(ls: MooringServer, path: Path, line: int | None = None) -> None:
    """Show a file, in editors that let a server do that."""
    window = ls.client_capabilities.window
    if window is None or window.show_document is None or not window.show_document.support:
        return
    place = types.Position(line, 0) if line is not None else None
    params = types.ShowDocumentParams(
        path.as_uri(), take_focus=True, selection=types.Range(place, place) if place is not None else None
    )
    await ls.window_show_document_async(params)


def _read(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def _write_new(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8") as file:
        file.write(text)


def _rewrite(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.mooring")
    with draft.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
    draft.chmod(path.stat().st_mode)
    draft.replace(path)
