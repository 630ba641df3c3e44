"""`textDocument/documentLink`: from a configuration to the script, folder and conda file that it names."""

from __future__ import annotations

import asyncio
from pathlib import Path

from lsprotocol import types

from mooring.configs import is_inference_config
from mooring.findings import Span
from mooring.inspection.project import find_use
from mooring_lsp.config_places import read_config
from mooring_lsp.documents import Snapshot
from mooring_lsp.server import MooringServer

_CONDA_PATHS = (("condaFile",), ("environment", "python", "condaDependenciesFile"))


def register(server: MooringServer) -> None:
    """Add the feature."""

    @server.feature(types.TEXT_DOCUMENT_DOCUMENT_LINK, types.DocumentLinkOptions(resolve_provider=False))
    async def document_link(ls: MooringServer, params: types.DocumentLinkParams) -> list[types.DocumentLink]:
        snapshot = ls.documents.find(params.text_document.uri)
        if snapshot is None or snapshot.kind == "cell":
            return []
        return await asyncio.to_thread(_links, snapshot)


def _links(snapshot: Snapshot) -> list[types.DocumentLink]:
    document = read_config(snapshot)
    use = find_use(Path(snapshot.path), document) if document and is_inference_config(document) else None
    if document is None or use is None:
        return []
    targets = [(document.span_of(("entryScript",)), use.script)]
    written = next((path for path in _CONDA_PATHS if _is_text(document.value, path)), None)
    if use.environment_file is not None and written is not None:
        targets.append((document.span_of(written), use.environment_file))
    return [_link(snapshot, span, path) for span, path in targets if path.is_file()]


def _is_text(value: object, path: tuple[str, ...]) -> bool:
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return isinstance(value, str)


def _link(snapshot: Snapshot, span: Span, path: Path) -> types.DocumentLink:
    return types.DocumentLink(snapshot.places.range_of(span), path.absolute().as_uri())
