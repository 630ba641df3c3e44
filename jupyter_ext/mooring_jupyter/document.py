"""The notebook as it was last saved: its cells in the order in which people read them."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class SavedCell:
    """A code cell of the document; `position` counts all code cells from 1."""

    position: int
    cell_id: str
    source: str


def find_notebook(shell: Any) -> Path | None:
    """The file of the notebook that this kernel belongs to, as far as the front end tells."""
    told = [
        shell.user_ns.get("__vsc_ipynb_file__"),
        shell.user_ns.get("__session__"),
        os.environ.get("JPY_SESSION_NAME"),
    ]
    for each in told:
        path = Path(str(each)) if each else None
        if path is not None and path.suffix == ".ipynb" and path.is_file():
            return path
    return None


def saved_at(path: Path) -> float:
    """When the file was written, as `time.time()` counts."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def read_cells(path: Path) -> list[SavedCell]:
    """The code cells of a notebook file; none when it can't be read."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return []
    cells = content.get("cells") if isinstance(content, dict) else None
    code = [cell for cell in cells or [] if isinstance(cell, dict) and cell.get("cell_type") == "code"]
    return [
        SavedCell(position, str(cell.get("id") or ""), "".join(cell.get("source") or []))
        for position, cell in enumerate(code, start=1)
    ]
