"""One more package in a conda or requirements file, with everything else in it left as it is written."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PIP = re.compile(r"^(?P<indent>\s*)-\s*pip\s*:\s*(?:#.*)?$")
_DEPENDENCIES = re.compile(r"^(?P<indent>\s*)dependencies\s*:\s*(?:#.*)?$")
_ITEM = re.compile(r"^(?P<indent>\s*)-\s")


@dataclass(frozen=True)
class Insertion:
    """Whole lines to put before a line, counted from 0; behind the last one when there are fewer."""

    line: int
    text: str


def add_package(text: str, requirement: str, *, is_conda: bool) -> Insertion | None:
    """Where and how to write a pip requirement; None when the file is not written in a way that can be added to.

    Args:
        text: Of the file.
        requirement: `scikit-learn==1.7.0`.
        is_conda: Whether it is a conda file; else it holds one requirement a line.
    """
    lines = text.split("\n")
    end = len(lines) if lines[-1].strip() else len(lines) - 1
    if not is_conda:
        return Insertion(end, f"{requirement}\n")
    for number, line in enumerate(lines):
        found = _PIP.match(line)
        if found is not None:
            return _in_list(lines, number, len(found["indent"]), requirement)
    for number, line in enumerate(lines):
        found = _DEPENDENCIES.match(line)
        if found is not None:
            after, indent = _end_of_list(lines, number, len(found["indent"]) - 1)
            space = " " * (indent if indent is not None else 2)
            return Insertion(after, f"{space}- pip:\n{space}    - {requirement}\n")
    return None


def _in_list(lines: list[str], start: int, above: int, requirement: str) -> Insertion:
    after, indent = _end_of_list(lines, start, above)
    space = " " * (indent if indent is not None else above + 4)
    return Insertion(after, f"{space}- {requirement}\n")


def _end_of_list(lines: list[str], start: int, above: int) -> tuple[int, int | None]:
    """The line behind the last item of the list that a line begins, and how far its items are indented."""
    after, indent = start + 1, None
    for number in range(start + 1, len(lines)):
        line = lines[number]
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        depth = len(line) - len(line.lstrip())
        if depth <= above or (indent is None and _ITEM.match(line) is None):
            break
        if indent is None:
            indent = depth
        if depth < indent:
            break
        after = number + 1
    return after, indent
