"""`textDocument/didOpen`."""

from lsprotocol import types

from mooring_lsp.server import MooringServer


def register(server: MooringServer) -> None:
    """Add the feature."""

    @server.feature(types.TEXT_DOCUMENT_DID_OPEN)
    def did_open(ls: MooringServer, params: types.DidOpenTextDocumentParams) -> None:
        ls.changed(ls.documents.open(params.text_document))
