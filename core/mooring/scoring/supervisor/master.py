"""The master: one process per service, started detached, there until the service is stopped."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import resource
import signal
import socket
import time
import traceback
from typing import Any, Callable

from mooring.scoring.supervisor.change import Change
from mooring.scoring.supervisor.control import ControlServer
from mooring.scoring.supervisor.files import CONTROL_SOCKET, LOG_FOLDER, MASTER_FILE
from mooring.scoring.supervisor.generation import Generation
from mooring.scoring.supervisor.identity import started_stamp
from mooring.scoring.supervisor.logbook import LogBook
from mooring.scoring.supervisor.loop import Loop
from mooring.scoring.supervisor.spec import (
    PROTOCOL,
    GenerationSpec,
    load_service,
    save_service,
    write_atomically,
)
from mooring.scoring.supervisor.staff import Staff
from mooring.scoring.supervisor.sweep import SERVICE_MARK, end_marked

__all__ = ["Master", "run_master"]

Reply = Callable[[dict], None]  # type: ignore[type-arg]

_FAILURE_TOLD_WITHIN_S = 10.0
_FIRST_AWAITED_WITHIN_S = 10.0
_MOST_DESCRIPTORS = 65536


def run_master(arguments: list[str]) -> int:
    """Detach, take the listening sockets over and supervise until told to stop.

    Args:
        arguments: The service's folder, the descriptor to say on that all is set up (or `heir`: an earlier master
            died), and comma-separated descriptors of the listening sockets.
    """
    run_dir, starter, listen_fds = arguments[:3]
    if os.fork():  # the starter waits for this process only; the master is nobody's child
        os._exit(0)
    os.chdir(run_dir)
    _shield_from_the_terminal()
    _raise_descriptor_limit()
    listeners = [socket.socket(fileno=int(fd)) for fd in listen_fds.split(",")]
    if starter == "heir":
        Master(listeners).run_as_heir()
        return 0
    with os.fdopen(int(starter), "w") as handshake:
        try:
            master = Master(listeners)
        except BaseException as error:
            handshake.write(json.dumps({"error": f"{type(error).__name__}: {error}"}) + "\n")
            raise
        handshake.write(json.dumps({"pid": os.getpid()}) + "\n")
    master.run()
    return 0


class Master:
    """Runs what `service.json` in the working directory says.

    Args:
        listeners: Bound and listening; handed on to the workers.
        book: The log; a folder `logs` in the working directory by default.
        waits_for_questions: Whether somebody is going to ask why a first start failed; else it ends at once then.
        linger_s: How long to go on serving after SIGTERM, so that whoever sends requests can hear of it.
    """

    def __init__(
        self,
        listeners: list[socket.socket],
        book: LogBook | None = None,
        *,
        waits_for_questions: bool = True,
        linger_s: float = 0.0,
    ) -> None:
        self._lock = _lock_out_others()
        self.service = load_service(".")
        self.loop = Loop()
        self.loop.on_error = self._note_error
        self.book = book or LogBook(LOG_FOLDER)
        self.current: Generation | None = None
        self.change: Change | None = None
        self._listeners = listeners
        self._leaving: list[Generation] = []
        self._stopping: list[Reply] = []
        self._is_stopping = False
        self._linger_s = linger_s
        self._last_failure: dict[str, Any] | None = None
        self._failure_told_within_s = _FAILURE_TOLD_WITHIN_S if waits_for_questions else 0.0
        self._started = time.time()
        self.staff = Staff(self.loop, self.book, listeners, self.service.name, self.service.nonce)
        self.control = ControlServer(self.loop, self)
        self.book.on_record = self.control.forward
        self.loop.after_each = self.book.flush
        self._write_identity()

    def run(self) -> None:
        """Supervise; returns when the service has been stopped."""
        self.book.event("master-started", f"Supervisor of {self.service.name} started.", pid=os.getpid())
        self._begin(self.service.current, None)
        if self._failure_told_within_s:
            self.loop.later(_FIRST_AWAITED_WITHIN_S, self._give_up_unattended)
        self._turn()

    def run_as_heir(self) -> None:
        """Supervise in the place of a master that died: bring up what served, until it serves again."""
        text = f"The supervisor of {self.service.name} had died; another one took over."
        self.book.event("master-replaced", text, pid=os.getpid())
        if self.service.has_served:
            number = self.service.generation + 1
            self.current = Generation(number, self.service.current, self.staff, is_to_return=True)
            self.service = self.service.moved_to(number, self.service.current)
            save_service(".", self.service)
            self.current.start()
        else:
            self.stop(0.0)
        self._turn()

    def _turn(self) -> None:
        self._obey_signals()
        self.loop.run()
        self.book.close()

    @property
    def has_failed(self) -> bool:
        """Whether the first version never came up."""
        return self._last_failure is not None

    # ---- what can be asked of it ----------------------------------------------------------------------------------

    def update(self, spec: GenerationSpec, reply: Reply) -> None:
        """Start a version beside the one that serves, then put it in its place."""
        if self.change or self._is_stopping:
            reply({"ok": False, "error": "busy"})
            return
        self._begin(spec, reply)

    def wait(self, reply: Reply) -> None:
        """Answer when the change under way, if any, has ended."""
        if self.change:
            self.change.replies.append(reply)
        elif self._last_failure:
            reply({"ok": False, "failure": self._last_failure})
            self._leave_if_failed()
        else:
            reply({"ok": True, **self.status()})

    def cancel(self) -> None:
        """Give up the change under way; what serves goes on."""
        if self.change:
            self.change.cancel("The change was given up.")

    def abandoned(self, reply: Reply) -> None:
        """Whoever waits with this reply is gone: a change that nobody waits for any more is given up."""
        if self.change and reply in self.change.replies:
            self.change.replies.remove(reply)
            if not self.change.replies:
                self.change.cancel("Whoever asked for the change is gone.")
                self._leave_if_failed()

    def reload_keys(self) -> None:
        """Have every worker read its keys again."""
        for generation in self._generations():
            generation.tell({"do": "reload-keys"})
        self.book.event("keys-reloaded", "Keys were read again.")

    def stop(self, drain_s: float, reply: Reply | None = None) -> None:
        """End the service: drain, end every process, let go of the port, remove own files."""
        if reply:
            self._stopping.append(reply)
        if self._is_stopping:
            return
        self._is_stopping = True
        self.book.event("stopping", f"{self.service.name} is stopping.")
        if self.change:
            self.change.cancel("The service was stopped meanwhile.")
        if self.current:
            self._leaving.append(self.current)
            self.current.drain(drain_s, _nothing, self._check_stopped)
            self.current = None
        self._check_stopped()

    def status(self) -> dict[str, Any]:
        """How things are now."""
        current = self.current
        crashed = bool(current and not any(worker.state == "ready" for worker in current.workers))
        return {
            "service": self.service.name,
            "nonce": self.service.nonce,
            "protocol": PROTOCOL,
            "pid": os.getpid(),
            "started": self._started,
            "state": self._state(),
            "generation": current.number if current else None,
            "revision": current.spec.revision if current else None,
            "host": self.service.host,
            "port": self.service.port,
            "workers": [worker.summary() for each in self._generations() for worker in each.workers],
            "zygotes": [
                {"pid": nursery.pid, "is_warm": nursery.is_warm, "rss_bytes": nursery.warm_bytes or None}
                for nursery in self.staff.nurseries
            ],
            "restarts": current.restarts if current else 0,
            "last_crash": current.last_crash if current and crashed else None,
        }

    # ---- changes ----------------------------------------------------------------------------------------------------

    def _begin(self, spec: GenerationSpec, reply: Reply | None) -> None:
        number = self.service.generation + 1 if reply else self.service.generation
        self.service = self.service.moved_to(number, self.service.current)
        self.change = Change(self, number, spec)
        if reply:
            self.change.replies.append(reply)
        self.change.begin()

    def switched(self, new: Generation) -> Generation | None:
        """The new generation serves from now on; gives the one that did until now."""
        old, self.current = self.current, new
        self.service = self.service.moved_to(new.number, new.spec).serving()
        save_service(".", self.service)
        if old:
            self._leaving.append(old)
        return old

    def changed(self, replies: list[Reply], failure: dict[str, Any] | None) -> None:
        """The change is over."""
        self.change = None
        self._last_failure = None if self.current else failure
        answer = {"ok": False, "failure": failure} if failure else {"ok": True, **self.status()}
        self.book.flush()  # whoever gets the answer may read the log at once
        for reply in replies:
            reply(answer)
        self._tidy()
        if self._last_failure and replies:
            self._leave_if_failed()
        elif self._last_failure:  # nobody has asked yet: whoever started this is about to
            self.loop.later(self._failure_told_within_s, self._leave_if_failed)

    def gone(self, generation: Generation) -> None:
        """All workers of a generation that was left have ended."""
        if generation in self._leaving:
            self._leaving.remove(generation)
        self._tidy()

    def _tidy(self) -> None:
        self.loop.later(
            0, lambda: self.staff.retire_unused({each.spec.zygote_key for each in self._generations()})
        )
        self._check_stopped()

    def _give_up_unattended(self) -> None:
        """Whoever started this died before it could wait for it."""
        if self.change and not self.current and not self.change.replies:
            self.change.cancel("Nobody waits for this start.")
            self._leave_if_failed()

    def _leave_if_failed(self) -> None:
        if self._last_failure and not self._is_stopping:
            self.stop(0.0)

    def _check_stopped(self) -> None:
        if not self._is_stopping or any(each.phase != "gone" for each in self._leaving):
            return
        self.staff.close()
        for listener in self._listeners:
            listener.close()
        end_marked(SERVICE_MARK, self.service.nonce)
        self.book.event("stopped", f"{self.service.name} has stopped.")
        self.book.flush()
        for name in (CONTROL_SOCKET, MASTER_FILE):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(name)
        for reply in self._stopping:
            reply({"ok": True})
        self.loop.stop()

    # ---- itself -----------------------------------------------------------------------------------------------------

    def _generations(self) -> list[Generation]:
        changing = [self.change.generation] if self.change else []
        found = [*self._leaving, *([self.current] if self.current else []), *changing]
        return list(dict.fromkeys(found))

    def _state(self) -> str:
        if self._is_stopping:
            return "stopping"
        if self.change:
            return "updating" if self.current else "starting"
        if not self.current:
            return "failed"
        return "serving" if any(worker.state == "ready" for worker in self.current.workers) else "restarting"

    def _linger(self) -> None:
        """Answer as before, each answer being its connection's last, then stop; a second signal stops at once."""
        self.book.event("lingering", f"{self.service.name} goes on for {self._linger_s:g} s before it stops.")
        for generation in self._generations():
            generation.tell({"do": "linger"})
        self.loop.later(self._linger_s, lambda: self.stop(self.service.current.drain_s))
        self._linger_s = 0.0

    def _note_error(self, error: BaseException) -> None:
        """A mistake of ours in one place must not end the service."""
        trace = traceback.format_exception(type(error), error, error.__traceback__)
        self.book.event("internal-error", f"The supervisor met {error!r}.", trace="".join(trace))

    def _write_identity(self) -> None:
        facts = {"pid": os.getpid(), "started": started_stamp(os.getpid()), "nonce": self.service.nonce}
        write_atomically(MASTER_FILE, json.dumps(facts))

    def _obey_signals(self) -> None:
        bell, ring = os.pipe()
        os.set_blocking(bell, False)
        os.set_blocking(ring, False)
        signal.set_wakeup_fd(ring, warn_on_full_buffer=False)
        signal.signal(signal.SIGTERM, lambda *_: None)

        def obey() -> None:
            os.read(bell, 64)
            if self._linger_s and self.current:
                self._linger()
            else:
                self.stop(self.service.current.drain_s)

        self.loop.watch(bell, obey)


def _lock_out_others() -> int:
    """Keep a second master from the same folder; the kernel unlocks when this process ends, however it ends."""
    fd = os.open("master.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(fd)
        raise RuntimeError("a supervisor of this service is running already") from None
    return fd


def _shield_from_the_terminal() -> None:
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTTOU, signal.SIGTTIN):
        signal.signal(number, signal.SIG_IGN)


def _raise_descriptor_limit() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, _MOST_DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _nothing() -> None:
    """Nobody waits for that."""
