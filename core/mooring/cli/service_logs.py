"""`mooring service get-logs`."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from mooring.cli import common_flags as common
from mooring.cli.call import Call
from mooring.cli.flags import flag
from mooring.cli.output import Answer
from mooring.cli.progress import line as phase_line
from mooring.cli.verb import verb

if TYPE_CHECKING:
    from mooring.deployments.values import Event, LogLine


def add_logs(app: typer.Typer) -> None:
    """Add the verb to its noun."""
    verb(app, "get-logs", examples=_EXAMPLES)(get_logs)


_EXAMPLES = (
    "mooring service get-logs -n scorer",
    "mooring service get-logs -n scorer --follow",
    "mooring service get-logs -n scorer --last-start -l 50",
)


def get_logs(
    call: Call,
    name: common.ServiceName,
    num_lines: Annotated[
        int, flag("--num_lines", "--num-lines", "-l", help="Last lines to show; 5000 unless said.")
    ] = 5000,
    follow: Annotated[
        bool, flag("--follow", help="Go on with events and lines as they come, until Ctrl-C.")
    ] = False,
    last_start: Annotated[
        bool, flag("--last-start", help="Only what the last start wrote, failed or not.")
    ] = False,
    init: Annotated[
        bool, flag("--init", "-i", help="The last start's lines: there is no init container.", hidden=True)
    ] = False,
) -> Answer | None:
    """Show what a service wrote.

    With --follow also what happens to it, as it happens.
    """
    services = call.workspace.services
    if follow:
        _write(call, _past_and_future(call, name, num_lines))
        return None
    lines = services.logs(name, num_lines, last_start=last_start or init)
    text = "\n".join(line.labelled for line in lines)
    return Answer([line.to_dict() for line in lines], columns={"Line": "text"}, text=text)


def _past_and_future(call: Call, name: str, num_lines: int) -> Iterator[Event | LogLine]:
    """The last lines, then what comes; the cursor makes sure that nothing is missed between."""
    services = call.workspace.services
    cursor: str | None = None
    past: deque[Event | LogLine] = deque(maxlen=max(num_lines, 0))
    for item in services.stream(name):
        past.append(item)
        cursor = item.cursor
    yield from past
    yield from services.stream(name, cursor, follow=True)


def _write(call: Call, items: Iterable[Event | LogLine]) -> None:
    for item in items:
        if call.form in ("json", "jsonc"):
            call.out.write(json.dumps(item.to_dict(), ensure_ascii=False) + "\n")
        else:
            phase = getattr(item, "phase", None)
            shown = getattr(item, "labelled", item.text)
            call.out.write((shown if phase is None else phase_line(phase, item.text)) + "\n")
        call.out.flush()
