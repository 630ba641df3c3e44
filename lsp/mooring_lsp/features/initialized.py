"""`initialize` and `initialized`: agree on the unit of columns, then read the project."""

from lsprotocol import types

from mooring_lsp.options import SessionOptions
from mooring_lsp.server import MooringServer


def register(server: MooringServer) -> None:
    """Add the features."""

    @server.feature(types.INITIALIZE)
    def initialize(ls: MooringServer, params: types.InitializeParams) -> None:
        ls.options = SessionOptions.of(params.initialization_options)
        ls.workspaces.named = ls.options.workspace
        ls.documents.encoding = ls.workspace.position_encoding or types.PositionEncodingKind.Utf16

    @server.feature(types.INITIALIZED)
    def initialized(ls: MooringServer, params: types.InitializedParams) -> None:
        del params
        ls.learn_project()
        ls.start(ls.begin_following())
        ls.start(ls.news.keep_live())

    @server.feature(types.SHUTDOWN)
    def shutdown(ls: MooringServer, params: None) -> None:
        del params
        ls.close()
