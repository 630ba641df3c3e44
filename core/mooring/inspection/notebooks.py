"""Scripts, configs and conda files that a notebook writes: cells that begin with `%%writefile` or one of Mooring's magics."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from mooring.findings import Finding

_TARGETS = {
    "writefile": "score.py",
    "entry_script": "score.py",
    "inference_config": "inferenceconfig.json",
    "deployment_config": "deploymentconfig.json",
    "conda": "myenv.yml",
}
"""What a magic writes to when the cell names no file."""
_MAGIC = re.compile(rf"%%(?P<magic>{'|'.join(_TARGETS)})\b(?P<rest>[^\n]*)(?:\n|$)", re.IGNORECASE)


@dataclass(frozen=True)
class Cell:
    """A cell that writes a file.

    Attributes:
        number: From 1, all cells of the notebook counted.
        target: The path as it is written, `$variables` and all.
        text: What goes into the file.
        line_offset: Lines of the cell above it.
        is_entry_script: Whether the magic itself says that it is one.
        is_conda_file: Whether the magic says that it is one of those.
    """

    number: int
    target: str
    text: str
    line_offset: int
    is_entry_script: bool
    is_conda_file: bool = False


def cells_of(notebook: str) -> Iterator[Cell]:
    """The cells of a notebook that write a file, in order; none when it is no notebook."""
    if not any(f"%%{magic}" in notebook for magic in _TARGETS):
        return
    try:
        content = json.loads(notebook)
    except ValueError:
        return
    cells = content.get("cells") if isinstance(content, dict) else None
    for number, cell in enumerate(cells if isinstance(cells, list) else [], start=1):
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source", "")
            text = "".join(map(str, source)) if isinstance(source, list) else str(source)
            found = cell_of(text, number)
            if found is not None:
                yield found


def cell_of(text: str, number: int = 1) -> Cell | None:
    """A cell's text as the file that it writes; None when it writes none, or only adds to one."""
    blank = text[: len(text) - len(text.lstrip())]
    found = _MAGIC.match(text, len(blank))
    if found is None:
        return None
    words = [word for word in found["rest"].split() if word]
    if any(word in {"-a", "--append"} for word in words):
        return None
    target = next((word.strip("'\"") for word in words if not word.startswith("-")), "")
    line_offset = blank.count("\n") + 1
    magic = found["magic"].lower()
    return Cell(
        number,
        target or _TARGETS[magic],
        text[found.end() :],
        line_offset,
        is_entry_script=magic == "entry_script",
        is_conda_file=magic == "conda",
    )


def moved(finding: Finding, cell: Cell, path: str) -> Finding:
    """A finding in the written text as one in the notebook's cell."""
    span = finding.span
    place = replace(span, line=span.line + cell.line_offset, end_line=span.end_line + cell.line_offset)
    data = dict(finding.data)
    fix = data.get("fix")
    if isinstance(fix, dict):
        data["fix"] = {**fix, "edits": [_moved_edit(edit, cell.line_offset) for edit in fix["edits"]]}
    return replace(finding, path=f"{path}#cell{cell.number}", span=place, data=data)


def _moved_edit(edit: dict[str, object], lines: int) -> dict[str, object]:
    return {**edit, "line": int(str(edit["line"])) + lines, "end_line": int(str(edit["end_line"])) + lines}
