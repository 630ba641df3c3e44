"""`textDocument/didChange`."""

from lsprotocol import types

from mooring_lsp.server import MooringServer


def register(server: MooringServer) -> None:
    """Add the feature."""

    @server.feature(types.TEXT_DOCUMENT_DID_CHANGE)
    def did_change(ls: MooringServer, params: types.DidChangeTextDocumentParams) -> None:
        document = params.text_document
        ls.changed(ls.documents.change(document.uri, document.version, params.content_changes))
