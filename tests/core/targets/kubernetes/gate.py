"""A way to an API server that can be shut for a while: what a restart looks like to its clients."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from types import TracebackType
from urllib.parse import urlsplit


class Gate:
    """Listens on a port of its own, and passes everything on while it is open."""

    def __init__(self, server: str) -> None:
        parts = urlsplit(server)
        self.host = parts.hostname or ""
        self._port = parts.port or 443
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"https://127.0.0.1:{self._listener.getsockname()[1]}"
        self.was_shut = False
        self._open_again = 0.0
        self._open: list[socket.socket] = []

    def __enter__(self) -> Gate:
        threading.Thread(target=self._run, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.close()
        self._cut()

    def shut_for(self, seconds: float) -> None:
        """Cut every connection, and take none for so long; once."""
        if not self.was_shut:
            self.was_shut = True
            self._open_again = time.monotonic() + seconds
            self._cut()

    def _run(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                if time.monotonic() < self._open_again:
                    client.close()
                    continue
                server = socket.create_connection((self.host, self._port))
                self._open += [client, server]
                for source, sink in ((client, server), (server, client)):
                    threading.Thread(target=_copy, args=(source, sink), daemon=True).start()

    def _cut(self) -> None:
        for each in self._open:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self._open.clear()


def _copy(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
