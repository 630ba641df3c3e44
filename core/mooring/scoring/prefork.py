"""Several workers on one listening socket for the bare server: fork, watch, replace, drain."""

from __future__ import annotations

import json
import logging
import os
import select
import signal
import socket
import sys
import tempfile
from time import monotonic
from typing import TYPE_CHECKING, Any, Sequence

from mooring.scoring.logs import configure_logs
from mooring.scoring.worker import BOOT_FAILURE, load_application, serve_worker, tell_boot_failure

if TYPE_CHECKING:
    from mooring.scoring.contract.application import Application
    from mooring.scoring.settings import ServerSettings

__all__ = ["serve_forked"]

logger = logging.getLogger("azmlinfsrv")
LONGEST_PAUSE_S = 10.0
HEALTHY_AFTER_S = 10.0
KILL_AFTER_S = 5.0


class _Worker:
    """One forked worker, as its parent sees it."""

    def __init__(self, pid: int, channel: socket.socket) -> None:
        self.pid = pid
        self.channel = channel
        self.started = monotonic()
        self.last_heard = monotonic()
        self.is_ready = False
        self.pending = b""


def serve_forked(settings: ServerSettings, listeners: Sequence[socket.socket]) -> int:
    """Keep `worker_count` workers serving until a signal ends them; the process's exit code."""
    if settings.metrics_dir is None:
        with tempfile.TemporaryDirectory(prefix="mooring-metrics-") as folder:
            settings.metrics_dir = folder
            return _Parent(settings, listeners).run()
    return _Parent(settings, listeners).run()


class _Parent:
    def __init__(self, settings: ServerSettings, listeners: Sequence[socket.socket]) -> None:
        self._settings = settings
        self._listeners = listeners
        self._workers: dict[int, _Worker] = {}
        self._application: Application | None = None
        self._is_stopping = False
        self._kill_at = 0.0
        self._exit_code = 0
        self._deaths = 0
        self._start_at: list[float] = []

    def run(self) -> int:
        if self._settings.worker_preload and not self._preload():
            return BOOT_FAILURE
        bell, ring = os.pipe()
        for end in (bell, ring):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(ring, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop())
        self._start_at = [0.0] * self._settings.worker_count
        while self._workers or (self._start_at and not self._is_stopping):
            self._start_due()
            self._wait(bell)
            self._reap()
            self._end_silent()
        return self._exit_code

    def _preload(self) -> bool:
        configure_logs(self._settings)
        try:
            self._application = load_application(self._settings)
        except Exception as error:  # noqa: BLE001
            tell_boot_failure(error)
            return False
        return True

    def _start_due(self) -> None:
        due = [moment for moment in self._start_at if moment <= monotonic()]
        if self._is_stopping:
            due = []
        for moment in due:
            self._start_at.remove(moment)
            self._fork()

    def _fork(self) -> None:
        ours, theirs = socket.socketpair()
        sys.stdout.flush()
        pid = os.fork()
        if pid:
            theirs.close()
            self._workers[pid] = _Worker(pid, ours)
            return
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGCHLD, signal.SIGTERM, signal.SIGINT):
                signal.signal(number, signal.SIG_DFL)
            ours.close()
            for other in self._workers.values():
                other.channel.close()
            code = serve_worker(self._settings, self._listeners, theirs, application=self._application)
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)

    def _wait(self, bell: int) -> None:
        """Until a worker speaks, one ends, a signal comes, or a second has passed."""
        channels = {worker.channel.fileno(): worker for worker in self._workers.values()}
        pause_s = 1.0
        if self._start_at:
            pause_s = min(pause_s, max(0.01, min(self._start_at) - monotonic()))
        readable, _, _ = select.select([bell, *channels], [], [], pause_s)
        for end in readable:
            if end == bell:
                os.read(bell, 4096)
            else:
                self._hear(channels[end])

    def _hear(self, worker: _Worker) -> None:
        try:
            data = worker.channel.recv(65536)
        except OSError:
            data = b""
        worker.last_heard = monotonic()
        *lines, worker.pending = (worker.pending + data).split(b"\n")
        for line in lines:
            message: dict[str, Any] = json.loads(line)
            event = message.get("event")
            worker.is_ready = worker.is_ready or event == "ready"
            if event == "stuck":
                self._kill(worker, "is stuck")

    def _reap(self) -> None:
        for pid in list(self._workers):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                self._bury(self._workers.pop(pid), os.WEXITSTATUS(status) if os.WIFEXITED(status) else -1)

    def _bury(self, worker: _Worker, code: int) -> None:
        worker.channel.close()
        if self._is_stopping:
            return
        if code == BOOT_FAILURE and not worker.is_ready:
            self._exit_code = BOOT_FAILURE
            self._stop()
            return
        self._deaths = 0 if monotonic() - worker.started > HEALTHY_AFTER_S else self._deaths + 1
        pause_s = (
            0.0 if worker.is_ready and self._deaths <= 1 else min(LONGEST_PAUSE_S, 0.1 * 2**self._deaths)
        )
        logger.warning("Worker with pid %d ended; a new one starts in %.1f s.", worker.pid, pause_s)
        self._start_at.append(monotonic() + pause_s)

    def _end_silent(self) -> None:
        """Kill workers that say nothing any more, and after a while those that do not end when told to."""
        for worker in list(self._workers.values()):
            if self._is_stopping and monotonic() > self._kill_at:
                self._kill(worker, "did not end in time")
            elif worker.is_ready and monotonic() - worker.last_heard > self._settings.worker_timeout_s:
                self._kill(worker, "gives no sign of life")

    def _kill(self, worker: _Worker, reason: str) -> None:
        logger.error("Worker with pid %d %s and is killed.", worker.pid, reason)
        os.kill(worker.pid, signal.SIGKILL)

    def _stop(self) -> None:
        self._is_stopping = True
        self._kill_at = monotonic() + self._settings.drain_s + KILL_AFTER_S
        for pid in self._workers:
            os.kill(pid, signal.SIGTERM)
