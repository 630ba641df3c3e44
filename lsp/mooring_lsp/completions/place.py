"""A place in a document where something is completed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from lsprotocol import types

from mooring.inspection import ScriptUse
from mooring_lsp.documents import Snapshot, folder_of
from mooring_lsp.shelf import Shelf


@dataclass(frozen=True)
class Place:
    """Where the cursor is.

    Attributes:
        offset: In code points.
        shelf: What the workspace holds.
        use: The configuration that names the document, when it is an entry script.
        takes_snippets: Whether the editor understands snippets.
    """

    snapshot: Snapshot
    offset: int
    shelf: Shelf
    use: ScriptUse | None = None
    takes_snippets: bool = False

    @property
    def folder(self) -> Path:
        """The document's."""
        return folder_of(self.snapshot)

    @property
    def is_python(self) -> bool:
        """Whether Python is written there."""
        return self.snapshot.kind == "cell" or self.snapshot.path.endswith((".py", ".ipynb"))

    @cached_property
    def before(self) -> str:
        """The line up to the place."""
        return self.snapshot.text[: self.offset].rpartition("\n")[2]

    def edit(self, replaced: int, text: str) -> types.TextEdit:
        """Write something in the place of the last code points before it."""
        places = self.snapshot.places
        start, end = places.position_at(self.offset - replaced), places.position_at(self.offset)
        return types.TextEdit(types.Range(start, end), text)
