"""`textDocument/codeAction`: the fix that a diagnostic brought along, all fixes at once, and what else can be done here."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from lsprotocol import types

from mooring.inspection import apply_fixes, fix_of
from mooring_lsp.checker import Checked
from mooring_lsp.convert import SOURCE, diagnostic_of, edits_in_data, member_of
from mooring_lsp.documents import Snapshot, folder_of
from mooring_lsp.edits import change_of
from mooring_lsp.server import MooringServer

if TYPE_CHECKING:
    from mooring_lsp.actions import Action

FIX_ALL = "source.fixAll.mooring"
OFFER = "mooring"
PACKAGE_MISSING = "package-missing"
_OPTIONS = types.CodeActionOptions(
    code_action_kinds=[types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll, OFFER]
)


def register(server: MooringServer) -> None:
    """Add the feature."""

    @server.feature(types.TEXT_DOCUMENT_CODE_ACTION, _OPTIONS)
    async def code_action(ls: MooringServer, params: types.CodeActionParams) -> list[types.CodeAction]:
        snapshot = ls.documents.find(params.text_document.uri)
        if snapshot is None:
            return []
        actions: list[types.CodeAction] = []
        checked = await ls.checker.findings(snapshot)
        if _wants(params.context, types.CodeActionKind.QuickFix):
            actions += _quick_fixes(ls, checked, params.context.diagnostics)
        if _wants(params.context, FIX_ALL):
            actions += _fix_all(ls, checked)
        if _wants(params.context, types.CodeActionKind.QuickFix):
            actions += await asyncio.to_thread(lambda: list(_add_packages(ls, snapshot, params.context)))
        if not params.context.only:
            line = params.range.start.line
            actions += await asyncio.to_thread(lambda: list(_offers(ls, snapshot, line)))
        return actions


def _offers(ls: MooringServer, snapshot: Snapshot, line: int) -> Iterator[types.CodeAction]:
    from mooring_lsp.actions import actions_at

    workspace = ls.workspaces.find(ls.workspaces.settings_for(folder_of(snapshot)))
    for action in actions_at(snapshot, line, workspace, ls.checker.inspector.use_of(snapshot.path)):
        yield _offer(action)


def _offer(action: Action, diagnostics: Sequence[types.Diagnostic] | None = None) -> types.CodeAction:
    command = types.Command(action.title, action.command, arguments=[action.argument])
    if diagnostics is not None:
        kind = types.CodeActionKind.QuickFix
        return types.CodeAction(action.title, kind=kind, diagnostics=diagnostics, command=command)
    return types.CodeAction(action.title, kind=OFFER, command=command)


def _add_packages(
    ls: MooringServer, snapshot: Snapshot, context: types.CodeActionContext
) -> Iterator[types.CodeAction]:
    missing = [each for each in context.diagnostics if each.code == PACKAGE_MISSING]
    if not missing:
        return
    from mooring_lsp.actions import add_package_action

    workspace = ls.workspaces.find(ls.workspaces.settings_for(folder_of(snapshot)))
    use, places = ls.checker.inspector.use_of(snapshot.path), snapshot.places
    for diagnostic in missing:
        start, end = places.offset_at(diagnostic.range.start), places.offset_at(diagnostic.range.end)
        action = add_package_action(snapshot, snapshot.text[start:end], use, workspace)
        if action is not None:
            yield _offer(action, [diagnostic])


def _wants(context: types.CodeActionContext, kind: str) -> bool:
    return not context.only or any(kind == only or kind.startswith(f"{only}.") for only in context.only)


def _quick_fixes(
    ls: MooringServer, checked: Checked, diagnostics: Sequence[types.Diagnostic]
) -> Iterator[types.CodeAction]:
    snapshot = checked.snapshot
    for diagnostic in diagnostics:
        data = diagnostic.data or _data_again(checked, diagnostic)
        edits = edits_in_data(data)
        if diagnostic.source == SOURCE and edits and member_of(data, "version") == snapshot.version:
            yield types.CodeAction(
                title=str(member_of(data, "title")),
                kind=types.CodeActionKind.QuickFix,
                diagnostics=[diagnostic],
                is_preferred=True,
                edit=change_of(ls, snapshot, edits),
            )


def _data_again(checked: Checked, wanted: types.Diagnostic) -> object:
    """The data of a diagnostic that an editor did not keep."""
    for finding in checked.findings:
        diagnostic = diagnostic_of(finding, checked.snapshot.places, checked.snapshot.version)
        if (diagnostic.code, diagnostic.range) == (wanted.code, wanted.range):
            return diagnostic.data
    return None


def _fix_all(ls: MooringServer, checked: Checked) -> Iterator[types.CodeAction]:
    snapshot = checked.snapshot
    text = snapshot.text.removeprefix("\ufeff")
    _, fixed = apply_fixes(text, checked.findings)
    edits: list[types.TextEdit] = []
    for finding in fixed:
        fix = fix_of(finding)
        new = [snapshot.places.edit_of(edit) for edit in fix.edits] if fix is not None else []
        edits += [edit for edit in new if edit not in edits]
    if edits:
        yield types.CodeAction(
            title="Fix all that Mooring can fix", kind=FIX_ALL, edit=change_of(ls, snapshot, edits)
        )
