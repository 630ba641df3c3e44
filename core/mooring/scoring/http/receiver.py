"""Large bodies, received by the kernel straight into the bytes that the script will see."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mooring.scoring.http.body import SizedBody
    from mooring.scoring.http.connection import Connection

__all__ = ["BodyReceiver"]


class BodyReceiver(asyncio.BufferedProtocol):
    """Stands in for a connection while one large body arrives."""

    def __init__(self, connection: Connection, transport: Any, body: SizedBody) -> None:
        self._connection = connection
        self._transport = transport
        self._body = body

    def take_over(self) -> None:
        """Receive the rest of the body from now on."""
        self._transport.pause_reading()
        self._read_with(self)

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002 - asyncio calls it so
        """Where the next bytes belong."""
        return self._body.room()

    def buffer_updated(self, nbytes: int) -> None:
        """That many bytes were put there."""
        self._body.advance(nbytes)
        self._connection.note_received_elsewhere(nbytes)
        self._connection.note_progress(nbytes)
        if self._body.missing == 0:
            # The loop lends the buffer until this call has returned, and what is lent could only be copied.
            self._transport.pause_reading()
            asyncio.get_running_loop().call_soon(self._hand_over)

    def eof_received(self) -> bool | None:
        """Half a body is no request."""
        return self._connection.eof_received()

    def connection_lost(self, exc: BaseException | None) -> None:
        """The client is gone."""
        self._connection.connection_lost(exc)

    def pause_writing(self) -> None:
        """As the connection."""
        self._connection.pause_writing()

    def resume_writing(self) -> None:
        """As the connection."""
        self._connection.resume_writing()

    def _hand_over(self) -> None:
        if self._connection.awaits(self._body):
            self._read_with(self._connection)
            self._connection.body_is_whole(b"")

    def _read_with(self, protocol: Any) -> None:
        # Transports choose their way of reading when reading starts, so it has to be paused before.
        self._transport.set_protocol(protocol)
        self._transport.resume_reading()
