"""Who forks whom: keeps a zygote for each environment in use, warms it up, and numbers the workers."""

from __future__ import annotations

import socket
import time
from typing import TYPE_CHECKING, Any, Sequence

from mooring.scoring.supervisor.endings import describe_ending
from mooring.scoring.supervisor.keeping import Keeping, KeptWorker
from mooring.scoring.supervisor.logbook import LogBook
from mooring.scoring.supervisor.loop import Loop
from mooring.scoring.supervisor.nursery import Nursery, NurseryEvents, end_group
from mooring.scoring.supervisor.spec import GenerationSpec
from mooring.scoring.supervisor.sweep import end_marked
from mooring.scoring.supervisor.worker_process import WorkerProcess

if TYPE_CHECKING:
    from mooring.scoring.supervisor.generation import Generation

__all__ = ["Staff"]

_WARM_UP_WITHIN_S = 120.0


class Staff:
    """All workers of a service and the zygotes they are forked from.

    Args:
        loop: The master's loop.
        book: The log.
        listeners: Handed to each worker.
        name: Of the service, shown in process lists.
        nonce: Of the service; marks what its workers start.
    """

    def __init__(
        self, loop: Loop, book: LogBook, listeners: Sequence[socket.socket], name: str, nonce: str
    ) -> None:
        self.loop = loop
        self.book = book
        self._listeners = listeners
        self._name = name
        self._nonce = nonce
        self._nurseries: list[Nursery] = []
        self._main: dict[str, Nursery] = {}
        self._trial: dict[str, Nursery] = {}
        self._never_warm: set[str] = set()
        self._workers: dict[int, tuple[WorkerProcess, Generation, Nursery]] = {}
        self._last_number = 0
        self.keeping = Keeping(loop, self._successors)
        self._events = NurseryEvents(self._forked, self._exited, self._imported, self._lost)

    @property
    def nurseries(self) -> list[Nursery]:
        """All zygotes there are."""
        return list(self._nurseries)

    def hire(self, generation: Generation, *, cold: bool) -> WorkerProcess:
        """A new worker, about to be forked; `cold` asks for an interpreter that has imported nothing yet.

        Raises:
            OSError: The interpreter can't be started, or there are no descriptors left.
        """
        nursery = self._nursery_for(generation.spec, cold=cold)
        self._last_number += 1
        worker = WorkerProcess(
            self.loop,
            self.book,
            self._last_number,
            generation.number,
            generation.hear,
            self._hung_up,
            KeptWorker(self.loop, self.keeping),
        )
        worker.is_warm = nursery.is_warm or nursery.warming_since is not None
        self._workers[worker.number] = (worker, generation, nursery)
        mark = {"MOORING_WORKER": f"{self._nonce}.{worker.number}"}
        nursery.fork(worker.number, generation.spec, worker.child_fds, mark)
        worker.let_go_of_child_ends()
        return worker

    @property
    def ports(self) -> set[int]:
        """Where workers accept connections."""
        return {listener.getsockname()[1] for listener in self._listeners}

    def settle(self, generation: Generation, *, was_cold: bool) -> None:
        """The generation serves: if it took a cold start where a warm one had failed, start cold from now on."""
        key = generation.spec.zygote_key
        trial = self._trial.pop(key, None)
        if trial and was_cold:
            self._never_warm.add(key)
            self._main[key] = trial
            text = "Warm starts are off for this environment: a worker came up only from a cold start."
            self.book.event("warm-off", text, generation=generation.number)

    def drop_trial(self, key: str) -> None:
        """A cold start failed like the warm one before: not the warm process's fault."""
        self._trial.pop(key, None)

    def warm_up(self, generation: Generation) -> None:
        """Have the generation's zygote import what its first worker had imported."""
        key = generation.spec.zygote_key
        nursery = self._main.get(key)
        loaded = [worker.loaded for worker in generation.workers if worker.loaded.get("modules")]
        if not nursery or not loaded or not generation.spec.is_warm or key in self._never_warm:
            return
        if nursery.is_warm or nursery.warming_since is not None:
            return
        nursery.warm_up(loaded[0]["modules"], loaded[0].get("variables", {}), time.monotonic())
        self.loop.later(_WARM_UP_WITHIN_S, lambda: self._give_up_warming(nursery))

    def retire_unused(self, keys_in_use: set[str]) -> None:
        """End zygotes that have no workers and that no version in use would fork from."""
        for nursery in self.nurseries:
            is_main = self._main.get(nursery.key) is nursery and nursery.key in keys_in_use
            if not nursery.workers and not is_main and self._trial.get(nursery.key) is not nursery:
                self._forget(nursery)
                nursery.close()

    def close(self) -> None:
        """End all zygotes, and connections nobody will serve."""
        self.keeping.close()
        for nursery in self.nurseries:
            self._forget(nursery)
            nursery.close()

    # ---- zygotes --------------------------------------------------------------------------------------------------

    def _nursery_for(self, spec: GenerationSpec, *, cold: bool) -> Nursery:
        key = spec.zygote_key
        main = self._main.get(key)
        if cold and main and (main.is_warm or main.warming_since is not None):
            if key not in self._trial:
                self._trial[key] = self._open(spec)
            return self._trial[key]
        if not main:
            main = self._main[key] = self._open(spec)
        return main

    def _open(self, spec: GenerationSpec) -> Nursery:
        nursery = Nursery(self.loop, self.book, spec, self._listeners, self._name, self._events)
        self._nurseries.append(nursery)
        return nursery

    def _forget(self, nursery: Nursery) -> None:
        self._nurseries.remove(nursery)
        for table in (self._main, self._trial):
            if table.get(nursery.key) is nursery:
                del table[nursery.key]

    def _imported(self, nursery: Nursery, report: dict[str, Any]) -> None:
        facts = {"seconds": report["seconds"], "rss_bytes": report["rss_bytes"], "modules": report["modules"]}
        if report["threads"]:
            self._turn_warm_off(
                nursery, f"importing them starts threads ({', '.join(report['threads'][:3])})"
            )
            return
        text = f"The next worker starts warm: {report['modules']} modules imported, {report['rss_bytes'] / 1e6:.0f} MB."
        self.book.event("warm", text, pid=nursery.pid, **facts)

    def _give_up_warming(self, nursery: Nursery) -> None:
        if nursery.warming_since is not None and nursery in self._nurseries:
            self._turn_warm_off(nursery, "importing them takes too long")

    def _turn_warm_off(self, nursery: Nursery, reason: str) -> None:
        """The libraries can't be shared by forking; the zygote that tried keeps its workers until they end."""
        self._never_warm.add(nursery.key)
        self.book.event("warm-off", f"Workers start cold: {reason}.", pid=nursery.pid)
        if self._main.get(nursery.key) is nursery:
            del self._main[nursery.key]
        if not nursery.workers:
            self._forget(nursery)
            nursery.close()

    def _lost(self, nursery: Nursery, facts: dict[str, Any]) -> None:
        """A zygote died. Workers that run go on; the ones it should still have forked never will."""
        if nursery.warming_since is not None:
            self._turn_warm_off(nursery, "the process that imported them died")
        self.book.event("zygote-lost", "The process that forks workers has died.", pid=nursery.pid)
        if nursery in self._nurseries:
            self._forget(nursery)
        for worker, _generation, home in list(self._workers.values()):
            if home is nursery and (not worker.pid or worker.has_hung_up):
                self._ended(worker.number, facts)

    # ---- workers --------------------------------------------------------------------------------------------------

    def _forked(self, number: int, pid: int) -> None:
        worker, generation, _ = self._workers[number]
        worker.pid = pid
        generation.forked(worker)

    def _exited(self, report: dict[str, Any]) -> None:
        self._ended(report["worker"], report)

    def _hung_up(self, worker: WorkerProcess) -> None:
        """Without its zygote, the end of its channel is all that tells the end of a worker."""
        entry = self._workers.get(worker.number)
        if entry and entry[2] not in self._nurseries:
            self._ended(worker.number, {})

    def _ended(self, number: int, report: dict[str, Any]) -> None:
        worker, generation, _ = self._workers.pop(number)
        worker.take_last_words()
        if worker.pid:
            end_group(worker.pid)
            end_marked("MOORING_WORKER", f"{self._nonce}.{number}")
        worker.close()
        if not worker.tail and report.get("log_tail"):
            worker.tail.extend(report["log_tail"])
        facts = generation.facts_of(worker, report)
        cause = f"The worker (process {worker.pid}) {describe_ending(facts)}"
        for kept in worker.kept.close(cause, replays=generation.spec.replays):
            self.keeping.place(kept)
        generation.ended(worker, facts)

    def _successors(self) -> list[KeptWorker]:
        """Workers of the newest generation that serves."""
        serving = [
            (generation.number, worker.kept)
            for worker, generation, _ in self._workers.values()
            if worker.state == "ready" and worker.kept.is_open
        ]
        newest = max((number for number, _ in serving), default=0)
        return [kept for number, kept in serving if number == newest]
