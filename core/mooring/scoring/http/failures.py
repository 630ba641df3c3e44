"""What a client's bytes can be refused for before they are a request."""

from __future__ import annotations

__all__ = ["BadMessage"]


class BadMessage(Exception):
    """Bytes that are no acceptable HTTP/1.1 request; the connection closes after the answer.

    Args:
        status: The HTTP status to answer with.
        message: One sentence for the client; never repeats what it sent.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(status, message)
        self.status = status
        self.message = message
