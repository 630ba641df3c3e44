"""All connections of one worker: limits, deadlines, drain; between the sockets and whoever answers."""

from __future__ import annotations

import asyncio
import socket
import ssl
from time import perf_counter
from typing import TYPE_CHECKING, Any, Protocol, Sequence

from mooring.scoring.http.connection import Connection
from mooring.scoring.http.exchange import Exchange
from mooring.scoring.http.head import Head, HeadReader
from mooring.scoring.http.wire import ResponseWriter
from mooring.scoring.messages import Response

if TYPE_CHECKING:
    from mooring.scoring.settings import ServerSettings
    from mooring.scoring.supervisor.keeper import ConnectionKeeper

__all__ = ["Handler", "HttpServer"]

BACKLOG = 2048
SHORTEST_SWEEP_S = 0.02
LONGEST_SWEEP_S = 0.25


class Handler(Protocol):
    """What stands behind the connections; all methods are called on the event loop's thread."""

    def admit(self, head: Head) -> Response | None:
        """A refusal, given before the body is read, or None."""
        ...

    def handle(self, exchange: Exchange) -> None:
        """See to it that `exchange.respond` is called, now or later."""

    def stream(self, exchange: Exchange, response: Response) -> None:
        """See to it that the chunks of `response.body` are sent."""

    def refuse(self, status: int, message: str) -> Response:
        """The answer to bytes that are no request."""
        ...

    def answered(self, exchange: Exchange, response: Response) -> None:
        """The response is on its way."""

    def refused(self, response: Response) -> None:
        """Something that was no request was answered."""

    def half_closed(self, exchange: Exchange) -> None:
        """The client has ended its side before its answer: it hung up, most likely."""

    def abandoned(self, exchange: Exchange) -> None:
        """The client hung up before its answer."""


class HttpServer:
    """Accepts on listeners and keeps the connections; `handler` answers.

    With a `keeper`, connections without TLS outlive this worker: the keeper accepts, and an idle one is left to it.
    """

    def __init__(
        self, handler: Handler, limits: ServerSettings, keeper: ConnectionKeeper | None = None
    ) -> None:
        self.limits = limits
        self.heads = HeadReader(limits.max_headers)
        self.writer = ResponseWriter()
        self.is_draining = False
        self.is_lingering = False  # answers are the last ones of their connections
        self.connections: set[Connection] = set()
        self.admit = handler.admit
        self.handle = handler.handle
        self.stream = handler.stream
        self.answered = handler.answered
        self.refuse = handler.refuse
        self.refused = handler.refused
        self.half_closed = handler.half_closed
        self._handler = handler
        self._keeper = keeper
        self._servers: list[asyncio.AbstractServer] = []
        self._sweeper: Any = None

    async def start(self, listeners: Sequence[socket.socket], tls: ssl.SSLContext | None = None) -> None:
        """Accept connections on every listener."""
        self._loop = loop = asyncio.get_running_loop()
        if self._keeper is not None and tls is None:
            self._keeper.attach(loop, lambda slot, unanswered: Connection(self, slot, unanswered))
            listeners = ()
        for listener in listeners:
            server = await loop.create_server(
                lambda: Connection(self), sock=listener, ssl=tls, backlog=BACKLOG
            )
            self._servers.append(server)
        limits = self.limits
        shortest = min(limits.idle_timeout_s, limits.header_timeout_s, limits.body_timeout_s)
        self._sweep_every_s = min(LONGEST_SWEEP_S, max(SHORTEST_SWEEP_S, shortest / 4))
        self._sweep()

    def opened(self, connection: Connection) -> None:
        """A client connected; beyond the limit it is told to come back."""
        self.connections.add(connection)
        if len(self.connections) > self.limits.max_connections:
            connection.turn_away()

    def closed(self, connection: Connection, exchange: Exchange | None) -> None:
        """A client is gone, maybe before its answer."""
        self.connections.discard(connection)
        if exchange is not None:
            self._handler.abandoned(exchange)

    async def drain(self, within_s: float, idle_grace_s: float = 1.0) -> bool:
        """Stop accepting, finish what is in flight, then close; whether everything was finished in time.

        An idle keep-alive client may be sending its next request this very moment. It is therefore given
        `idle_grace_s` to do so, and an answer with `Connection: close`; who is silent that long is closed.
        """
        self.is_draining = True
        await asyncio.sleep(0)  # whoever is in the backlog already is accepted before the door closes
        self.stop_accepting()
        started = perf_counter()
        while self.connections and perf_counter() - started < within_s:
            is_grace_over = perf_counter() - started >= idle_grace_s
            for connection in list(self.connections):
                if is_grace_over or connection.is_kept:
                    connection.close_when_idle()
            await asyncio.sleep(0.01)
        is_finished = not any(connection.exchange for connection in self.connections)
        for connection in list(self.connections):
            connection.abort()
        return is_finished

    def stop_accepting(self) -> None:
        """Leave new connections to the other holders of the listening sockets."""
        for server in self._servers:
            server.close()
        self._servers.clear()
        if self._keeper is not None:
            self._keeper.stop_accepting()

    def stop(self) -> None:
        """No more deadlines."""
        if self._sweeper is not None:
            self._sweeper.cancel()

    def _sweep(self) -> None:
        """Let deadlines expire; one timer for all connections costs a request nothing."""
        now = perf_counter()
        for connection in [c for c in self.connections if 0.0 < c.deadline < now]:
            connection.expire()
        self._sweeper = self._loop.call_later(self._sweep_every_s, self._sweep)
