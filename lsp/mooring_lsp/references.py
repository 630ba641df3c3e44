"""Where files name each other and the registry: config to script and conda file, script to model, SDK code to script."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mooring.configs import is_inference_config
from mooring.findings import Span
from mooring.inspection.project import find_use
from mooring_lsp.config_places import read_config
from mooring_lsp.documents import Snapshot, folder_of

Kind = Literal["script", "environment", "model"]
_CONDA_PATHS = (("condaFile",), ("environment", "python", "condaDependenciesFile"))
_MODEL = re.compile(
    r"""get_model_path\(\s*(?:model_name\s*=\s*)?(["'])(?P<name>[\w.-]+)\1|(["'])(?P<id>[\w.-]+:\d+)\3"""
)
_ENTRY_SCRIPT = re.compile(r"""\bentry_script\s*=\s*(["'])(?P<path>[^"'\n]+\.py)\1""")


@dataclass(frozen=True)
class Reference:
    """One name of something else.

    Attributes:
        start, end: Of the name, in code points of the text; quotes are left out.
        path: Of the file that is meant; None for a model.
        name: Of the model that is meant, with or without a version; empty for a file.
        written: The text between start and end.
    """

    kind: Kind
    start: int
    end: int
    written: str
    path: Path | None = None
    name: str = ""


def references_in(snapshot: Snapshot) -> Iterator[Reference]:
    """All of a document, in no order."""
    if snapshot.path.endswith((".py", ".ipynb")) or snapshot.kind == "cell":
        yield from _in_python(snapshot)
    else:
        yield from _in_config(snapshot)


def reference_at(snapshot: Snapshot, offset: int) -> Reference | None:
    """The one around a place."""
    return next((each for each in references_in(snapshot) if each.start <= offset <= each.end), None)


def references_to(script: Path, snapshots: Iterable[Snapshot]) -> Iterator[tuple[Snapshot, Reference]]:
    """Every place in these documents that names a script."""
    for snapshot in snapshots:
        for reference in references_in(snapshot):
            if reference.kind == "script" and reference.path == script:
                yield snapshot, reference


def _in_python(snapshot: Snapshot) -> Iterator[Reference]:
    for found in _MODEL.finditer(snapshot.text):
        group = "name" if found["name"] is not None else "id"
        yield Reference("model", found.start(group), found.end(group), found[group], name=found[group])
    folder = folder_of(snapshot)
    for found in _ENTRY_SCRIPT.finditer(snapshot.text):
        path = folder / found["path"]
        yield Reference("script", found.start("path"), found.end("path"), found["path"], path=path)


def _in_config(snapshot: Snapshot) -> Iterator[Reference]:
    document = read_config(snapshot)
    use = find_use(Path(snapshot.path), document) if document and is_inference_config(document) else None
    if document is None or use is None:
        return
    yield _at(snapshot, "script", document.span_of(("entryScript",)), use.script)
    written = next((path for path in _CONDA_PATHS if _is_text(document.value, path)), None)
    if use.environment_file is not None and written is not None:
        yield _at(snapshot, "environment", document.span_of(written), use.environment_file)


def _at(snapshot: Snapshot, kind: Kind, span: Span, path: Path) -> Reference:
    place = snapshot.places.range_of(span)
    start, end = snapshot.places.offset_at(place.start), snapshot.places.offset_at(place.end)
    if end - start > 1 and snapshot.text[start] in "\"'" and snapshot.text[end - 1] == snapshot.text[start]:
        start, end = start + 1, end - 1
    return Reference(kind, start, end, snapshot.text[start:end], path=path)


def _is_text(value: object, path: tuple[str, ...]) -> bool:
    for step in path:
        value = value.get(step) if isinstance(value, dict) else None
    return isinstance(value, str)
