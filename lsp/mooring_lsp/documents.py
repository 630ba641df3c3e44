"""The open documents: each a snapshot that never changes, replaced as a whole when the editor reports a change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePath
from typing import Literal
from urllib.parse import unquote, urlsplit

from lsprotocol import types
from pygls.uris import to_fs_path

from mooring_lsp.convert import Encoding, Places, apply_changes

Kind = Literal["file", "cell"]
# Where JupyterLab's client says that a notebook lies, and each file that one of its cells writes.
_WRITTEN_BY_CELL = re.compile(r"/\.virtual_documents/(?P<notebook>.*\.ipynb)\.[^/]*$")
_ENDINGS = {"python": ".py", "json": ".json", "jsonc": ".json", "yaml": ".yml"}


@dataclass(frozen=True)
class Snapshot:
    """A document as it was at one version.

    Attributes:
        path: Where it is, or would be when it is saved; of a cell: the notebook's.
        kind: `cell` for a cell of a notebook.
        number: Rises with every change of any document; tells two snapshots apart, whatever the editor calls them.
    """

    uri: str
    path: str
    text: str
    version: int | None = None
    language: str = ""
    kind: Kind = "file"
    encoding: Encoding = types.PositionEncodingKind.Utf16
    number: int = 0

    @cached_property
    def places(self) -> Places:
        """Where things stand in it."""
        return Places(self.text, self.encoding)


class Documents:
    """What the editor has open, by address. Only the event loop changes it."""

    def __init__(self) -> None:
        self.encoding: Encoding = types.PositionEncodingKind.Utf16
        self._open: dict[str, Snapshot] = {}
        self._changes = 0

    def open(self, item: types.TextDocumentItem, kind: Kind = "file") -> Snapshot:
        """A document has been opened."""
        if _WRITTEN_BY_CELL.search(unquote(item.uri)):
            kind = "cell"
        return self._keep(
            Snapshot(
                uri=item.uri,
                path=path_of(item.uri, item.language_id),
                text=item.text,
                version=item.version,
                language=item.language_id,
                kind=kind,
                encoding=self.encoding,
            )
        )

    def change(
        self, uri: str, version: int | None, changes: Sequence[types.TextDocumentContentChangeEvent]
    ) -> Snapshot | None:
        """A document has been changed; None when it is not open."""
        known = self._open.get(uri)
        if known is None:
            return None
        return self._keep(
            replace(known, text=apply_changes(known.text, changes, known.encoding), version=version)
        )

    def close(self, uri: str) -> Snapshot | None:
        """A document has been closed; what it was last."""
        return self._open.pop(uri, None)

    def find(self, uri: str) -> Snapshot | None:
        """The document as it is now; None when it is not open."""
        return self._open.get(uri)

    def find_path(self, path: Path) -> Snapshot | None:
        """The open document that a file is shown in; None when there is none."""
        wanted = str(path)
        return next((each for each in self if each.kind == "file" and each.path == wanted), None)

    def is_current(self, snapshot: Snapshot) -> bool:
        """Whether nothing has happened to the document since."""
        known = self._open.get(snapshot.uri)
        return known is not None and known.number == snapshot.number

    def __iter__(self) -> Iterator[Snapshot]:
        return iter(list(self._open.values()))

    def _keep(self, snapshot: Snapshot) -> Snapshot:
        self._changes += 1
        kept = replace(snapshot, number=self._changes)
        self._open[kept.uri] = kept
        return kept


def path_of(uri: str, language: str = "") -> str:
    """The path that an address means; of one without a file, a name that tells what it holds."""
    parts = urlsplit(uri)
    path = to_fs_path(uri) if parts.scheme == "file" else unquote(parts.path)
    path = _WRITTEN_BY_CELL.sub(r"/\g<notebook>", path or uri)
    if parts.scheme == "untitled" and not PurePath(path).suffix:
        path += _ENDINGS.get(language, "")
    return path


def folder_of(snapshot: Snapshot) -> Path:
    """The folder a document lies in."""
    return Path(snapshot.path).absolute().parent
