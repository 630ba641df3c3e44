"""`azureml.ai.monitoring.Collector`: keeps data frames, when something is there to keep them."""

from __future__ import annotations

import uuid
from typing import Any, Callable

from mooring.scoring import collection

__all__ = ["BasicCorrelationContext", "Collector"]


class BasicCorrelationContext:
    """Ties inputs and outputs of one request together.

    Args:
        id: The correlation id; a new one when not given.
    """

    def __init__(self, id: str | None = None, headers: Any = None) -> None:  # noqa: A002
        self.id = id or str(uuid.uuid4())
        self.headers = headers

    def get_id(self) -> str:
        """The correlation id."""
        return self.id

    def get_headers(self) -> Any:
        """The headers, when they were given."""
        return self.headers


class Collector:
    """Collects data frames under a name.

    The original raises when collection is off and no `on_error` is given; here it is off quietly.

    Args:
        name: The collection.
        on_error: Called with the exception when data is of the wrong kind; without it the exception is raised.
    """

    def __init__(self, *, name: str, on_error: Callable[[Exception], Any] | None = None) -> None:
        self.name = name
        self.on_error = on_error

    def collect(self, data: Any, correlation_context: Any = None) -> Any:
        """Keep a data frame where a sink is set; returns the context to pass with the outputs."""
        context = correlation_context or BasicCorrelationContext()
        if collection.has_sink():
            collection.record(self.name, data, context)
        return context
