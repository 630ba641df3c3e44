"""One version of the service: its workers, and what happens when one of them dies, hangs or is to go."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING, Any, Callable

from mooring.scoring.supervisor.backoff import Backoff
from mooring.scoring.supervisor.endings import describe_ending
from mooring.scoring.supervisor.nursery import end_group
from mooring.scoring.supervisor.spec import GenerationSpec
from mooring.scoring.supervisor.vitals import cpu_seconds, oom_kills
from mooring.scoring.supervisor.worker_process import WorkerProcess

if TYPE_CHECKING:
    from mooring.scoring.supervisor.staff import Staff

__all__ = ["Generation"]

_STUCK_DRAIN_S = 5.0
_TERM_TO_KILL_S = 2.0
_WATCH_EVERY_S = 1.0
_IDLE_CPU_S = 0.05  # less processor time than this in a silent period means waiting, not computing


class Generation:
    """Keeps `spec.worker_count` workers serving.

    Phases: `starting` until all are ready for the first time, `serving`, `leaving`, `gone`.

    Args:
        number: Rises with each generation of the service.
        spec: What to run.
        staff: Makes workers.
        on_ready: Called once, when all are ready.
        on_failed: Called once, with the facts, when one can't be brought up before all were ready.
        is_to_return: It has served before: it counts as serving, and is brought up however often that fails.
    """

    def __init__(
        self,
        number: int,
        spec: GenerationSpec,
        staff: Staff,
        on_ready: Callable[[Generation], None] | None = None,
        on_failed: Callable[[Generation, dict[str, Any]], None] | None = None,
        *,
        is_to_return: bool = False,
    ) -> None:
        self.number = number
        self.spec = spec
        self.phase = "serving" if is_to_return else "starting"
        self.restarts = 0
        self.last_crash: dict[str, Any] | None = None
        self.waits_until: float | None = None
        self._workers: dict[int, WorkerProcess] = {}
        self._staff = staff
        self._backoff = Backoff()
        self._on_ready = on_ready
        self._on_failed = on_failed
        self._on_drained: Callable[[], None] | None = None
        self._on_gone: Callable[[], None] | None = None
        self._started = time.monotonic()
        self._oom_kills = oom_kills()
        self._is_cold = False
        self._timer = staff.loop.later(spec.ready_within_s, self._time_out)
        self._watch = staff.loop.later(_WATCH_EVERY_S, self._look_after)

    @property
    def workers(self) -> list[WorkerProcess]:
        """All that live, oldest first."""
        return list(self._workers.values())

    def start(self) -> None:
        """Bring the workers up."""
        text = f"Revision {self.spec.revision} is starting as generation {self.number}."
        self._event("generation-starting", text, revision=self.spec.revision)
        for _ in range(self.spec.worker_count):
            if self.phase in ("starting", "serving"):
                self._hire()

    def open(self) -> None:
        """Take traffic."""
        for worker in self.workers:
            self._open(worker)

    def drain(self, within_s: float, on_drained: Callable[[], None], on_gone: Callable[[], None]) -> None:
        """Take no more requests, finish those at hand, end; after `within_s` seconds end anyway."""
        self._timer.cancel()
        self._watch.cancel()
        self.phase = "leaving"
        self._on_drained, self._on_gone = on_drained, on_gone
        for worker in self.workers:
            self._drain_worker(worker, within_s)
        self._check_left()

    def kill(self, on_gone: Callable[[], None]) -> None:
        """End it now."""
        self._timer.cancel()
        self._watch.cancel()
        self.phase = "leaving"
        self._on_gone = on_gone
        for worker in self.workers:
            self._end(worker)
        self._check_left()

    def tell(self, order: dict[str, Any]) -> None:
        """Send an order to each worker."""
        for worker in self.workers:
            worker.tell(order)

    # ---- what workers say -------------------------------------------------------------------------------------

    def hear(self, worker: WorkerProcess, message: dict[str, Any]) -> None:
        """A worker said something on its channel."""
        event = message.get("event")
        if event == "loading":
            worker.state = "loading"
        elif event == "loaded":
            worker.loaded = message
            self._note_loaded(worker, message)
        elif event == "ready":
            self._ready(worker)
        elif event == "boot-failed":
            worker.boot_failure = message.get("failure") or {}
        elif event == "drained":
            worker.state = "drained"
            self._check_left()
        elif event == "pulse":
            worker.pulse = message
        elif event == "stuck":
            self._replace_stuck(worker, f"a request has kept it busy for {message.get('seconds', 0):.0f} s")

    def forked(self, worker: WorkerProcess) -> None:
        """The worker has a pid now."""
        how = "warm" if worker.is_warm else "cold"
        self._event("worker-started", f"Worker {worker.number} started ({how}).", worker=worker)
        if self.phase == "leaving" and self._on_drained is None:
            self._end(worker)

    def ended(self, worker: WorkerProcess, facts: dict[str, Any]) -> None:
        """The worker's process is over."""
        self._workers.pop(worker.number, None)
        if self.phase == "leaving" or worker.state in ("draining", "drained"):
            self._event("worker-stopped", f"Worker {worker.number} ended.", worker=worker, **_short(facts))
        elif self.phase == "starting":
            self._failed_to_start(worker, facts)
        else:
            self._crashed(worker, facts)
        self._check_left()

    # ---- bringing up --------------------------------------------------------------------------------------------

    def _hire(self) -> None:
        self.waits_until = None
        if self.phase == "leaving":
            return
        try:
            worker = self._staff.hire(self, cold=self._is_cold)
        except OSError as error:
            self._could_not_hire(error)
            return
        self._workers[worker.number] = worker

    def _could_not_hire(self, error: OSError) -> None:
        facts: dict[str, Any] = {
            "engine": f"{self.spec.python} can't be started: {error.strerror}",
            "code": "engine",
        }
        if self.phase == "starting":
            self._fail(facts)
        else:
            self._hire_later(facts, lived_s=0.0)

    def _note_loaded(self, worker: WorkerProcess, message: dict[str, Any]) -> None:
        seconds, memory = message.get("init_s") or 0.0, (message.get("rss_bytes") or 0) / 1e6
        text = f"Worker {worker.number} loaded in {seconds:.2f} s, {memory:.0f} MB."
        facts = {"init_s": seconds, "rss_bytes": message.get("rss_bytes"), "is_warm": worker.is_warm}
        self._event("worker-loaded", text, worker=worker, **facts)

    def _ready(self, worker: WorkerProcess) -> None:
        worker.state = "ready"
        worker.ready_since = time.monotonic()
        self._event("worker-ready", f"Worker {worker.number} is ready.", worker=worker)
        if self.phase == "starting" and self._ready_count() >= self.spec.worker_count:
            self.phase = "serving"
            self._timer.cancel()
            seconds = time.monotonic() - self._started
            self._event(
                "generation-ready",
                f"Generation {self.number} is ready after {seconds:.2f} s.",
                seconds=seconds,
            )
            self._staff.settle(self, was_cold=self._is_cold)
            if self._on_ready:
                self._on_ready(self)
        elif self.phase == "serving":
            self._open(worker)
            self._let_stuck_go()
            self._staff.warm_up(self)

    def _open(self, worker: WorkerProcess) -> None:
        worker.kept.accept()
        self._staff.keeping.place_parked()

    def _ready_count(self) -> int:
        return sum(worker.state == "ready" and not worker.was_stuck for worker in self._workers.values())

    def _failed_to_start(self, worker: WorkerProcess, facts: dict[str, Any]) -> None:
        if worker.is_warm and not self._is_cold and _may_be_the_forks_fault(facts):
            self._is_cold = True
            text = f"Worker {worker.number} did not come up from the warm process; trying a cold start."
            self._event("warm-start-failed", text, worker=worker, **_short(facts))
            self._hire()
            return
        self._fail(facts)

    def _fail(self, facts: dict[str, Any]) -> None:
        self._timer.cancel()
        self.phase = "failed"
        self.last_crash = facts
        self._event("generation-failed", f"Generation {self.number} did not start.", **_short(facts))
        self._staff.drop_trial(self.spec.zygote_key)
        if self._on_failed:
            self._on_failed(self, facts)

    def _time_out(self) -> None:
        if self.phase != "starting":
            return
        tail = [line for worker in self.workers for line in worker.tail]
        self._fail({"timed_out_after_s": self.spec.ready_within_s, "log_tail": tail[-30:]})

    # ---- keeping up -----------------------------------------------------------------------------------------------

    def _crashed(self, worker: WorkerProcess, facts: dict[str, Any]) -> None:
        self.last_crash = facts
        lived_s = time.monotonic() - worker.ready_since if worker.ready_since else 0.0
        self._event(
            "worker-crashed",
            f"Worker {worker.number} {describe_ending(facts)}.",
            worker=worker,
            **_short(facts),
        )
        if worker.is_warm and not worker.ready_since and _may_be_the_forks_fault(facts):
            self._is_cold = True
        if not worker.was_stuck:  # else its successor is there already
            self._hire_later(facts, lived_s)

    def _hire_later(self, facts: dict[str, Any], lived_s: float) -> None:
        delay_s = self._backoff.delay_after(lived_s)
        self.restarts += 1
        self.waits_until = time.monotonic() + delay_s
        self._event(
            "worker-restarting", f"A new worker starts in {delay_s:g} s.", delay_s=delay_s, **_short(facts)
        )
        self._staff.loop.later(delay_s, self._hire)

    def _look_after(self) -> None:
        self._watch = self._staff.loop.later(_WATCH_EVERY_S, self._look_after)
        now = time.monotonic()
        for worker in self.workers:
            if worker.state == "ready" and now - worker.last_heard > self.spec.silent_after_s:
                self._look_at_silent(worker)

    def _look_at_silent(self, worker: WorkerProcess) -> None:
        """Silence while computing is a long run() that holds the interpreter; silence while waiting is a deadlock."""
        used = cpu_seconds(worker.pid) or 0.0
        computes, worker.cpu_then = used - worker.cpu_then > _IDLE_CPU_S, used
        worker.last_heard = time.monotonic()
        if not computes:
            text = f"Worker {worker.number} hangs: it neither reports nor computes; it is replaced."
            self._event("worker-hangs", text, worker=worker)
            self._end(worker)

    def _replace_stuck(self, worker: WorkerProcess, reason: str) -> None:
        if worker.was_stuck or worker.state != "ready" or self.phase != "serving":
            return
        worker.was_stuck = True
        worker.kept.retire()
        self.restarts += 1
        text = f"Worker {worker.number} is stuck: {reason}; a new one takes its place."
        self._event("worker-stuck", text, worker=worker)
        self._hire()

    def _let_stuck_go(self) -> None:
        for worker in self.workers:
            if worker.was_stuck and worker.state == "ready":
                self._drain_worker(worker, _STUCK_DRAIN_S)

    # ---- ending -----------------------------------------------------------------------------------------------------

    def _drain_worker(self, worker: WorkerProcess, within_s: float) -> None:
        if worker.state != "ready":
            self._end(worker)
            return
        worker.state = "draining"
        worker.kept.retire()
        worker.tell({"do": "drain", "within_s": within_s})
        self._staff.loop.later(within_s + 1.0, lambda: self._end_late(worker, signal.SIGTERM))
        self._staff.loop.later(
            within_s + 1.0 + _TERM_TO_KILL_S, lambda: self._end_late(worker, signal.SIGKILL)
        )

    def _end_late(self, worker: WorkerProcess, number: int) -> None:
        if worker.state == "gone":
            return
        if number == signal.SIGKILL:
            worker.kept.rescue(worker.pid, self._staff.ports)
        end_group(worker.pid, number)

    def _end(self, worker: WorkerProcess) -> None:
        if worker.pid:
            worker.kept.rescue(worker.pid, self._staff.ports)
            end_group(worker.pid)

    def _check_left(self) -> None:
        if self.phase != "leaving":
            return
        if self._on_drained and all(worker.state == "drained" for worker in self.workers):
            tell_drained, self._on_drained = self._on_drained, None
            tell_drained()
        if self._on_gone and not self._workers:
            tell_gone, self._on_gone = self._on_gone, None
            self.phase = "gone"
            tell_gone()

    # ---- words ------------------------------------------------------------------------------------------------------

    def facts_of(self, worker: WorkerProcess, report: dict[str, Any]) -> dict[str, Any]:
        """What is known about a worker's end."""
        facts = {
            "boot_error": worker.boot_failure,
            "exit_code": report.get("exit_code"),
            "signal": report.get("signal"),
            "memory_peak_bytes": report.get("peak_bytes"),
            "log_tail": list(worker.tail),
        }
        kills, self._oom_kills = oom_kills() - self._oom_kills, oom_kills()
        if facts["signal"] == signal.SIGKILL and kills > 0:
            facts["code"] = "memory-exceeded"
            facts["engine"] = "The system ended the process because memory ran out"
        return facts

    def _event(self, name: str, text: str, worker: WorkerProcess | None = None, **facts: Any) -> None:
        if worker:
            facts = {"worker": worker.number, "pid": worker.pid, **facts}
        self._staff.book.event(name, text, generation=self.number, **facts)


def _may_be_the_forks_fault(facts: dict[str, Any]) -> bool:
    """A script that can't be compiled or lacks a function is wrong in any process."""
    boot_error = facts.get("boot_error")
    return not boot_error or boot_error.get("kind") not in _SURELY_THE_SCRIPTS_FAULT


_SURELY_THE_SCRIPTS_FAULT = ("script-syntax", "script-missing", "run-missing", "init-missing")


def _short(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts for an event: the lines of the log are in the log."""
    return {name: value for name, value in facts.items() if value is not None and name != "log_tail"}
