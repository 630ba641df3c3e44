"""`textDocument/codeAction`: the fix that a diagnostic brought along, and all fixes at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lsprotocol import types

from mooring.inspection import apply_fixes, fix_of
from mooring_lsp.checker import Checked
from mooring_lsp.convert import SOURCE, diagnostic_of, edits_in_data, member_of
from mooring_lsp.documents import Snapshot
from mooring_lsp.server import MooringServer

FIX_ALL = "source.fixAll.mooring"
_OPTIONS = types.CodeActionOptions(
    code_action_kinds=[types.CodeActionKind.QuickFix, types.CodeActionKind.SourceFixAll]
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
        return actions


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
                edit=_change(ls, snapshot, edits),
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
            title="Fix all that Mooring can fix", kind=FIX_ALL, edit=_change(ls, snapshot, edits)
        )


def _change(ls: MooringServer, snapshot: Snapshot, edits: list[types.TextEdit]) -> types.WorkspaceEdit:
    """With the version where the editor understands it: it then refuses what was meant for an older text."""
    workspace = ls.client_capabilities.workspace
    known = workspace.workspace_edit if workspace is not None else None
    if known is None or not known.document_changes:
        return types.WorkspaceEdit(changes={snapshot.uri: edits})
    document = types.OptionalVersionedTextDocumentIdentifier(snapshot.uri, snapshot.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(document, list(edits))])
