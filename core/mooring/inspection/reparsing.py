"""Python's parser, asked again only for what has changed since the text was last seen.

While somebody types, one text follows another that differs in a line. Statements that the change does not touch keep
their nodes, which nothing ever alters; those around it are parsed anew. Whatever is out of the ordinary (another number
of lines, a part that does not parse by itself) is left to the parser as a whole, so the tree is always the same as
without this.
"""

from __future__ import annotations

import ast
import warnings
from threading import Lock

_WORTH = 100  # lines; the parser is done with fewer in no time
_MOST = 2  # trees are large: that of 5,000 lines takes some 30 MB


class _Recent:
    """Texts of late, by lines, with their trees; the newest first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._seen: list[tuple[list[str], ast.Module]] = []

    def of_length(self, count: int) -> tuple[list[str], ast.Module] | None:
        """The newest text that has so many lines."""
        with self._lock:
            return next((entry for entry in self._seen if len(entry[0]) == count), None)

    def keep(self, lines: list[str], tree: ast.Module) -> None:
        """Remember a text, in place of one of the same length or the oldest."""
        with self._lock:
            others = [entry for entry in self._seen if len(entry[0]) != len(lines)]
            self._seen = [(lines, tree), *others][:_MOST]


_RECENT = _Recent()


def parse_text(text: str) -> ast.Module:
    """The tree of a text, as `ast.parse` gives it; its nodes may be shared with other trees.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: As `ast.parse` does.
    """
    if text.count("\n") < _WORTH or "\r" in text or "\f" in text:
        return _parse(text)
    lines = text.split("\n")
    known = _RECENT.of_length(len(lines))
    tree = _parse_change(*known, lines) if known is not None else None
    if tree is None:
        tree = _parse(text)
    _RECENT.keep(lines, tree)
    return tree


def _parse(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # `"\d"` is a matter of style
        return ast.parse(text)


def _parse_change(before: list[str], tree: ast.Module, lines: list[str]) -> ast.Module | None:
    """The tree of the lines, from that of as many lines before; None when the change can't be told apart."""
    first = next((at for at, pair in enumerate(zip(before, lines, strict=True)) if pair[0] != pair[1]), None)
    if first is None:
        return tree
    last = next(at for at in range(len(lines) - 1, -1, -1) if before[at] != lines[at])
    body = tree.body
    low = max(sum(_end(node) <= first for node in body) - 1, 0)
    high = min(len(body) - sum(_start(node) > last for node in body) + 1, len(body))
    while low > 0 and _start(body[low]) < _end(body[low - 1]):  # two on one line
        low -= 1
    while 0 < high < len(body) and _start(body[high]) < _end(body[high - 1]):
        high += 1
    begin = _end(body[low - 1]) if low else 0
    stop = _start(body[high]) if high < len(body) else len(lines)
    if begin and lines[begin - 1].endswith("\\"):
        return None
    try:
        part = _parse("\n" * begin + "\n".join(lines[begin:stop]))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return ast.Module([*body[:low], *part.body, *body[high:]], [])


def _start(node: ast.stmt) -> int:
    """The line a statement begins on, from 0; that of its first decorator where it has one."""
    decorators: list[ast.expr] = getattr(node, "decorator_list", [])
    return min([node.lineno, *(each.lineno for each in decorators)]) - 1


def _end(node: ast.stmt) -> int:
    """The line after a statement, from 0."""
    return node.end_lineno or node.lineno
