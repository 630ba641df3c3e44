"""Log lines and history as they travel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from mooring.deployments import Event
    from mooring.deployments import LogLine as WrittenLine
    from mooring_jupyter.shapes import LogLine


def as_line(item: Event | WrittenLine) -> LogLine:
    """A line of either kind; short, for a thousand of them may come in a second."""
    time = item.time.isoformat(timespec="milliseconds") if item.time else None
    kind = getattr(item, "kind", None)
    if kind is None:
        written = cast("WrittenLine", item)
        return {"time": time, "text": written.text, "stream": written.stream, "source": written.source}
    event = cast("Event", item)
    line: LogLine = {"time": time, "text": event.text, "phase": event.phase, "kind": kind}
    failure: Any = event.data.get("failure")
    if failure:
        line["failure"] = failure
    return line
