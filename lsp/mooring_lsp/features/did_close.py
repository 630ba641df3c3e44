"""`textDocument/didClose`."""

from lsprotocol import types

from mooring_lsp.server import MooringServer


def register(server: MooringServer) -> None:
    """Add the feature."""

    @server.feature(types.TEXT_DOCUMENT_DID_CLOSE)
    def did_close(ls: MooringServer, params: types.DidCloseTextDocumentParams) -> None:
        ls.closed(params.text_document.uri)
