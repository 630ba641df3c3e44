"""The zygote: an interpreter of the service's environment that forks workers on the master's word.

Orders: `fork` (with the worker's ends of its channel, stdout, stderr and keeper, and its journal), `import` (names of modules, and variables to set before).
Reports: `up`, `forked`, `exited`, `imported`.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import resource
import select
import signal
import socket
import sys
import threading
import time
import warnings
from typing import Any, Callable

from mooring.scoring.supervisor.launch import start_heir
from mooring.scoring.supervisor.wire import Lines, send_line

__all__ = ["run_zygote"]

Job = Callable[[], int]

# What the workers may still need once the master is gone; they drain on their own.
_ORPHANED_WORKERS_END_WITHIN_S = 40.0
_HEIRS_APART_S = 1.0  # masters that die at once must not follow each other without a pause


def run_zygote(arguments: list[str]) -> int:
    """Serve the master until it hangs up. In each forked child, this call becomes the worker's whole life.

    Args:
        arguments: Descriptor of the control socket, comma-separated descriptors of the listening sockets, the
            service's folder, and its name for process lists.
    """
    listeners = [socket.socket(fileno=int(fd)) for fd in arguments[1].split(",") if fd]
    zygote = _Zygote(socket.socket(fileno=int(arguments[0])), listeners, arguments[2])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    job = zygote.obey()
    del zygote
    return job() if job else 0


class _Zygote:
    def __init__(self, control: socket.socket, listeners: list[socket.socket], run_dir: str) -> None:
        self._control = control
        self._run_dir = run_dir
        self._started = time.monotonic()
        self._listeners = listeners
        self._lines = Lines(control)
        self._workers: dict[int, int] = {}
        self._bell, ring = os.pipe()
        os.set_blocking(self._bell, False)
        os.set_blocking(ring, False)
        self._ring = ring
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(ring, warn_on_full_buffer=False)

    def obey(self) -> Job | None:
        """Work until the master hangs up (None), or until this process is a worker (what that has to do)."""
        self._tell({"event": "up", "python": sys.version.split()[0]})
        _import_quietly("mooring.scoring.worker")
        while True:
            readable, _, _ = select.select([self._control.fileno(), self._bell], [], [])
            if self._bell in readable:
                self._reap()
            if self._control.fileno() not in readable:
                continue
            orders = self._lines.receive()
            if orders is None:
                self._outlive_the_master()
                return None
            for order, fds in orders:
                job = self._follow(order, fds)
                if job:
                    return job

    def _follow(self, order: dict[str, Any], fds: list[int]) -> Job | None:
        if order["do"] == "fork":
            return self._fork(order, fds)
        if order["do"] == "import":
            os.environ.update(order["variables"])
            self._import(["mooring.scoring.service", *order["modules"]])
        return None

    def _fork(self, order: dict[str, Any], fds: list[int]) -> Job | None:
        sys.stdout.flush()
        sys.stderr.flush()
        gc.freeze()  # what is here now stays shared with the child: its collector must not touch it
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore", DeprecationWarning
            )  # about threads; those were counted after importing
            pid = os.fork()
        if pid == 0:
            return self._as_worker(order, fds)
        for fd in fds:
            os.close(fd)
        self._workers[pid] = order["worker"]
        self._tell({"event": "forked", "worker": order["worker"], "pid": pid})
        return None

    def _as_worker(self, order: dict[str, Any], fds: list[int]) -> Job:
        os.setsid()  # a group of its own, so that all it starts can be ended with it
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for fd in (self._bell, self._ring):
            os.close(fd)
        self._control.close()
        channel_fd, out, err, *keeper_fds = fds
        for fd, standard in ((out, 1), (err, 2)):
            os.dup2(fd, standard)
            os.close(fd)
        listeners, channel = self._listeners, socket.socket(fileno=channel_fd)
        return lambda: _work(order, listeners, channel, keeper_fds)

    def _import(self, modules: list[str]) -> None:
        started = time.perf_counter()
        failed = [name for name in modules if not _import_quietly(name)]
        report = {
            "event": "imported",
            "seconds": round(time.perf_counter() - started, 3),
            "modules": len(modules) - len(failed),
            # A forked child has none of its parent's threads, and may wait for one forever.
            "threads": [
                thread.name for thread in threading.enumerate() if thread is not threading.main_thread()
            ],
            "rss_bytes": _rss_bytes(),
        }
        self._tell(report)

    def _reap(self) -> None:
        try:
            while os.read(self._bell, 512):
                pass
        except BlockingIOError:
            pass
        for pid in list(self._workers):
            ended, status, usage = os.wait4(pid, os.WNOHANG)
            if ended:
                self._report_exit(pid, status, usage)

    def _report_exit(self, pid: int, status: int, usage: resource.struct_rusage) -> None:
        report = {
            "event": "exited",
            "worker": self._workers.pop(pid),
            "pid": pid,
            "exit_code": os.WEXITSTATUS(status) if os.WIFEXITED(status) else None,
            "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else None,
            "peak_bytes": usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024),
        }
        self._tell(report)

    def _tell(self, report: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):  # the master is gone; reading will say so
            send_line(self._control, report)

    def _outlive_the_master(self) -> None:
        """Start another master, which brings up workers of its own.

        Ours see the master's end themselves and drain; what is left after that is ended here.
        """
        time.sleep(max(0.0, self._started + _HEIRS_APART_S - time.monotonic()))
        start_heir(self._run_dir, self._listeners)
        for listener in self._listeners:
            listener.close()
        give_up = time.monotonic() + _ORPHANED_WORKERS_END_WITHIN_S
        while self._workers and time.monotonic() < give_up:
            select.select([self._bell], [], [], 0.5)
            self._reap()
        for pid in self._workers:
            os.killpg(pid, signal.SIGKILL)


def _work(
    order: dict[str, Any], listeners: list[socket.socket], channel: socket.socket, keeper_fds: list[int]
) -> int:
    os.environ.update(order["variables"])
    os.chdir(order["cwd"])
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    _reseed()
    from mooring.scoring.settings import ServerSettings, SettingsError
    from mooring.scoring.supervisor.keeper import open_keeper
    from mooring.scoring.worker import BOOT_FAILURE, serve_worker

    try:
        settings = ServerSettings.from_environment()
    except SettingsError as error:
        failure = {"kind": "settings", "message": str(error), "path": None, "line": None, "traceback": ""}
        send_line(channel, {"event": "boot-failed", "failure": failure})
        return BOOT_FAILURE
    keeper = open_keeper(keeper_fds[0], keeper_fds[1], listeners)
    return serve_worker(settings, listeners, channel, keeper=keeper)


def _reseed() -> None:
    """Random numbers must differ between workers; Python sees to its own, numpy does not."""
    random = sys.modules.get("numpy.random")
    if random is not None:
        random.seed()


def _import_quietly(name: str) -> bool:
    if name in sys.modules:
        return True
    try:
        importlib.import_module(name)
    except KeyboardInterrupt:
        raise
    except BaseException:  # noqa: BLE001 - a library may raise anything, even SystemExit; the worker will tell
        return False
    return True


def _rss_bytes() -> int:
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[1]) * resource.getpagesize()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
