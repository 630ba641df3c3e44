"""`textDocument/rename` of a script where it is named, and `workspace/willRenameFiles`: all that names it goes along."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from pathlib import Path

from lsprotocol import types

from mooring_lsp.documents import Snapshot, path_of
from mooring_lsp.project_files import project_snapshots
from mooring_lsp.references import Reference, reference_at
from mooring_lsp.renaming import edits_for
from mooring_lsp.server import MooringServer

_SCRIPTS = types.FileOperationRegistrationOptions(
    [types.FileOperationFilter(types.FileOperationPattern("**/*.py"), scheme="file")]
)


def register(server: MooringServer) -> None:
    """Add the features."""

    @server.feature(types.TEXT_DOCUMENT_PREPARE_RENAME)
    async def prepare(
        ls: MooringServer, params: types.PrepareRenameParams
    ) -> types.PrepareRenamePlaceholder | None:
        snapshot = ls.documents.find(params.text_document.uri)
        found = _script_at(snapshot, params.position) if snapshot is not None else None
        if snapshot is None or found is None:
            return None
        place = snapshot.places.range_between(found.start, found.end)
        return types.PrepareRenamePlaceholder(range=place, placeholder=found.written)

    @server.feature(types.TEXT_DOCUMENT_RENAME, types.RenameOptions(prepare_provider=True))
    async def rename(ls: MooringServer, params: types.RenameParams) -> types.WorkspaceEdit | None:
        snapshot = ls.documents.find(params.text_document.uri)
        found = _script_at(snapshot, params.position) if snapshot is not None else None
        if found is None or found.path is None:
            return None
        new = found.path.parent / Path(params.new_name.replace("\\", "/")).name
        snapshots = await asyncio.to_thread(project_snapshots, ls)
        return await asyncio.to_thread(_moved, ls, found.path, new, snapshots)

    @server.feature(types.WORKSPACE_WILL_RENAME_FILES, _SCRIPTS)
    async def will_rename(ls: MooringServer, params: types.RenameFilesParams) -> types.WorkspaceEdit | None:
        snapshots = await asyncio.to_thread(project_snapshots, ls)
        edits: dict[str, tuple[Snapshot, list[types.TextEdit]]] = {}
        for file in params.files:
            old, new = Path(path_of(file.old_uri)), Path(path_of(file.new_uri))
            _gather(edits, old, new, snapshots)
        return _edit_of(ls, edits, []) if edits else None


def _script_at(snapshot: Snapshot, position: types.Position) -> Reference | None:
    found = reference_at(snapshot, snapshot.places.offset_at(position))
    return found if found is not None and found.kind == "script" else None


def _moved(ls: MooringServer, old: Path, new: Path, snapshots: list[Snapshot]) -> types.WorkspaceEdit:
    edits: dict[str, tuple[Snapshot, list[types.TextEdit]]] = {}
    _gather(edits, old, new, snapshots)
    moves = [types.RenameFile(old.as_uri(), new.as_uri())] if old.is_file() and not new.exists() else []
    return _edit_of(ls, edits, moves)


def _gather(
    edits: dict[str, tuple[Snapshot, list[types.TextEdit]]],
    old: Path,
    new: Path,
    snapshots: Iterable[Snapshot],
) -> None:
    for snapshot, edit in edits_for(old, new, snapshots):
        edits.setdefault(snapshot.uri, (snapshot, []))[1].append(edit)


def _edit_of(
    ls: MooringServer,
    edits: dict[str, tuple[Snapshot, list[types.TextEdit]]],
    moves: list[types.RenameFile],
) -> types.WorkspaceEdit:
    """With the file's move where the editor can do that; else only the names change, and the user moves the file."""
    workspace = ls.client_capabilities.workspace
    known = workspace.workspace_edit if workspace is not None else None
    if known is None or not known.document_changes:
        return types.WorkspaceEdit(changes={uri: found for uri, (_, found) in edits.items()})
    changes: list[types.TextDocumentEdit | types.RenameFile] = [
        types.TextDocumentEdit(
            types.OptionalVersionedTextDocumentIdentifier(uri, snapshot.version), list(found)
        )
        for uri, (snapshot, found) in edits.items()
    ]
    can_move = types.ResourceOperationKind.Rename in (known.resource_operations or ())
    return types.WorkspaceEdit(document_changes=[*changes, *(moves if can_move else [])])
