"""Settings that several compute types have, described once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mooring.configs.deployment import Broken
from mooring.configs.fields import setting

_RESOURCES = "containerResourceRequirements"


def auth_enabled(*, default: bool) -> Any:
    """Key authentication."""
    doc = "Callers send a key as `Authorization: Bearer <key>`."
    return setting("authEnabled", "boolean", doc, default=default, protects=True)


def token_auth_enabled() -> Any:
    """Token authentication."""
    doc = "Callers send a token that expires; excludes authEnabled."
    return setting("tokenAuthEnabled", "boolean", doc, default=False, protects=True)


def primary_key() -> Any:
    """First of the two keys."""
    return setting(
        "keys.primaryKey", "text", "Key callers may use; absent: generated.", is_secret=True, protects=True
    )


def secondary_key() -> Any:
    """Second of the two keys."""
    doc = "Second key, so that the first can be changed without an outage; absent: generated."
    return setting("keys.secondaryKey", "text", doc, is_secret=True, protects=True)


def cpu_cores(default: float | None = 0.1, **facts: Any) -> Any:
    """CPU request."""
    return setting(
        f"{_RESOURCES}.cpu", "number", "CPU cores, may be a fraction.", default=default, above=0, **facts
    )


def memory_gb(default: float | None = 0.5, **facts: Any) -> Any:
    """Memory request."""
    return setting(f"{_RESOURCES}.memoryInGB", "number", "Memory in GB.", default=default, above=0, **facts)


def enable_app_insights(**facts: Any) -> Any:
    """Telemetry to Application Insights."""
    return setting("appInsightsEnabled", "boolean", "Send telemetry.", default=False, **facts)


def scoring_timeout_ms() -> Any:
    """Time run() may take."""
    doc = "Milliseconds run() may take; the caller gets 504 after that."
    return setting("scoringTimeoutMs", "integer", doc, default=60000, above=0)


def replica_max_concurrent_requests(
    default: int | None = 1,
    doc: str = "Requests one replica answers at once; leave it at 1 unless run() is built for more.",
) -> Any:
    """Concurrency of one replica."""
    return setting("maxConcurrentRequestsPerContainer", "integer", doc, default=default, above=0)


def max_request_wait_time(
    default: int | None = 500, doc: str = "Milliseconds a request may wait for a free replica before 503."
) -> Any:
    """Time in the queue."""
    return setting("maxQueueWaitMs", "integer", doc, default=default, above=0)


def tags() -> Any:
    """Tags of the service."""
    return setting("tags", "texts", "Tags of the service.", in_file=False)


def properties() -> Any:
    """Properties of the service."""
    return setting("properties", "texts", "Properties of the service; never changed later.", in_file=False)


def description() -> Any:
    """Description of the service."""
    return setting("description", "text", "Description of the service.", in_file=False)


def exclusive_auth(config: Any) -> Iterator[Broken]:
    """Keys and tokens can't both be asked for."""
    if config.auth_enabled and config.token_auth_enabled:
        problem = "Invalid configuration, auth_enabled and token_auth_enabled cannot both be true."
        remedy = "Set authEnabled or tokenAuthEnabled to false."
        yield Broken(("token_auth_enabled", "auth_enabled"), problem, remedy)
