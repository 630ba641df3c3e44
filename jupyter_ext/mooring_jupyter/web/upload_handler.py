"""The pieces of an upload: written to disk as they come, never held in memory, in a thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from tornado import web

from mooring.errors import MooringError
from mooring_jupyter.uploading import Piece, find_upload, open_piece
from mooring_jupyter.web.failures import InvalidRequest
from mooring_jupyter.web.handler import RouteHandler, require

if TYPE_CHECKING:
    from mooring.settings import Settings

LARGEST_PIECE = 64 * 1024**3
OFFSET = "Upload-Offset"
_Result = TypeVar("_Result")


@web.stream_request_body
class UploadHandler(RouteHandler):
    """PATCH takes a piece; the other methods are ordinary routes."""

    _piece: Piece | None = None
    _failure: Exception | None = None

    async def prepare(self) -> None:  # type: ignore[override]
        """Open the file before the first byte comes; tornado waits for this."""
        await super().prepare()
        if self.request.method != "PATCH" or self.current_user is None:
            return
        await require(self, "write", "models")
        offset = self.request.headers.get(OFFSET, "")
        if not (offset.isascii() and offset.isdigit()):
            raise InvalidRequest(where=f"header {OFFSET}", reason="it should be a whole number")
        self.request.connection.set_max_body_size(LARGEST_PIECE)  # type: ignore[union-attr]
        settings = await self._in_thread(self._settings)
        self._piece = await self._in_thread(open_piece, settings, self.path_kwargs["upload"], int(offset))

    async def data_received(self, chunk: bytes) -> None:
        """Keep what came; the next chunk is read when it is on its way to the disk."""
        if self._piece is None or self._failure is not None:
            return
        try:
            await self._in_thread(self._piece.write, chunk)
        except (MooringError, OSError) as error:
            self._failure = error  # raised here, it would cut the connection instead of being told

    @web.authenticated
    async def patch(self, **path: str) -> None:
        """The piece is there."""
        self._close()
        if self._failure is not None:
            raise self._failure
        settings = await self._in_thread(self._settings)
        self.finish(dict(await self._in_thread(find_upload, settings, path["upload"])))

    def on_connection_close(self) -> None:
        """The connection broke; what came is kept, to be continued."""
        super().on_connection_close()
        self._close()

    def on_finish(self) -> None:
        """Also after a failure."""
        super().on_finish()
        self._close()

    def _close(self) -> None:
        if self._piece is not None:
            self._piece.close()
            self._piece = None

    def _settings(self) -> Settings:
        return self.mooring.workspace(self.get_query_argument("workspace", None)).settings

    async def _in_thread(self, work: Callable[..., _Result], *arguments: Any) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(self.mooring.threads, work, *arguments)
