"""OpenTelemetry: spans around runs, and the log, when the environment has the SDK and an endpoint is configured."""

from __future__ import annotations

import logging
import os
import warnings
from typing import TYPE_CHECKING, Any, Awaitable, Callable

from mooring.scoring.messages import Request, Response

if TYPE_CHECKING:
    from mooring.scoring.settings import ServerSettings

__all__ = ["export_log", "find_tracer", "with_span"]

logger = logging.getLogger("azmlinfsrv")
_ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
_PACKAGES = "Add opentelemetry-sdk and opentelemetry-exporter-otlp-proto-http."
_SERVER_ERROR = 500


def find_tracer(settings: ServerSettings) -> Any | None:
    """A tracer that exports to the configured endpoint, or None; says in the log why not when one was asked for."""
    if not (os.environ.get(_ENDPOINT) or os.environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")):
        return None
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        logger.warning("No traces: %s. %s", error, _PACKAGES)
        return None
    provider = TracerProvider(resource=_resource(settings))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider.get_tracer("mooring.scoring")


def export_log(settings: ServerSettings) -> None:
    """Send the log, the script's prints among it, to the configured endpoint as well, each line with its trace."""
    if not (os.environ.get(_ENDPOINT) or os.environ.get("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT")):
        return
    try:
        from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
        from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
        from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
    except ImportError as error:
        logger.warning("No exported log: %s. %s", error, _PACKAGES)
        return
    provider = LoggerProvider(resource=_resource(settings))
    provider.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter()))
    with (
        warnings.catch_warnings()
    ):  # the SDK would rather see one more package installed than its own handler used
        warnings.simplefilter("ignore", DeprecationWarning)
        logger.addHandler(LoggingHandler(logger_provider=provider))


def _resource(settings: ServerSettings) -> Any:
    from opentelemetry.sdk.resources import Resource

    return Resource.create(
        {
            "service.name": os.environ.get("OTEL_SERVICE_NAME") or settings.service_name,
            "service.version": settings.service_version,
            "mooring.models": ",".join(settings.model_names()),
        }
    )


def with_span(answer: Callable[[Request], Any], tracer: Any) -> Callable[[Request], Any]:
    """The same function inside a span that continues the client's W3C trace context."""
    from opentelemetry.trace import SpanKind, set_span_in_context
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    read_context = TraceContextTextMapPropagator().extract

    def answer_traced(request: Request) -> Any:
        parent = read_context(
            {name: value for name, value in request.headers if name in {"traceparent", "tracestate"}}
        )
        span = tracer.start_span(f"{request.method} {request.path}", context=parent, kind=SpanKind.SERVER)
        span.set_attributes({"http.request.method": request.method, "url.path": request.path})
        with _Current(set_span_in_context(span, parent)):
            answered = answer(request)
        if isinstance(answered, Response):
            _end(span, answered)
            return answered
        return _end_later(span, answered)

    return answer_traced


class _Current:
    """Makes a context the current one, so that the script's own spans become children."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self._token: Any = None

    def __enter__(self) -> None:
        from opentelemetry import context

        self._token = context.attach(self._context)

    def __exit__(self, *exc: object) -> None:
        from opentelemetry import context

        context.detach(self._token)


async def _end_later(span: Any, answered: Awaitable[Response]) -> Response:
    response = await answered
    _end(span, response)
    return response


def _end(span: Any, response: Response) -> None:
    span.set_attribute("http.response.status_code", response.status)
    if response.run_ms is not None:
        span.set_attribute("mooring.run_ms", response.run_ms)
    if response.status >= _SERVER_ERROR:
        from opentelemetry.trace import Status, StatusCode

        span.set_status(Status(StatusCode.ERROR))
    span.end()
