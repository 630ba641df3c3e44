"""`textDocument/didSave`: other files may speak of this one (a missing script, a conda file, pyproject.toml)."""

from lsprotocol import types

from mooring_lsp.server import MooringServer


def register(server: MooringServer) -> None:
    """Add the feature."""

    @server.feature(types.TEXT_DOCUMENT_DID_SAVE)
    def did_save(ls: MooringServer, params: types.DidSaveTextDocumentParams) -> None:
        del params
        ls.learn_project()
