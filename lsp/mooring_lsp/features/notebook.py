"""`notebookDocument/didOpen`, `didChange`, `didClose`: each cell is a document of its own."""

from lsprotocol import types

from mooring_lsp.server import MooringServer


def register(server: MooringServer) -> None:
    """Add the features."""

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_OPEN)
    def did_open(ls: MooringServer, params: types.DidOpenNotebookDocumentParams) -> None:
        for item in params.cell_text_documents:
            ls.changed(ls.documents.open(item, "cell"))

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_CHANGE)
    def did_change(ls: MooringServer, params: types.DidChangeNotebookDocumentParams) -> None:
        cells = params.change.cells
        structure = cells.structure if cells is not None else None
        for item in (structure.did_open if structure is not None else None) or ():
            ls.changed(ls.documents.open(item, "cell"))
        for closed in (structure.did_close if structure is not None else None) or ():
            ls.closed(closed.uri)
        for content in (cells.text_content if cells is not None else None) or ():
            document = content.document
            ls.changed(ls.documents.change(document.uri, document.version, content.changes))

    @server.feature(types.NOTEBOOK_DOCUMENT_DID_CLOSE)
    def did_close(ls: MooringServer, params: types.DidCloseNotebookDocumentParams) -> None:
        for cell in params.cell_text_documents:
            ls.closed(cell.uri)
