"""The queue in front of the script, and the thread the script runs in.

The script always runs in the process's main thread, as under the reference server: thread-local state made in
`init()` (TensorFlow sessions, SQLite connections, signal handlers) is there in `run()`. What moves is the event
loop. While runs are short it lives in the main thread too and calls `run` between two polls; when they get long it
moves to a thread of its own, so that health, limits and deadlines are served while the script computes.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections import deque
from time import perf_counter
from typing import TYPE_CHECKING, Any, Callable

from mooring.scoring.execution.interruption import Interruption, ScoringTimeout
from mooring.scoring.execution.pace import Pace
from mooring.scoring.limits import Limits
from mooring.scoring.messages import Request, Response

if TYPE_CHECKING:
    from mooring.scoring.contract.application import Application
    from mooring.scoring.execution.signals import SignalBell
    from mooring.scoring.http.exchange import Exchange
    from mooring.scoring.settings import ServerSettings

__all__ = ["Engine", "Run"]

TURN_S = 0.005  # of inline runs before the event loop polls again
_set_running_loop: Callable[[Any], None] = asyncio._set_running_loop  # noqa: SLF001


class Run:
    """One run in progress away from the event loop."""

    __slots__ = ("exchange", "is_given_up", "thread_id")

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange
        self.thread_id = 0
        self.is_given_up = False


class Engine:
    """Runs exchanges in order of arrival; methods are for the event loop's thread unless they say otherwise.

    Args:
        application: Loaded.
        answer: Its `answer`, with whatever is wrapped around it.
        limits: Bounds of the queue and of runs.
        settings: For the number of slots.
        loop: The worker's event loop, not running yet.
        batcher: Turns several exchanges into one run, or None.
    """

    def __init__(
        self,
        application: Application,
        answer: Callable[[Request], Any],
        limits: Limits,
        settings: ServerSettings,
        loop: asyncio.AbstractEventLoop,
        batcher: Any = None,
    ) -> None:
        self.is_async = application.run_plan.is_async
        is_limited = not self.is_async or "max_concurrent_requests" in settings.given
        self.slots = settings.max_concurrent_requests if is_limited else 1 << 30
        self.pace = Pace()
        self.interruption = Interruption()
        self.queue: deque[Exchange] = deque()
        self.runs: dict[Exchange, Run] = {}
        self.inline_run: Exchange | None = None
        self.is_inline = self.is_async  # sync scripts prove first that they are short
        self.is_finished = False
        self.last_beat = perf_counter()
        self.call_soon_threadsafe = loop.call_soon_threadsafe
        self._application = application
        self._answer_request = answer
        self._limits = limits
        self._loop = loop
        self._batcher = batcher
        self._is_pumping = False
        self._gathers_s = 0.0  # how long the next batch may wait for more: only while batches do fill
        self._main_inbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._main_run: Run | None = None
        self._extra_threads: Any = None
        self._queue_timer: Any = None
        self._tasks: dict[Exchange, asyncio.Task[None]] = {}

    # ---- the main thread ----

    def run_loop(self, bell: SignalBell) -> None:
        """Serve until `finish`; call it in the main thread, it is the worker's whole life."""
        self.interruption.install()
        while not self.is_finished:
            bell.hang(is_loop_here=self.is_inline)
            if self.is_inline:
                self._loop.run_forever()
                continue
            thread = threading.Thread(target=self._loop.run_forever, name="mooring-io", daemon=True)
            thread.start()
            self._work()
            thread.join()

    def _work(self) -> None:
        """Run what the event loop's thread sends, until it wants to come back here."""
        while True:
            job = self._main_inbox.get()
            if job is None:
                return
            job()

    def finish(self) -> None:
        """End `run_loop`."""
        self.is_finished = True
        self._leave_thread()

    def _leave_thread(self) -> None:
        if self._is_away():
            self._main_inbox.put(None)
        self._loop.stop()

    def _is_away(self) -> bool:
        return threading.current_thread() is not threading.main_thread()

    # ---- the queue ----

    def submit(self, exchange: Exchange) -> None:
        """Queue a complete request; it is answered in a later turn of the event loop."""
        waiting = self.queue
        if self._limits.are_set:
            mean_s = self.pace.mean_ms / 1000.0
            free = max(0, self.slots - len(self.runs))
            if self._limits.refuses_newcomer(len(waiting), free, self.slots, mean_s):
                exchange.respond(self._limits.overloaded(len(waiting), mean_s))
                return
        waiting.append(exchange)
        self._wake()

    def _wake(self) -> None:
        if self._is_pumping:
            return
        self._is_pumping = True
        if self._gathers_s and len(self.queue) < self._batcher.most:
            self._loop.call_later(self._gathers_s, self._pump)
        else:
            self._loop.call_soon(self._pump)

    def _pump(self) -> None:
        self._is_pumping = False
        if self.is_async:
            self._start_tasks()
        elif not self.is_inline:
            self._send_out()
        elif self._is_away():
            self._wake()  # on the way back to the main thread
        else:
            self._run_turn()
        if self._limits.max_wait_s is not None and self.queue and self._queue_timer is None:
            self._watch_queue()

    def _next(self) -> Exchange | None:
        """The next exchange that is worth running; others are dropped or refused."""
        waiting = self.queue
        while waiting:
            exchange = waiting.popleft()
            if exchange.seems_abandoned:
                exchange.connection.abort()
                continue
            exchange.started = now = perf_counter()
            if self._limits.are_set:
                refusal = self._limits.refusal(now - exchange.arrived)
                if refusal is not None:
                    exchange.respond(refusal)
                    continue
            return exchange
        return None

    def _watch_queue(self) -> None:
        """See to it that nobody waits beyond the bound, even when no slot ever gets free."""
        self._queue_timer = None
        limit = self._limits.max_wait_s or 0.0
        waiting = self.queue
        now = perf_counter()
        while waiting and now - waiting[0].arrived > limit:
            waiting.popleft().respond(self._limits.overloaded(len(waiting), self.pace.mean_ms / 1000.0))
        if waiting:
            after_s = max(0.001, waiting[0].arrived + limit - now + 0.001)
            self._queue_timer = self._loop.call_later(after_s, self._watch_queue)

    # ---- on the event loop ----

    def _run_turn(self) -> None:
        """Run what is queued, for one turn's time."""
        until = perf_counter() + TURN_S
        _set_running_loop(None)  # a script may call asyncio.run(), as it can under the reference server
        try:
            while self.queue and self.is_inline:
                if not self.pace.is_short or len(self.queue[0].request.body) > Pace.LARGE_BODY_BYTES:
                    self._move_out()
                    return
                if self._batcher is not None and len(self.queue) > 1:
                    self._run_batch()
                else:
                    self._gathers_s = 0.0
                    exchange = self._next()
                    if exchange is not None:
                        exchange.respond(self._in_time(exchange, self._run_inline(exchange)))
                if perf_counter() > until:
                    break
        finally:
            _set_running_loop(self._loop)
        if self.queue:
            self._wake()

    def _run_inline(self, exchange: Exchange) -> Response:
        self.inline_run = exchange
        response: Response = self._answer(exchange)
        self.inline_run = None
        self.pace.note((perf_counter() - exchange.started) * 1000.0)
        return response

    def _run_batch(self) -> None:
        exchanges: list[Exchange] = []
        while len(exchanges) < self._batcher.most:
            exchange = self._next()
            if exchange is None:
                break
            exchanges.append(exchange)
        if not exchanges:
            return
        self._gathers_s = self._batcher.wait_s if len(exchanges) > 1 else 0.0
        self.inline_run = exchanges[0]
        self.interruption.enter(exchanges[0])
        started = perf_counter()
        try:
            responses = self._batcher.answer([exchange.request for exchange in exchanges])
        except ScoringTimeout:
            responses = [self._timed_out(exchange) for exchange in exchanges]
        self.interruption.leave()
        self.inline_run = None
        self.pace.note((perf_counter() - started) * 1000.0 / len(exchanges))
        for exchange, response in zip(exchanges, responses):
            exchange.respond(self._in_time(exchange, response))

    def _answer(self, exchange: Exchange) -> Any:
        """Run in the main thread, interruptible."""
        try:
            self.interruption.enter(exchange)
            response = self._answer_request(exchange.request)
            self.interruption.leave()
        except ScoringTimeout:  # it came a moment after the script's end
            self.interruption.leave()
            response = self._timed_out(exchange)
        return response

    def _in_time(self, exchange: Exchange, response: Response) -> Response:
        if self._limits.gateway_timeout_s is None:
            return response
        return self._limits.too_late(perf_counter() - exchange.arrived) or response

    def _timed_out(self, exchange: Exchange) -> Response:
        since = perf_counter() - exchange.arrived
        timeout_ms = int(self._limits.scoring_timeout_s * 1000)
        return self._limits.too_late(since) or self._application.timed_out(exchange.request, timeout_ms)

    def _move_out(self) -> None:
        """Runs got long: continue on a thread of our own, and leave the main thread to the script."""
        self.is_inline = False
        self._wake()
        self._loop.stop()

    # ---- on another thread than the script ----

    def _send_out(self) -> None:
        """Give queued exchanges to free threads, or move back in when runs are short again."""
        while len(self.runs) < self.slots:
            if self._may_move_in():
                self.is_inline = True
                self._wake()
                self._leave_thread()
                return
            exchange = self._next()
            if exchange is None:
                return
            run = self.runs[exchange] = Run(exchange)
            self._start(run, self._run_away)

    def _may_move_in(self) -> bool:
        if self.runs or not self.pace.is_short or not self._is_away():
            return False
        return not self.queue or len(self.queue[0].request.body) <= Pace.LARGE_BODY_BYTES

    def _start(self, run: Run, work: Callable[[Run], None]) -> None:
        if self._main_run is None or self._main_run is run:
            self._main_run = run
            self._main_inbox.put(lambda: work(run))
            return
        if self._extra_threads is None:
            from concurrent.futures import ThreadPoolExecutor

            self._extra_threads = ThreadPoolExecutor(self.slots - 1, thread_name_prefix="mooring-run")
        self._extra_threads.submit(work, run)

    def _run_away(self, run: Run) -> None:
        """Run one exchange; in the main thread or an extra one."""
        exchange = run.exchange
        run.thread_id = threading.get_ident()
        exchange.started = perf_counter()
        response = self._answer(exchange) if run is self._main_run else self._answer_beside(exchange)
        self._loop.call_soon_threadsafe(self._came_back, run, response, perf_counter() - exchange.started)

    def _answer_beside(self, exchange: Exchange) -> Any:
        """Run in an extra thread."""
        try:
            return self._answer_request(exchange.request)
        except ScoringTimeout:
            return self._timed_out(exchange)

    def _came_back(self, run: Run, response: Response, run_s: float) -> None:
        self.pace.note(run_s * 1000.0)
        if not run.is_given_up and run.exchange.is_open:
            run.exchange.respond(self._in_time(run.exchange, response))
            if response.is_stream and run.exchange.is_open:
                return  # the stream keeps the slot
        self.free(run)

    def free(self, run: Run) -> None:
        """The run is over: its slot is for the next."""
        self.runs.pop(run.exchange, None)
        if self._main_run is run:
            self._main_run = None
        self._wake()

    def give_up(self, run: Run) -> None:
        """Answer a client whose run does not end even though it was interrupted."""
        if run.exchange in self.runs and not run.is_given_up:
            run.is_given_up = True
            run.exchange.respond(self._timed_out(run.exchange))

    # ---- asynchronous scripts ----

    def _start_tasks(self) -> None:
        while len(self.runs) < self.slots:
            exchange = self._next()
            if exchange is None:
                return
            self.runs[exchange] = Run(exchange)
            self._tasks[exchange] = self._loop.create_task(self._run_task(exchange))

    async def _run_task(self, exchange: Exchange) -> None:
        task = asyncio.current_task()
        assert task is not None  # noqa: S101
        alarm = self._loop.call_later(self._limits.longest_run_s(), task.cancel)
        try:
            response: Response = await self._answer_request(exchange.request)
        except asyncio.CancelledError:
            response = self._timed_out(exchange)
        finally:
            alarm.cancel()
        self._tasks.pop(exchange, None)
        exchange.respond(response)
        if not (response.is_stream and exchange.is_open):
            self.free(self.runs[exchange])

    # ---- streams ----

    def run_stream(self, exchange: Exchange, work: Callable[[Run], None]) -> None:
        """Go on with a response whose body is made by the script, in the script's thread."""
        run = self.runs.get(exchange)
        if run is None:  # it began on the event loop, where it can not go on
            run = self.runs[exchange] = Run(exchange)
            self.pace = Pace()
            if self.is_inline:
                self._move_out()
        run.thread_id = 0
        self._start(run, work)

    def keep_task(self, exchange: Exchange, task: asyncio.Task[None]) -> None:
        """Remember the task that sends a response, so that it ends when its client goes."""
        self._tasks[exchange] = task

    def stream_ended(self, exchange: Exchange) -> None:
        """An asynchronous stream is over."""
        self._tasks.pop(exchange, None)
        run = self.runs.get(exchange)
        if run is not None:
            self.free(run)

    def abandon(self, exchange: Exchange) -> None:
        """The client hung up: an asynchronous run is cancelled, others end by themselves."""
        task = self._tasks.get(exchange)
        if task is not None:
            task.cancel()
