"""`textDocument/codeLens`: above `run` and in configurations, the services that use them, and what can be done."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from typing import Any

from lsprotocol import types

from mooring_lsp.commands.ids import DEPLOY, SHOW_LOGS, SHOW_SERVICE, STOP, TEST, UPDATE
from mooring_lsp.documents import Snapshot, folder_of
from mooring_lsp.lenses import offset_in_config, offset_of_run, services_for, titles
from mooring_lsp.server import MooringServer

log = logging.getLogger(__name__)
_COMMANDS = {"show": SHOW_SERVICE, "test": TEST, "logs": SHOW_LOGS, "update": UPDATE, "stop": STOP}


def register(server: MooringServer) -> None:
    """Add the feature."""

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensOptions(resolve_provider=False))
    async def code_lens(ls: MooringServer, params: types.CodeLensParams) -> list[types.CodeLens]:
        snapshot = ls.documents.find(params.text_document.uri)
        if snapshot is None or snapshot.kind == "cell":
            return []
        offset = await asyncio.to_thread(_offset, snapshot)
        if offset is None:
            return []
        ls.lenses_are_shown = True
        ls.follow(folder_of(snapshot))
        place = snapshot.places.position_at(offset)
        commands = await asyncio.to_thread(lambda: list(_commands(ls, snapshot)))
        return [types.CodeLens(types.Range(place, place), command) for command in commands]


def _offset(snapshot: Snapshot) -> int | None:
    found = offset_of_run(snapshot)
    return found if found is not None else offset_in_config(snapshot)


def _commands(ls: MooringServer, snapshot: Snapshot) -> Iterator[types.Command]:
    found = _facts(ls, snapshot)
    for facts in found:
        argument = {"service": facts["name"], "uri": snapshot.uri}
        for title, action in titles(facts):
            yield types.Command(title, _COMMANDS[action], arguments=[argument])
    if not found and snapshot.uri.startswith("file:"):
        yield types.Command("Deploy this model…", DEPLOY, arguments=[{"uri": snapshot.uri, "ask": True}])


def _facts(ls: MooringServer, snapshot: Snapshot) -> list[dict[str, Any]]:
    """About each service that uses the document; a workspace out of reach shows as none."""
    try:
        workspace = ls.workspaces.find(ls.workspaces.settings_for(folder_of(snapshot)))
        if workspace is None:
            return []
        desk = workspace.services
        return [desk.details(service) for service in services_for(workspace, snapshot)]
    except Exception:
        log.exception("the services could not be read")
        return []
