"""The protocol with our own documents: pygls cuts lines where Python does, editors don't (form feed, U+2028)."""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import Future
from typing import Any

from lsprotocol import types
from pygls.protocol import JsonRPCRequestMessage, LanguageServerProtocol, lsp_method
from pygls.protocol.json_rpc import JsonRPCNotification

PROTOCOL = 1
"""Of docs/language-server.md: rises with what a client must know of."""

Handled = Generator[Any, Any, None]


class Protocol(LanguageServerProtocol):
    """Hands document events to the features, and keeps nothing of them itself."""

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(self, params: types.InitializeParams) -> Generator[Any, Any, types.InitializeResult]:
        """The session begins; says which commands and requests of ours there are, by the number of their description."""
        result = yield from super().lsp_initialize(params)
        result.capabilities.experimental = {"mooring": {"protocol": PROTOCOL}}
        return result

    def structure_message(self, data: dict[str, Any]) -> Any:
        """Our own methods take plain JSON: as pygls' objects, keys that are no Python names would be lost."""
        method = data.get("method")
        if "jsonrpc" not in data or not isinstance(method, str) or not method.startswith("mooring/"):
            return super().structure_message(data)
        params = data.get("params")
        if "id" in data:
            return JsonRPCRequestMessage(data["id"], method, data["jsonrpc"], params)
        return JsonRPCNotification(method, data["jsonrpc"], params)

    def _execute_handler(
        self,
        msg_id: str | int,
        handler: Callable[..., Any],
        callback: Callable[[Future[Any]], None],
        args: tuple[Any, ...] | None = None,
        kwargs: dict[str, Any] | None = None,
    ) -> None:
        """As pygls does, and lets go of what it keeps for each notification: two kilobytes for every key stroke."""
        super()._execute_handler(msg_id, handler, callback, args, kwargs)
        kept = self._request_futures.get(msg_id)
        if kept is not None:
            kept.add_done_callback(lambda _: self._request_futures.pop(msg_id, None))

    def _hand_on(self, method: str, params: object) -> Handled:
        handler = self.fm.features.get(method)
        if handler is not None:
            yield handler, (params,), None

    @lsp_method(types.TEXT_DOCUMENT_DID_OPEN)
    def lsp_text_document__did_open(self, params: types.DidOpenTextDocumentParams) -> Handled:
        """A document was opened."""
        yield from self._hand_on(types.TEXT_DOCUMENT_DID_OPEN, params)

    @lsp_method(types.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: types.DidChangeTextDocumentParams) -> Handled:
        """A document was changed."""
        yield from self._hand_on(types.TEXT_DOCUMENT_DID_CHANGE, params)

    @lsp_method(types.TEXT_DOCUMENT_DID_CLOSE)
    def lsp_text_document__did_close(self, params: types.DidCloseTextDocumentParams) -> Handled:
        """A document was closed."""
        yield from self._hand_on(types.TEXT_DOCUMENT_DID_CLOSE, params)

    @lsp_method(types.NOTEBOOK_DOCUMENT_DID_OPEN)
    def lsp_notebook_document__did_open(self, params: types.DidOpenNotebookDocumentParams) -> Handled:
        """A notebook was opened."""
        yield from self._hand_on(types.NOTEBOOK_DOCUMENT_DID_OPEN, params)

    @lsp_method(types.NOTEBOOK_DOCUMENT_DID_CHANGE)
    def lsp_notebook_document__did_change(self, params: types.DidChangeNotebookDocumentParams) -> Handled:
        """A notebook was changed."""
        yield from self._hand_on(types.NOTEBOOK_DOCUMENT_DID_CHANGE, params)

    @lsp_method(types.NOTEBOOK_DOCUMENT_DID_CLOSE)
    def lsp_notebook_document__did_close(self, params: types.DidCloseNotebookDocumentParams) -> Handled:
        """A notebook was closed."""
        yield from self._hand_on(types.NOTEBOOK_DOCUMENT_DID_CLOSE, params)
