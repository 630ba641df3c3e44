"""The master's side of a zygote: starts it, orders workers from it, hears how they ended."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
from collections import deque
from functools import partial
from pathlib import Path
from typing import Any, Callable, Sequence

from mooring.scoring.supervisor.logbook import LogBook
from mooring.scoring.supervisor.loop import Loop
from mooring.scoring.supervisor.pump import LinePump
from mooring.scoring.supervisor.spec import GenerationSpec
from mooring.scoring.supervisor.wire import LineSocket

__all__ = ["Nursery", "NurseryEvents"]


class NurseryEvents:
    """What a nursery tells its owner; each is called from the loop."""

    def __init__(
        self,
        on_forked: Callable[[int, int], None],
        on_exited: Callable[[dict[str, Any]], None],
        on_imported: Callable[[Nursery, dict[str, Any]], None],
        on_lost: Callable[[Nursery, dict[str, Any]], None],
    ) -> None:
        self.on_forked = on_forked
        self.on_exited = on_exited
        self.on_imported = on_imported
        self.on_lost = on_lost


class Nursery:
    """One zygote process and the workers it holds.

    Args:
        loop: The master's loop.
        book: Where the interpreter's own words go.
        spec: Which interpreter, ring and environment.
        listeners: Handed to each worker.
        name: Shown in process lists.
        events: Told what happens.

    Raises:
        OSError: The interpreter can't be started.
    """

    def __init__(
        self,
        loop: Loop,
        book: LogBook,
        spec: GenerationSpec,
        listeners: Sequence[socket.socket],
        name: str,
        events: NurseryEvents,
    ) -> None:
        self.key = spec.zygote_key
        self.workers: set[int] = set()
        self.is_warm = False
        self.warm_bytes = 0
        self.warming_since: float | None = None
        self.tail: deque[str] = deque(maxlen=30)
        self._events = events
        self._process, ours, pipes = _spawn(spec, listeners, name)
        self._control = LineSocket(loop, ours, self._hear, self._lose)
        self._book = book
        self._pumps = [LinePump(loop, fd, partial(self._note, stream)) for stream, fd in pipes]

    @property
    def pid(self) -> int:
        """Of the zygote."""
        return self._process.pid

    def fork(self, worker: int, spec: GenerationSpec, fds: Sequence[int], mark: dict[str, str]) -> None:
        """Order a worker.

        Args:
            worker: Its number.
            spec: What it runs.
            fds: Its ends of channel, stdout, stderr and keeper, and its journal; duplicated here.
            mark: Variables by which it, and what it starts, can be found.
        """
        self.workers.add(worker)
        variables = {**spec.worker_variables, **mark}
        self._control.send(
            {"do": "fork", "worker": worker, "cwd": spec.app_root, "variables": variables}, fds
        )

    def warm_up(self, modules: list[str], variables: dict[str, str], now: float) -> None:
        """Have the zygote import what a worker had imported, in an environment like the one it did so in."""
        self.warming_since = now
        self._control.send({"do": "import", "modules": modules, "variables": variables})

    def close(self) -> None:
        """End the zygote; its workers should have ended before."""
        self._process.kill()
        self._end()
        self._control.close()  # not before it is dead: to a living zygote it means that the master has died

    def _note(self, stream: str, text: str) -> None:
        self.tail.append(text)
        self._book.line(stream, text, pid=self.pid, worker=0)

    def _end(self) -> int:
        code = self._process.wait()
        for pump in self._pumps:
            pump.finish()
        return code

    def _hear(self, report: dict[str, Any]) -> None:
        event = report["event"]
        if event == "forked":
            self._events.on_forked(report["worker"], report["pid"])
        elif event == "exited":
            self.workers.discard(report["worker"])
            self._events.on_exited(report)
        elif event == "imported":
            self.warming_since = None
            self.is_warm = not report["threads"]
            self.warm_bytes = report["rss_bytes"]
            self._events.on_imported(self, report)

    def _lose(self) -> None:
        """The zygote hung up: it is dead or dying."""
        self._process.kill()
        code = self._end()
        facts = {
            "exit_code": code if code >= 0 else None,
            "signal": -code if code < 0 else None,
            "log_tail": list(self.tail),
        }
        self._events.on_lost(self, facts)


def _spawn(
    spec: GenerationSpec, listeners: Sequence[socket.socket], name: str
) -> tuple[subprocess.Popen[bytes], socket.socket, list[tuple[str, int]]]:
    ours, theirs = socket.socketpair()
    listen_fds = [listener.fileno() for listener in listeners]
    script = os.path.join(spec.ring, "mooring", "scoring", "supervisor")
    try:
        process = subprocess.Popen(
            [
                spec.python,
                script,
                "zygote",
                str(theirs.fileno()),
                ",".join(map(str, listen_fds)),
                str(Path.cwd()),
                name,
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=spec.interpreter_variables,
            cwd=spec.app_root,
            pass_fds=(theirs.fileno(), *listen_fds),
            # A crash of the interpreter itself must not take the master's ignored signals with it.
            restore_signals=True,
        )
    except OSError:
        ours.close()
        raise
    finally:
        theirs.close()
    pipes = []
    for stream, pipe in (("stdout", process.stdout), ("stderr", process.stderr)):
        assert pipe is not None  # noqa: S101 - asked for two lines above
        pipes.append((stream, os.dup(pipe.fileno())))
        pipe.close()
    return process, ours, pipes


def end_group(pid: int, number: int = signal.SIGKILL) -> None:
    """Signal a worker with all it started in its group; nothing happens when all are gone."""
    with contextlib.suppress(
        ProcessLookupError, PermissionError
    ):  # macOS says the latter of a group of zombies
        os.killpg(pid, number)
