"""One request and the one response it waits for."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from mooring.scoring.messages import Request, Response

if TYPE_CHECKING:
    from mooring.scoring.http.connection import Connection
    from mooring.scoring.http.head import Head

__all__ = ["HALF_CLOSED_PATIENCE_S", "Exchange"]

HALF_CLOSED_PATIENCE_S = 0.1  # for a client that has ended its side: an answer at once still reaches it


class Exchange:
    """One request that waits for its response; `respond` may be called once, on the event loop's thread."""

    __slots__ = ("arrived", "connection", "head", "request", "started")

    def __init__(self, connection: Connection, head: Head, request: Request) -> None:
        self.connection = connection
        self.head = head
        self.request = request
        self.arrived = perf_counter()
        self.started = 0.0

    @property
    def is_open(self) -> bool:
        """Whether the client still waits for this answer."""
        return self.connection.exchange is self

    @property
    def seems_abandoned(self) -> bool:
        """Whether the client hung up, or half-closed and was not answered at once."""
        connection = self.connection
        return connection.exchange is not self or (
            connection.is_half_closed and perf_counter() - self.arrived > HALF_CLOSED_PATIENCE_S
        )

    def respond(self, response: Response) -> None:
        """Send the response; does nothing when the client has gone."""
        if self.connection.exchange is self:
            self.connection.send(response)
