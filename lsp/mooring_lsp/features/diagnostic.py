"""`textDocument/diagnostic`: what is found in a document, for editors that ask."""

from __future__ import annotations

import hashlib

from lsprotocol import types

from mooring_lsp.server import MooringServer

_OPTIONS = types.DiagnosticOptions(
    identifier="mooring", inter_file_dependencies=True, workspace_diagnostics=False
)


def register(server: MooringServer) -> None:
    """Add the feature."""

    @server.feature(types.TEXT_DOCUMENT_DIAGNOSTIC, _OPTIONS)
    async def diagnostic(
        ls: MooringServer, params: types.DocumentDiagnosticParams
    ) -> types.DocumentDiagnosticReport:
        snapshot = ls.documents.find(params.text_document.uri)
        if snapshot is None:
            return types.RelatedFullDocumentDiagnosticReport(items=[])
        checked = await ls.checker.findings(snapshot)
        items = ls.diagnostics_of(checked)
        result = _digest(snapshot.version, items)
        if result == params.previous_result_id:
            return types.RelatedUnchangedDocumentDiagnosticReport(result_id=result)
        return types.RelatedFullDocumentDiagnosticReport(items=items, result_id=result)


def _digest(version: int | None, items: list[types.Diagnostic]) -> str:
    """Equal for equal answers only: a fix belongs to one version of the text."""
    content = f"{version} {items!r}"
    return hashlib.sha256(content.encode("utf-8", "surrogatepass")).hexdigest()[:16]
