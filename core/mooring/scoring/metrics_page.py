"""The numbers as Prometheus reads them (text format 0.0.4)."""

from __future__ import annotations

import sys
from typing import Iterator, Sequence

from mooring.scoring.metrics import (
    BATCH_BOUNDS,
    FIRST_STATUS,
    GAUGES,
    SECONDS_BOUNDS,
    STATUSES,
    Layout,
    Metrics,
    add_up,
)

__all__ = ["CONTENT_TYPE", "render_metrics"]

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_GAUGE_TEXT = {
    "in_flight": ("mooring_requests_in_flight", "Requests being answered, queued ones included."),
    "queue_depth": ("mooring_queue_depth", "Requests waiting for a run."),
    "connections": ("mooring_connections", "Open client connections."),
    "init_seconds": (
        "mooring_init_seconds",
        "What importing the script and its init() took; of the slowest worker.",
    ),
    "resident_bytes": ("mooring_resident_memory_bytes", "Resident memory of the workers."),
    "stuck_runs": ("mooring_stuck_runs", "Runs that did not end after being interrupted."),
}


def render_metrics(metrics: Metrics, revision: str = "") -> bytes:
    """The page for one scrape: this worker and the others of the service."""
    rows = add_up(metrics.tables())
    lines: list[str] = []
    if revision:
        lines += _heading("mooring_service_info", "gauge", "Which revision answers; always 1.")
        lines.append(f"mooring_service_info{_labels(revision=revision)} 1")
    lines += _heading(
        "mooring_request_seconds", "histogram", "From the complete request to its response, by status."
    )
    for label, total, _ in rows:
        for status in range(STATUSES):
            start = status * Layout.WIDTH
            labels = _labels(model=label, status=str(status + FIRST_STATUS))
            lines += _histogram("mooring_request_seconds", labels, total, start, SECONDS_BOUNDS)
    for name, text, start, bounds in (
        ("mooring_queue_wait_seconds", "Wait for a run.", Layout.WAIT, SECONDS_BOUNDS),
        ("mooring_run_seconds", "Time in the script's run().", Layout.RUN, SECONDS_BOUNDS),
        ("mooring_batch_size", "Requests answered by one run.", Layout.BATCH, BATCH_BOUNDS),
    ):
        lines += _heading(name, "histogram", text)
        for label, total, _ in rows:
            lines += _histogram(name, _labels(model=label), total, start, bounds)
    for place, gauge in enumerate(GAUGES):
        name, text = _GAUGE_TEXT[gauge]
        lines += _heading(name, "gauge", text)
        for label, _, living in rows:
            values = [cells[place] for cells in living] or [0.0]
            value = max(values) if gauge == "init_seconds" else sum(values)
            lines.append(f"{name}{_labels(model=label)} {_number(value)}")
    lines += _heading("mooring_workers", "gauge", "Living workers.")
    lines += [f"mooring_workers{_labels(model=label)} {len(living)}" for label, _, living in rows]
    return ("\n".join(lines) + "\n").encode() + _of_script()


def _of_script() -> bytes:
    """What the script itself registered with prometheus_client, if it uses that."""
    client = sys.modules.get("prometheus_client")
    if client is None:
        return b""
    page: bytes = client.generate_latest()
    return page


def _histogram(
    name: str, labels: str, total: Sequence[float], start: int, bounds: Sequence[float]
) -> Iterator[str]:
    buckets = total[start : start + len(bounds) + 1]
    if not any(buckets):
        return
    reached = 0.0
    for bound, count in zip((*bounds, float("inf")), buckets):
        reached += count
        edge = "+Inf" if bound == float("inf") else _number(bound)
        yield f'{name}_bucket{labels[:-1]},le="{edge}"}} {_number(reached)}'
    yield f"{name}_sum{labels} {_number(total[start + len(bounds) + 1])}"
    yield f"{name}_count{labels} {_number(reached)}"


def _heading(name: str, kind: str, text: str) -> list[str]:
    return [f"# HELP {name} {text}", f"# TYPE {name} {kind}"]


def _labels(**labels: str) -> str:
    pairs = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return "{" + pairs + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)
