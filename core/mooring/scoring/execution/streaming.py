"""Bodies that come in pieces: from a generator in the script's thread, or from an asynchronous one."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mooring.scoring.execution.engine import Engine, Run
    from mooring.scoring.http.exchange import Exchange
    from mooring.scoring.messages import Response

__all__ = ["Streamer"]

logger = logging.getLogger("azmlinfsrv")


class Streamer:
    """Sends streamed bodies at the pace their client reads them."""

    def __init__(self, engine: Engine, loop: asyncio.AbstractEventLoop) -> None:
        self._engine = engine
        self._loop = loop

    def start(self, exchange: Exchange, response: Response) -> None:
        """Begin to send; on the event loop's thread."""
        if hasattr(response.body, "__aiter__") or self._engine.is_async:
            task = self._loop.create_task(self._send_async(exchange, response))
            self._engine.keep_task(exchange, task)
        else:
            self._engine.run_stream(exchange, lambda run: self._send_from_thread(run, response))

    async def _send_async(self, exchange: Exchange, response: Response) -> None:
        body: Any = response.body
        is_whole = False
        try:
            if hasattr(body, "__aiter__"):
                async for piece in body:
                    exchange.connection.send_piece(piece)
                    await exchange.connection.writable()
            else:
                for piece in body:
                    exchange.connection.send_piece(piece)
                    await exchange.connection.writable()
                    await asyncio.sleep(0)
            is_whole = True
        except asyncio.CancelledError:
            pass
        except Exception:
            logger.exception("The script's response stream broke off.")
        if exchange.is_open:
            exchange.connection.end_stream(response, is_whole=is_whole)
        self._engine.stream_ended(exchange)

    def _send_from_thread(self, run: Run, response: Response) -> None:
        """Iterate in the script's thread; the event loop's thread writes."""
        exchange = run.exchange
        is_whole = False
        try:
            pieces: Any = response.body
            for piece in pieces:
                if not exchange.is_open:
                    break
                self._hand_over(exchange, piece)
            is_whole = True
        except Exception:
            logger.exception("The script's response stream broke off.")
        finally:
            close = getattr(response.body, "close", None)
            if close is not None:
                close()
        self._loop.call_soon_threadsafe(self._end, run, response, is_whole)

    def _hand_over(self, exchange: Exchange, piece: bytes) -> None:
        """Give one piece to the event loop's thread; waits while the client is behind."""
        taken = threading.Event()

        async def take() -> None:
            exchange.connection.send_piece(piece)
            await exchange.connection.writable()
            taken.set()

        self._loop.call_soon_threadsafe(lambda: self._loop.create_task(take()))
        taken.wait()

    def _end(self, run: Run, response: Response, is_whole: bool) -> None:
        if run.exchange.is_open:
            run.exchange.connection.end_stream(response, is_whole=is_whole)
        self._engine.free(run)
