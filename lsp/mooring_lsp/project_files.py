"""The project's files as documents: as the editor holds them, or as they are on disk."""

from __future__ import annotations

import itertools

from mooring.inspection import find_files
from mooring_lsp.documents import Snapshot
from mooring_lsp.server import MooringServer

_MOST_FILES = 5_000
_LARGEST = 1_000_000  # bytes
_ENDINGS = (".py", ".json", ".yml", ".yaml")


def project_snapshots(ls: MooringServer) -> list[Snapshot]:
    """Every script and configuration of the folders that the editor has open."""
    found = {each.path: each for each in ls.documents if each.kind == "file"}
    for file in itertools.islice(find_files(ls.folders), _MOST_FILES):
        path = str(file.absolute())
        if path in found or file.suffix.lower() not in _ENDINGS:
            continue
        try:
            if file.stat().st_size > _LARGEST:
                continue
            with file.open(encoding="utf-8", newline="") as stream:
                text = stream.read()
        except (OSError, UnicodeDecodeError):
            continue
        found[path] = Snapshot(
            uri=file.absolute().as_uri(), path=path, text=text, encoding=ls.documents.encoding
        )
    return list(found.values())
