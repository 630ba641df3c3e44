"""`workspace/didChangeWatchedFiles` and folders that come and go: the project on disk is another one."""

from lsprotocol import types

from mooring_lsp.server import MooringServer


def register(server: MooringServer) -> None:
    """Add the features."""

    @server.feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)
    def did_change_watched_files(ls: MooringServer, params: types.DidChangeWatchedFilesParams) -> None:
        del params
        ls.learn_project()

    @server.feature(types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS)
    def did_change_folders(ls: MooringServer, params: types.DidChangeWorkspaceFoldersParams) -> None:
        del params
        ls.learn_project()
