"""A script under another name: every configuration and every line of code that names it goes along."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from lsprotocol import types

from mooring_lsp.documents import Snapshot
from mooring_lsp.references import references_to

TextEdits = dict[str, list[types.TextEdit]]


def edits_for(
    script: Path, new: Path, snapshots: Iterable[Snapshot]
) -> Iterator[tuple[Snapshot, types.TextEdit]]:
    """What has to be written where a script is named.

    Args:
        script: As it is called now.
        new: As it will be.
        snapshots: The documents that may name it.
    """
    for snapshot, reference in references_to(script, snapshots):
        written = _written(reference.written, script, new)
        place = snapshot.places.range_between(reference.start, reference.end)
        yield snapshot, types.TextEdit(place, written)


def _written(before: str, script: Path, new: Path) -> str:
    """The path as it was written, led to the new place: relative to the folder that the old one started from."""
    steps = before.replace("\\", "/").split("/")
    root = script
    for _ in range(len([step for step in steps if step not in {"", "."}])):
        root = root.parent
    return (
        new.name
        if len(steps) == 1 and new.parent == script.parent
        else Path(os.path.relpath(new, root)).as_posix()
    )
