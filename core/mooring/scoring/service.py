"""What stands between the connections and the script: gate, routes, queue, metrics, health, drain."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
from time import perf_counter
from typing import TYPE_CHECKING, Any, Callable, Sequence

from mooring.scoring.auth.gate import Gate
from mooring.scoring.binary import with_binary
from mooring.scoring.execution.engine import Engine
from mooring.scoring.execution.signals import SignalBell
from mooring.scoring.execution.streaming import Streamer
from mooring.scoring.execution.watchdog import Watchdog
from mooring.scoring.http.exchange import HALF_CLOSED_PATIENCE_S
from mooring.scoring.http.head import Head
from mooring.scoring.http.server import HttpServer
from mooring.scoring.limits import Limits
from mooring.scoring.logs import with_request
from mooring.scoring.messages import Headers, Request, Response
from mooring.scoring.metrics import Metrics
from mooring.scoring.tracing import export_log, find_tracer, with_span
from mooring.scoring.worker import new_event_loop, resident_bytes

if TYPE_CHECKING:
    from mooring.scoring.channel import Channel
    from mooring.scoring.contract.application import Application
    from mooring.scoring.http.exchange import Exchange
    from mooring.scoring.settings import ServerSettings
    from mooring.scoring.supervisor.keeper import ConnectionKeeper

__all__ = ["Service"]

logger = logging.getLogger("azmlinfsrv")
access_logger = logging.getLogger("azmlinfsrv.access")
REFRESH_S = 0.25
_UNAVAILABLE = 503


class Service:
    """One worker's service, once its script is loaded.

    Raises:
        KeysFileError, CertificateError: What guards the service can not be read.
    """

    def __init__(
        self,
        settings: ServerSettings,
        application: Application,
        channel: Channel,
        on_stuck: Callable[[], None] | None = None,
        keeper: ConnectionKeeper | None = None,
    ) -> None:
        self._settings = settings
        self._application = application
        self._channel = channel
        self._on_stuck = on_stuck
        self._gate = Gate(settings)
        self._certificate: Any = None
        if settings.tls_cert and settings.tls_key:
            from mooring.scoring.tls import Certificate

            self._certificate = Certificate(settings.tls_cert, settings.tls_key)
        self._limits = Limits(settings)
        self._loop = new_event_loop()
        self._metrics_paths, self._health_paths = settings.paths_of("/metrics"), settings.paths_of("/")
        self._uncounted = self._metrics_paths | self._health_paths | settings.paths_of("/swagger.json")
        self._metrics = Metrics(settings.metrics_dir, settings.model_names())
        answer = self._wrapped(application)
        batcher = self._batcher(answer)
        self._engine = Engine(application, answer, self._limits, settings, self._loop, batcher)
        self._streamer = Streamer(self._engine, self._loop)
        self._http = HttpServer(self, settings, keeper)
        self._drain: asyncio.Task[None] | None = None
        self._exit_code = 0
        stuck_after_s = float(settings.worker_timeout_s)
        self._watchdog = Watchdog(self._engine, self._limits, stuck_after_s, self._pulse, self._tell_stuck)

    def serve(self, listeners: Sequence[socket.socket]) -> int:
        """Serve until drained; the exit code. Call it in the main thread."""
        tls = self._certificate.context if self._certificate is not None else None
        self._loop.run_until_complete(self._http.start(listeners, tls))
        self._channel.listen(self._loop, self._obey, self.request_drain)
        self._keep_fresh()
        self._watchdog.start()
        self._channel.send({"event": "ready"})
        logger.info("Worker with pid %d ready for serving traffic", os.getpid())
        self._engine.run_loop(SignalBell(self._loop, self.request_drain))
        self._watchdog.stop()
        return self._exit_code

    # ---- what the connections ask (http.server.Handler) ----

    def admit(self, head: Head) -> Response | None:
        """A refusal by the gate, given before the body is read, or None."""
        reason = self._gate.refusal(head)
        if reason is None or self._is_preflight(head):
            return None
        request = Request(head.method, head.target, head.path, head.query, head.headers)
        response = self._application.refuse(request, 401, reason)
        response.headers.append(("WWW-Authenticate", "Bearer"))
        return response

    def handle(self, exchange: Exchange) -> None:
        """Queue what needs the script; answer everything else at once."""
        needs_run = exchange.head.needs_run
        if needs_run is None:
            needs_run = exchange.head.needs_run = self._application.needs_run(exchange.request)
        if needs_run:
            self._engine.submit(exchange)
        else:
            exchange.respond(self._answer_beside(exchange.request))

    def stream(self, exchange: Exchange, response: Response) -> None:
        """Send a body that comes in pieces."""
        self._streamer.start(exchange, response)

    def answered(self, exchange: Exchange, response: Response) -> None:
        """Count it, unless it is one of those that watch the service rather than use it."""
        now = perf_counter()
        if exchange.head.needs_run or exchange.request.path not in self._uncounted:
            self._metrics.count(response.status, now - exchange.arrived)
        if exchange.started:
            run_ms = response.run_ms
            run_s = None if run_ms is None else run_ms / 1000.0
            self._metrics.note_run(exchange.started - exchange.arrived, run_s)
        if self._settings.access_log:
            request = exchange.request
            text = "%s %s %s %d %.3fms"
            access_logger.info(
                text,
                request.remote,
                request.method,
                request.path,
                response.status,
                (now - exchange.arrived) * 1000,
            )

    def refuse(self, status: int, message: str) -> Response:
        """The answer to bytes that are no request."""
        response = self._application.refuse(Request("GET", "/", "/", "", Headers()), status, message)
        if status == _UNAVAILABLE:
            response.headers.append(("Retry-After", "1"))
        return response

    def refused(self, response: Response) -> None:
        """Count it."""
        self._metrics.count(response.status, 0.0)

    def half_closed(self, exchange: Exchange) -> None:
        """The client hung up, most likely: see again in a moment, when an answer at once would have gone out."""
        self._loop.call_later(HALF_CLOSED_PATIENCE_S, self._engine.abandon, exchange)

    def abandoned(self, exchange: Exchange) -> None:
        """The client hung up."""
        self._engine.abandon(exchange)

    # ---- routes that need no run ----

    def _answer_beside(self, request: Request) -> Response:
        if request.path in self._metrics_paths and self._settings.metrics:
            return self._metrics_page(request)
        if request.path in self._health_paths and self._watchdog.is_stuck:
            return Response(_UNAVAILABLE, b"Unhealthy: run() does not return", "text/html; charset=utf-8")
        response: Any = self._application.answer(request)
        assert isinstance(response, Response)  # noqa: S101 - only scoring is awaitable
        return response

    def _metrics_page(self, request: Request) -> Response:
        from mooring.scoring.metrics_page import CONTENT_TYPE, render_metrics

        if request.method not in {"GET", "HEAD"}:
            return self._application.refuse(request, 405, "The method is not allowed for the requested URL.")
        self._note_gauges()
        return Response(
            200, render_metrics(self._metrics, os.environ.get("MOORING_REVISION", "")), CONTENT_TYPE
        )

    def _is_preflight(self, head: Head) -> bool:
        """A browser asks before it sends a key; such a question never reaches the script."""
        if head.method != "OPTIONS" or not self._settings.cors_origins:
            return False
        return not self._application.needs_run(
            Request(head.method, head.target, head.path, head.query, head.headers)
        )

    # ---- around the clock ----

    def _keep_fresh(self) -> None:
        """A few times a second: files that may have changed, gauges, the sign that the loop turns."""
        self._engine.last_beat = perf_counter()
        if self._gate.is_on:
            self._gate.keys.refresh()
        if self._certificate is not None:
            self._certificate.refresh()
        self._note_gauges()
        self._loop.call_later(REFRESH_S, self._keep_fresh)

    def _note_gauges(self) -> None:
        set_gauge = self._metrics.set_gauge
        connections = self._http.connections
        set_gauge("in_flight", sum(connection.exchange is not None for connection in connections))
        set_gauge("queue_depth", len(self._engine.queue))
        set_gauge("connections", len(connections))
        set_gauge("init_seconds", self._init_seconds())
        set_gauge("resident_bytes", resident_bytes())
        set_gauge("stuck_runs", float(self._watchdog.is_stuck))

    def _init_seconds(self) -> float:
        return float(getattr(self._application, "init_seconds", 0.0))

    def _pulse(self, longest_run_s: float) -> None:
        """Called by the watchdog's thread."""
        engine = self._engine
        running = len(engine.runs) or int(engine.inline_run is not None)
        self._channel.send(
            {
                "event": "pulse",
                "in_run_s": round(longest_run_s, 3),
                "running": running,
                "queued": len(engine.queue),
                "mode": "inline" if engine.is_inline else "apart",
            }
        )

    def _tell_stuck(self, seconds: float) -> None:
        """Called by the watchdog's thread."""
        logger.error("run() has not returned for %.0f s and does not react to being interrupted.", seconds)
        self._channel.send({"event": "stuck", "seconds": round(seconds, 1)})
        if self._on_stuck is not None:
            self._on_stuck()

    # ---- the end ----

    def request_drain(self, within_s: float | None = None, idle_grace_s: float = 1.0) -> None:
        """Begin to drain, once; may be called from a signal handler or any thread."""
        within = self._settings.drain_s if within_s is None else within_s
        self._loop.call_soon_threadsafe(self._begin_drain, within, idle_grace_s)

    def _begin_drain(self, within_s: float, idle_grace_s: float) -> None:
        if self._drain is None:
            self._drain = self._loop.create_task(self._drain_and_end(within_s, idle_grace_s))

    async def _drain_and_end(self, within_s: float, idle_grace_s: float) -> None:
        logger.info("Draining: no new connections, %d open.", len(self._http.connections))
        self._channel.send({"event": "stopped-accepting"})
        is_finished = await self._http.drain(within_s, idle_grace_s)
        self._channel.send({"event": "drained"})
        self._http.stop()
        if self._engine.runs and not is_finished:
            self._leave_run_behind()
        self._engine.finish()

    def _leave_run_behind(self) -> None:
        """A run that outlasts the drain holds the main thread; only the end of the process ends it."""
        logger.warning("A run did not end within the time for draining and is cut off.")
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(0)

    def _obey(self, order: dict[str, Any]) -> None:
        """An order of the supervisor; unknown ones are from the future and ignored."""
        what = order.get("do")
        if what == "drain":
            within_s = float(order.get("within_s", self._settings.drain_s))
            self.request_drain(within_s, float(order.get("idle_grace_s", 1.0)))
        elif what == "linger":
            self._http.is_lingering = True
        elif what == "reload-keys" and self._gate.is_on:
            self._gate.keys.refresh()

    # ---- building ----

    def _wrapped(self, application: Application) -> Callable[[Request], Any]:
        """The application's `answer` with everything that is wrapped around it."""
        answer = with_binary(application.answer, application)
        export_log(self._settings)
        tracer = find_tracer(self._settings)
        if tracer is not None:
            answer = with_span(answer, tracer)
        return with_request(answer)

    def _batcher(self, answer: Callable[[Request], Any]) -> Any:
        if self._settings.batch is None:
            return None
        from mooring.scoring.batching import Batcher

        return Batcher.for_plan(self._application, answer, self._settings.batch, self._metrics)
