"""The worker's end of the line to its supervisor: JSON objects, one per line, both ways."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from typing import Any, Callable

__all__ = ["Channel"]

SEND_WITHIN_S = 1.0


class Channel:
    """Sends events and hears orders; without a supervisor it does nothing."""

    def __init__(self, line: socket.socket | None) -> None:
        self._line = line
        self._pending = b""
        self._lock = threading.Lock()
        if line is not None:
            line.settimeout(SEND_WITHIN_S)

    def send(self, event: dict[str, Any]) -> None:
        """Tell the supervisor; from any thread. A supervisor that is gone or does not read hears nothing."""
        if self._line is None:
            return
        try:
            with self._lock:
                self._line.sendall(json.dumps(event).encode() + b"\n")
        except OSError:
            pass

    def listen(
        self,
        loop: asyncio.AbstractEventLoop,
        on_order: Callable[[dict[str, Any]], None],
        on_end: Callable[[], None],
    ) -> None:
        """Call back on the loop's thread for each order, and once when the supervisor is gone."""
        line = self._line
        if line is None:
            return

        def read() -> None:
            try:
                data = line.recv(65536, socket.MSG_DONTWAIT)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:
                data = b""
            if not data:
                loop.remove_reader(line.fileno())
                on_end()
                return
            *lines, self._pending = (self._pending + data).split(b"\n")
            for text in lines:
                order = _parse(text)
                if order is not None:
                    on_order(order)

        loop.add_reader(line.fileno(), read)


def _parse(text: bytes) -> dict[str, Any] | None:
    try:
        order = json.loads(text)
    except ValueError:
        return None
    return order if isinstance(order, dict) else None
