"""`textDocument/codeLens`: above `run`, the services that use this script, as they are when the editor asks."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from mooring_lsp.commands.services import SHOW_SERVICE
from mooring_lsp.documents import Snapshot
from mooring_lsp.server import MooringServer

if TYPE_CHECKING:
    from mooring.deployments.values import Service

_RUN = re.compile(r"^(?:async[ \t]+)?def[ \t]+run[ \t]*\(", re.MULTILINE)


def register(server: MooringServer) -> None:
    """Add the feature."""

    @server.feature(types.TEXT_DOCUMENT_CODE_LENS, types.CodeLensOptions(resolve_provider=False))
    async def code_lens(ls: MooringServer, params: types.CodeLensParams) -> list[types.CodeLens]:
        snapshot = ls.documents.find(params.text_document.uri)
        found = _RUN.search(snapshot.text) if snapshot is not None else None
        if snapshot is None or found is None or snapshot.kind == "cell":
            return []
        services = await asyncio.to_thread(ls.shelf.services_of, Path(snapshot.path))
        return [_lens(snapshot, found.start(), service) for service in services]


def _lens(snapshot: Snapshot, offset: int, service: Service) -> types.CodeLens:
    start = snapshot.places.position_at(offset)
    title = " · ".join([service.name, service.state, *service.models])
    command = types.Command(title, SHOW_SERVICE, arguments=[{"service": service.name, "uri": snapshot.uri}])
    return types.CodeLens(types.Range(start, start), command)
