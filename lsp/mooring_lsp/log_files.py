"""Logs as files, for editors that show no streams: one for each service, written on as long as the session lasts."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from pathlib import Path

from mooring.deployments import LogLine
from mooring_lsp.log_stream import Item, LogStream, LogSubscription
from mooring_lsp.server import MooringServer

_FIRST_LINES_S = 5.0


async def follow_into_file(ls: MooringServer, workspace: str, service: str) -> Path:
    """Write the log of a service into a file of its own, and go on; returns once what there is has been written."""
    name = f"file {workspace}/{service}"
    path = ls.logs_folder / f"{workspace}-{service}.log"
    if name not in ls.log_streams:
        path.write_text("", encoding="utf-8")
        has_begun = asyncio.Event()
        stream = LogStream(
            lambda: ls.workspaces.require(ls.workspaces.settings_for(path.parent, workspace)),
            service,
            None,
            lambda batch, items, _, is_over: _write(ls, name, path, batch, items, is_over, has_begun),
        )
        ls.log_streams[name] = LogSubscription(stream, ls.start(stream.run()))
        with contextlib.suppress(asyncio.TimeoutError):
            await asyncio.wait_for(has_begun.wait(), _FIRST_LINES_S)
    return path


def _write(
    ls: MooringServer,
    name: str,
    path: Path,
    batch: int,
    items: Sequence[Item],
    is_over: bool,
    has_begun: asyncio.Event,
) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f"{line_of(item)}\n" for item in items)
    if is_over:
        ls.log_streams.pop(name, None)
    else:
        ls.log_streams[name].stream.acknowledge(batch)
    has_begun.set()


def line_of(item: Item) -> str:
    """An item as a line of text."""
    time = item.time.astimezone().strftime("%H:%M:%S ") if item.time is not None else ""
    return f"{time}{item.text}" if isinstance(item, LogLine) else f"{time}[{item.phase}] {item.text}"
