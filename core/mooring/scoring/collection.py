"""Where collected model data goes: nowhere, until a sink is set.

`ModelDataCollector.collect` and `Collector.collect` call `record`; a part that stores data sets the sink.
"""

from __future__ import annotations

import logging
from typing import Any, Callable

__all__ = ["Sink", "has_sink", "record", "set_sink"]

logger = logging.getLogger("azmlinfsrv")

Sink = Callable[[str, Any, Any], None]

_sink: Sink | None = None


def set_sink(sink: Sink | None) -> None:
    """Send collected data to `sink(name, data, context)`; None drops it again."""
    global _sink  # noqa: PLW0603
    _sink = sink


def has_sink() -> bool:
    """Whether collected data goes anywhere."""
    return _sink is not None


def record(name: str, data: Any, context: Any = None) -> None:
    """Hand data to the sink; a sink that fails is logged and never fails the request."""
    if _sink is None:
        return
    try:
        _sink(name, data, context)
    except Exception:
        logger.exception("Collecting data for %r failed; the request goes on", name)
