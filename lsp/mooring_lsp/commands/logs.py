"""`mooring.showLogs`: the client that shows logs is told to; for any other editor they are written to a file, and shown."""

from __future__ import annotations

import asyncio
from pathlib import Path

from lsprotocol import types

from mooring_lsp.answering import Answer, show
from mooring_lsp.asked import Asked
from mooring_lsp.log_files import follow_into_file
from mooring_lsp.server import MooringServer

SHOW_LOGS_NOTIFICATION = "mooring/showLogs"


async def show_logs(ls: MooringServer, asked: Asked) -> Answer:
    """Show a service's log."""
    await asyncio.to_thread(lambda: asked.workspace.services.get(asked.service))
    path = await show_log(ls, asked.settings.workspace, asked.service)
    return {"uri": path.as_uri() if path is not None else None}


def begin_log(ls: MooringServer, workspace: str, service: str) -> None:
    """Show the log of a deployment that has begun, beside whatever else goes on."""
    ls.start(_begin(ls, workspace, service))


async def _begin(ls: MooringServer, workspace: str, service: str) -> None:
    await show_log(ls, workspace, service)


async def show_log(ls: MooringServer, workspace: str, service: str) -> Path | None:
    """Show a service's log; the file it is written to, for editors that do not show logs themselves."""
    if ls.options.shows_logs:
        ls.protocol.notify(SHOW_LOGS_NOTIFICATION, {"workspace": workspace, "service": service})
        return None
    path = await follow_into_file(ls, workspace, service)
    window = ls.client_capabilities.window
    if window is not None and window.show_document is not None and window.show_document.support:
        params = types.ShowDocumentParams(path.as_uri(), external=False, take_focus=False)
        await ls.window_show_document_async(params)
    else:
        show(ls, f"The log of {service} is in {path}")
    return path
