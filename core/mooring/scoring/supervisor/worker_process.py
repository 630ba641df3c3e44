"""The master's side of one worker: its pipes, what it last said, how it ended."""

from __future__ import annotations

import os
import socket
import time
from collections import deque
from typing import Any, Callable

from mooring.scoring.supervisor.keeping import KeptWorker
from mooring.scoring.supervisor.logbook import LogBook
from mooring.scoring.supervisor.loop import Loop
from mooring.scoring.supervisor.pump import LinePump
from mooring.scoring.supervisor.vitals import cpu_seconds, rss_bytes
from mooring.scoring.supervisor.wire import LineSocket

__all__ = ["WorkerProcess"]

_TAIL_LINES = 30


class WorkerProcess:
    """One worker from the order to fork it until its last line is in the log.

    States: `starting`, `loading`, `ready`, `draining`, `drained`, `gone`.

    Args:
        loop: The master's loop.
        book: Where its lines go.
        number: Unique in the life of a master.
        generation: To which it belongs.
        on_event: Called with what it says on its channel.
        on_hangup: Called when it has closed its channel.
        kept: Its connections.
    """

    def __init__(
        self,
        loop: Loop,
        book: LogBook,
        number: int,
        generation: int,
        on_event: Callable[[WorkerProcess, dict[str, Any]], None],
        on_hangup: Callable[[WorkerProcess], None],
        kept: KeptWorker,
    ) -> None:
        self.number = number
        self.generation = generation
        self.kept = kept
        self.state = "starting"
        self.pid = 0
        self.is_warm = False
        self.was_stuck = False
        self.ready_since = 0.0
        self.started = time.monotonic()
        self.last_heard = time.monotonic()
        self.cpu_then = 0.0
        self.boot_failure: dict[str, Any] | None = None
        self.loaded: dict[str, Any] = {}
        self.pulse: dict[str, Any] = {}
        self.tail: deque[str] = deque(maxlen=_TAIL_LINES)
        self.child_fds: list[int] = []
        self._book = book
        self._on_event = on_event
        ours, theirs = socket.socketpair()
        self.child_fds.append(theirs.detach())
        self._channel = LineSocket(loop, ours, self._hear, lambda: on_hangup(self))
        self._pumps = [self._pump(loop, stream) for stream in ("stdout", "stderr")]
        self.child_fds.extend(kept.child_fds)

    def let_go_of_child_ends(self) -> None:
        """Close what now belongs to the worker."""
        for fd in self.child_fds:
            os.close(fd)
        self.child_fds.clear()

    def tell(self, order: dict[str, Any]) -> None:
        """Send an order over the channel."""
        self._channel.send(order)

    @property
    def has_hung_up(self) -> bool:
        """Whether it has closed its channel, or ended."""
        return not self._channel.is_open

    def close(self) -> None:
        """It has ended: take its last lines."""
        self.state = "gone"
        for pump in self._pumps:
            pump.finish()
        self._channel.close()
        self.let_go_of_child_ends()

    def take_last_words(self) -> None:
        """It has ended: hear what it said on its channel before that."""
        self._channel.read_rest()

    def summary(self) -> dict[str, Any]:
        """For `status`."""
        return {
            "connections": self.kept.load,
            "worker": self.number,
            "generation": self.generation,
            "pid": self.pid,
            "state": "stuck" if self.was_stuck else self.state,
            "is_warm": self.is_warm,
            "age_s": round(time.monotonic() - self.started, 3),
            "rss_bytes": rss_bytes(self.pid),
            "cpu_s": cpu_seconds(self.pid),
            "init_s": self.loaded.get("init_s"),
            **{key: value for key, value in self.pulse.items() if key != "event"},
        }

    def _pump(self, loop: Loop, stream: str) -> LinePump:
        ours, theirs = os.pipe()
        self.child_fds.append(theirs)

        def write(text: str) -> None:
            self.tail.append(text)
            self._book.line(stream, text, pid=self.pid, worker=self.number, generation=self.generation)

        return LinePump(loop, ours, write)

    def _hear(self, message: dict[str, Any]) -> None:
        self.last_heard = time.monotonic()
        self._on_event(self, message)
