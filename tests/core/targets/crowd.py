"""Clients that never pause, half of them on connections that stay open."""

from __future__ import annotations

import http.client
import threading
import time
from collections import Counter
from types import TracebackType
from typing import Any


class Crowd:
    """Asks a service from several threads until the block ends; `answers` counts statuses and errors.

    Args:
        port: Of the service, on the loopback.
        clients: How many.
        path: Of what is asked.
        dials_again: A connection that is refused before anything was sent is opened again, as HTTP clients do, and
            counted in `refused`: node ports on the loopback of a one-node cluster refuse about one connection in ten
            thousand, also of a service that nobody changes.
    """

    def __init__(
        self, port: int, clients: int = 6, *, path: str = "/score", dials_again: bool = False
    ) -> None:
        self.answers: Counter[Any] = Counter()
        self.slowest_s = 0.0
        self._dials_again = dials_again
        self.refused = 0
        self._port, self._path = port, path
        self._ends = threading.Event()
        self._threads = [threading.Thread(target=self._ask, args=(n % 2 == 0,)) for n in range(clients)]

    def __enter__(self) -> Crowd:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ends.set()
        for thread in self._threads:
            thread.join()

    def wait_for_more(self, count: int) -> None:
        """Until so many more requests were answered."""
        wanted = sum(self.answers.values()) + count
        while sum(self.answers.values()) < wanted:
            self._ends.wait(0.01)

    def _ask(self, keeps_alive: bool) -> None:
        connection: http.client.HTTPConnection | None = None
        while not self._ends.is_set():
            began = time.monotonic()
            try:
                connection = connection or http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
                connection.request("POST", self._path, b'{"data": [1]}', {"Content-Type": "application/json"})
                response = connection.getresponse()
                response.read()
                self.answers[response.status] += 1
            except (OSError, http.client.HTTPException) as error:
                self._count(error)
                connection = None
            self.slowest_s = max(self.slowest_s, time.monotonic() - began)
            if connection and not keeps_alive:
                connection.close()
                connection = None
        if connection:
            connection.close()

    def _count(self, error: Exception) -> None:
        if self._dials_again and isinstance(error, ConnectionRefusedError):
            self.refused += 1
        else:
            self.answers[type(error).__name__] += 1
