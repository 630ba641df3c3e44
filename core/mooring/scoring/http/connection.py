"""One client connection: requests in order, one at a time; deadlines, pipelining, streaming, graceful close."""

from __future__ import annotations

import asyncio
from time import perf_counter
from typing import TYPE_CHECKING, Any

from mooring.scoring.http.body import ChunkedBody, SizedBody
from mooring.scoring.http.exchange import Exchange
from mooring.scoring.http.failures import BadMessage
from mooring.scoring.http.head import CHUNKED, Head, might_become_head
from mooring.scoring.http.wire import CONTINUE, LAST_CHUNK, chunk
from mooring.scoring.messages import Request, Response

if TYPE_CHECKING:
    from mooring.scoring.http.server import HttpServer
    from mooring.scoring.supervisor.keeper import Slot

__all__ = ["Connection"]

PIPELINE_BYTES = 65536  # read ahead of the answer in flight
IN_PLACE_BYTES = 262144  # bodies with more than this to come are received into their final place
JOINED_BYTES = 16384  # smaller bodies travel in one write with their head
SLOWEST_BODY_BYTES_PER_S = 1024
LINGER_S = 2.0
LINGER_BYTES = 1 << 20


class Connection(asyncio.Protocol):
    """The protocol object of one socket; all its methods run on the event loop's thread."""

    def __init__(self, server: HttpServer, slot: Slot | None = None, unanswered: bytes = b"") -> None:
        self._server = server
        self._slot = slot
        self._first_data = unanswered
        self._transport: Any = None
        self._remote = ""
        self._scheme = "http"
        self._unread = b""
        self._head: Head | None = None
        self._body: SizedBody | ChunkedBody | None = None
        self._body_started = 0.0
        self._received = 0
        self._is_discarding = False
        self._is_advancing = False
        self._is_read_paused = False
        self._stream_closes = False
        self._stream_is_raw = False
        self._can_write: asyncio.Future[None] | None = None
        self.exchange: Exchange | None = None
        self.is_streaming = False
        self.is_half_closed = False
        self.is_write_paused = False
        self.requests = 0
        self.deadline = 0.0  # on perf_counter's clock; 0 for none

    # ---- what the transport calls ----

    def connection_made(self, transport: Any) -> None:
        """Take note of the client and start the clock for its first request."""
        self._transport = transport
        peer = transport.get_extra_info("peername")
        self._remote = str(peer[0]) if isinstance(peer, tuple) and peer else ""
        self._scheme = "https" if transport.get_extra_info("sslcontext") is not None else "http"
        self.deadline = perf_counter() + self._server.limits.header_timeout_s
        self._server.opened(self)
        if self._first_data:
            data, self._first_data = self._first_data, b""
            self._take(data)

    def connection_lost(self, exc: BaseException | None) -> None:  # noqa: ARG002 - asyncio calls it so
        """Forget everything; whoever computes an answer finds `exchange` gone."""
        exchange, self.exchange = self.exchange, None
        self._unread = b""
        self._body = None
        self._is_discarding = True
        if self._can_write is not None and not self._can_write.done():
            self._can_write.set_result(None)
        if self._slot is not None:
            self._slot.closed()
        self._server.closed(self, exchange)

    def eof_received(self) -> bool | None:
        """A client that only closed its sending side still gets the answer it waits for."""
        self.is_half_closed = True
        if self.exchange is not None:
            self._server.half_closed(self.exchange)
        return self.exchange is not None and self._scheme == "http"

    def data_received(self, data: bytes) -> None:
        """Bytes from the client, in pieces of any size."""
        if self._slot is not None:
            self._slot.received(data)
        self._take(data)

    def _take(self, data: bytes) -> None:
        if self._is_discarding:
            self._received += len(data)
            if self._received > LINGER_BYTES:
                self._transport.abort()
            return
        if self.exchange is not None:
            self._unread += data
            if len(self._unread) > PIPELINE_BYTES and not self._is_read_paused:
                self._is_read_paused = True
                self._transport.pause_reading()
            return
        try:
            if self._body is not None:
                self._read_body(data)
            else:
                self._read_head(self._unread + data if self._unread else data)
        except BadMessage as bad:
            self._refuse(self._server.refuse(bad.status, bad.message))

    def pause_writing(self) -> None:
        """The client reads more slowly than we answer: give it a deadline."""
        self.is_write_paused = True
        self.deadline = perf_counter() + self._server.limits.idle_timeout_s

    def resume_writing(self) -> None:
        """The client reads again."""
        self.is_write_paused = False
        self.deadline = perf_counter() + self._server.limits.idle_timeout_s if self.exchange is None else 0.0
        if self._can_write is not None and not self._can_write.done():
            self._can_write.set_result(None)

    # ---- reading ----

    def _read_head(self, data: bytes) -> None:
        """Read one head, and its body when it is all there."""
        limits = self._server.limits
        while data[:2] == b"\r\n":  # RFC 9112 2.2: empty lines before a request are tolerated
            data = data[2:]
        end = data.find(b"\r\n\r\n", 0, limits.max_header_bytes)
        if end < 0:
            self._keep_unfinished_head(data)
            return
        end += 4
        self._unread = b""
        head = self._server.heads.read(data[:end] if end < len(data) else data)
        refusal = self._server.admit(head)
        length = head.length
        if refusal is None and length == 0:
            self._start(head, b"", data[end:])
        elif refusal is None and 0 < length <= len(data) - end:
            self._check_length(length)
            self._start(head, data[end : end + length], data[end + length :])
        elif refusal is not None and (length == 0 or 0 < length <= len(data) - end):
            self._answer_at_once(head, refusal, data[end + length :])
        elif refusal is not None:
            self._refuse(refusal, head)
        else:
            self._await_body(head, data[end:])

    def _keep_unfinished_head(self, data: bytes) -> None:
        limits = self._server.limits
        if len(data) >= limits.max_header_bytes:
            raise BadMessage(431, f"The request head is larger than {limits.max_header_bytes} bytes.")
        if data and not might_become_head(data):
            raise BadMessage(400, "The request line is not valid HTTP/1.1.")
        if data and not self._unread:
            self.deadline = perf_counter() + limits.header_timeout_s
        self._unread = data

    def _await_body(self, head: Head, data: bytes) -> None:
        limits = self._server.limits
        self._head = head
        if head.length == CHUNKED:
            self._body = ChunkedBody(limits.max_body_bytes)
        else:
            self._check_length(head.length)
            self._body = SizedBody(head.length)
        self._body_started = perf_counter()
        self._received = 0
        if head.expects_continue and not data:
            self._note_writing(CONTINUE)
            self._transport.write(CONTINUE)
        self._read_body(data)

    def _check_length(self, length: int) -> None:
        most = self._server.limits.max_body_bytes
        if length > most:
            raise BadMessage(413, f"The body is larger than {most} bytes.")

    def _read_body(self, data: bytes) -> None:
        body = self._body
        assert body is not None  # noqa: S101
        rest = body.feed(data)
        if rest is not None:
            self.body_is_whole(rest)
            return
        self.note_progress(len(data))
        if isinstance(body, SizedBody) and body.missing > IN_PLACE_BYTES and self._scheme == "http":
            from mooring.scoring.http.receiver import BodyReceiver

            BodyReceiver(self, self._transport, body).take_over()

    def note_progress(self, count: int) -> None:
        """Bytes of the body came: move its deadline, but never below a slowest mean rate."""
        now = perf_counter()
        patience = self._server.limits.body_timeout_s
        self._received += count
        slowest = self._body_started + patience + self._received / SLOWEST_BODY_BYTES_PER_S
        self.deadline = min(now + patience, slowest)

    def awaits(self, body: SizedBody) -> bool:
        """Whether this body is still being received: not when the client has gone meanwhile."""
        return self._body is body

    def body_is_whole(self, rest: bytes) -> None:
        """The body that was waited for is complete; `rest` follows it."""
        head, body = self._head, self._body
        assert head is not None  # noqa: S101
        assert body is not None  # noqa: S101
        self._head = self._body = None
        self._start(head, body.take(), rest)

    def _start(self, head: Head, body: bytes, rest: bytes) -> None:
        """Hand a complete request over; a pipelined one waits for the answer to it."""
        request = Request(
            head.method, head.target, head.path, head.query, head.headers, body, self._remote, self._scheme
        )
        self.deadline = 0.0
        self._unread = rest
        self.requests += 1
        self.exchange = exchange = Exchange(self, head, request)
        self._server.handle(exchange)

    def _answer_at_once(self, head: Head, response: Response, rest: bytes) -> None:
        """Answer a request that is not let in, without reading what it asks."""
        request = Request(
            head.method, head.target, head.path, head.query, head.headers, b"", self._remote, self._scheme
        )
        self._unread = rest
        self.exchange = Exchange(self, head, request)
        self.send(response)

    # ---- writing ----

    def send(self, response: Response) -> None:
        """Answer the exchange in flight; a stream has only begun when this returns."""
        exchange = self.exchange
        assert exchange is not None  # noqa: S101
        head = exchange.head
        is_http10 = head.version == "1.0"
        body = response.body
        closes = (
            not head.keeps_alive
            or self.is_half_closed
            or self._server.is_lingering
            or (self._server.is_draining and not self.is_kept)
        )
        if not isinstance(body, bytes):
            closes = closes or is_http10
            start = self._server.writer.render_head(response, closes=closes, is_http10=is_http10)
            self._note_writing(start)
            self._transport.write(start)
            self.is_streaming = True
            self._stream_closes, self._stream_is_raw = closes, is_http10
            self._server.stream(exchange, response)
            return
        block = self._server.writer.render_head(response, closes=closes, is_http10=is_http10)
        if self._slot is not None:
            size = len(block) if head.method == "HEAD" else len(block) + len(body)
            self._slot.answering(size, len(self._unread), closes)
        if head.method == "HEAD":
            self._transport.write(block)
        elif len(body) < JOINED_BYTES:
            self._transport.write(block + body)
        else:
            self._transport.write(block)
            self._transport.write(body)
        self._finish(exchange, response, closes=closes)

    def send_piece(self, data: bytes) -> None:
        """One piece of a streamed body."""
        if data and self.is_streaming and self.exchange is not None and self.exchange.head.method != "HEAD":
            piece = data if self._stream_is_raw else chunk(data)
            self._note_writing(piece)
            self._transport.write(piece)

    def end_stream(self, response: Response, *, is_whole: bool) -> None:
        """The streamed body is over; a broken one cuts the connection, so that nobody takes it for whole."""
        exchange = self.exchange
        if exchange is None or not self.is_streaming:
            return
        self.is_streaming = False
        if not is_whole:
            self._transport.abort()
            return
        if not self._stream_is_raw and exchange.head.method != "HEAD":
            self._note_writing(LAST_CHUNK)
            self._transport.write(LAST_CHUNK)
        if self._slot is not None and not self._stream_closes:
            self._slot.wrote_all(len(self._unread))
        self._finish(exchange, response, closes=self._stream_closes)

    async def writable(self) -> None:
        """Wait until the client has read enough, or is gone."""
        if self.is_write_paused and self.exchange is not None:
            self._can_write = asyncio.get_running_loop().create_future()
            await self._can_write
            self._can_write = None

    def _finish(self, exchange: Exchange, response: Response, *, closes: bool) -> None:
        self.exchange = None
        self._server.answered(exchange, response)
        if closes:
            self._linger()
            return
        if not self.is_write_paused:
            self.deadline = perf_counter() + self._server.limits.idle_timeout_s
        if self._unread or self._is_read_paused:
            self._advance()
        elif self._server.is_draining and self.is_kept:
            self._leave()

    def _advance(self) -> None:
        """Take the next pipelined requests; a loop, because each may be answered before the next is read."""
        if self._is_advancing:
            return
        self._is_advancing = True
        try:
            while self._unread and self.exchange is None and not self._is_discarding:
                data, self._unread = self._unread, b""
                self._take(data)
                if self._unread == data:
                    break
        finally:
            self._is_advancing = False
        if self._is_read_paused and self.exchange is None and not self._is_discarding:
            self._is_read_paused = False
            self._transport.resume_reading()

    # ---- closing ----

    def expire(self) -> None:
        """The deadline has passed: 408 for half a request, silence for an idle connection."""
        self.deadline = 0.0
        if self.is_write_paused or self._is_discarding:
            self._transport.abort()
        elif self._unread or self._body is not None:
            self._refuse(self._server.refuse(408, "The request was not complete in time."))
        else:
            self._transport.close()

    @property
    def is_idle(self) -> bool:
        """Whether the client is between two requests, as far as we have read."""
        return self.exchange is None and self._body is None and not self._unread and not self._is_discarding

    @property
    def is_kept(self) -> bool:
        """Whether another worker can go on with this connection."""
        return self._slot is not None and self._slot.can_be_left

    def close_when_idle(self) -> None:
        """End now if nothing is going on; a request in flight is answered with `Connection: close` anyway.

        A kept connection is not closed but left to another worker, whatever its last answer said.
        """
        if self.is_idle and self.is_kept:
            self._leave()
        elif self.is_idle:
            self._transport.close()

    def _leave(self) -> None:
        """Read no more from now on; closing our descriptor does not end a kept connection."""
        if self._slot is None or self._transport.get_write_buffer_size():
            return
        self._is_discarding = True
        self._transport.pause_reading()
        slot, self._slot = self._slot, None
        slot.left()
        self._transport.close()

    def note_received_elsewhere(self, size: int) -> None:
        """Bytes of a large body came past `data_received`."""
        if self._slot is not None:
            self._slot.received_elsewhere(size)

    def _note_writing(self, data: bytes) -> None:
        if self._slot is not None:
            self._slot.writing(len(data))

    def turn_away(self) -> None:
        """One connection too many: say so and close."""
        self._refuse(self._server.refuse(503, "Too many connections."))

    def abort(self) -> None:
        """Cut the connection."""
        self._transport.abort()

    def _refuse(self, response: Response, head: Head | None = None) -> None:
        """Answer what is not, or not yet wholly, a request, and close: where the next one would start is unknown."""
        self._body = None
        self._unread = b""
        self._note_writing(b"")
        block = self._server.writer.render_head(response, closes=True)
        is_head_only = head is not None and head.method == "HEAD"
        body = response.body if isinstance(response.body, bytes) and not is_head_only else b""
        self._transport.write(block + body)
        self._server.refused(response)
        self._linger()

    def _linger(self) -> None:
        """Close without a reset that could overtake the answer: end our side, swallow what still comes."""
        self._is_discarding = True
        self._unread = b""
        self._received = 0
        if self._is_read_paused:
            self._is_read_paused = False
            self._transport.resume_reading()
        if self._scheme != "http" or self.is_half_closed or not self._transport.can_write_eof():
            self._transport.close()
            return
        try:
            self._transport.write_eof()
        except OSError:  # the client has reset the connection meanwhile
            self._transport.close()
            return
        self.deadline = perf_counter() + LINGER_S
