"""`mooring/logs/subscribe`, `unsubscribe` and `acknowledge`: a service's log, streamed as `mooring/logs`."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from functools import partial
from typing import Any

from mooring_lsp.asked import Asked
from mooring_lsp.log_links import links_in
from mooring_lsp.log_stream import Item, LogStream, LogSubscription, cursor_before_last, told
from mooring_lsp.server import MooringServer

LOGS = "mooring/logs"


async def subscribe(ls: MooringServer, asked: Asked) -> dict[str, Any]:
    """Begin to send the log."""
    service, cursor = asked.service, asked.find("cursor", str)
    settings = asked.settings
    desk = (await asyncio.to_thread(lambda: asked.workspace)).services
    await asyncio.to_thread(desk.created_time, service)
    last = asked.find("last", int)
    if cursor is None and last is not None:
        cursor = await asyncio.to_thread(cursor_before_last, desk.stream(service), last)
    subscription = uuid.uuid4().hex
    original = partial(desk.original_path, service)

    def send(batch: int, items: Sequence[Item], cursor: str, is_over: bool) -> None:
        params: dict[str, Any] = {
            "subscription": subscription,
            "service": service,
            "batch": batch,
            "items": [told(item, lambda text: links_in(text, original)) for item in items],
            "cursor": cursor,
        }
        if is_over:
            params["ended"] = True
            ls.log_streams.pop(subscription, None)
        ls.protocol.notify(LOGS, params)

    stream = LogStream(lambda: ls.workspaces.require(settings), service, cursor, send)
    ls.log_streams[subscription] = LogSubscription(stream, ls.start(stream.run()))
    return {"subscription": subscription, "cursor": cursor}


async def unsubscribe(ls: MooringServer, asked: Asked) -> None:
    """Send no more of it."""
    known = ls.log_streams.pop(asked.get("subscription", str), None)
    if known is not None:
        known.task.cancel()


async def acknowledge(ls: MooringServer, asked: Asked) -> None:
    """The client has taken in a batch."""
    known = ls.log_streams.get(asked.get("subscription", str))
    if known is not None:
        known.stream.acknowledge(asked.get("batch", int))
