"""A script's text: decoded as Python does, with places that count as `Span` does."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from dataclasses import dataclass, field
from functools import cached_property

from mooring.findings import Span

_LINE_END = re.compile(r"\r\n|\r|\n")


class Undecodable(Exception):
    """Bytes that are no text in the encoding they claim; says why and where."""

    def __init__(self, reason: str, line: int = 1) -> None:
        super().__init__(reason)
        self.line = line


@dataclass(frozen=True)
class SourceText:
    """The text of a file, without a byte-order mark."""

    text: str = field(repr=False)
    path: str = "score.py"

    @cached_property
    def lines(self) -> list[str]:
        """Lines as Python counts them, without their ends."""
        return _LINE_END.split(self.text)

    @cached_property
    def newline(self) -> str:
        """What ends its lines."""
        found = _LINE_END.search(self.text)
        return found[0] if found else "\n"

    @cached_property
    def _is_ascii(self) -> bool:
        return self.text.isascii()

    def column(self, line: int, byte_offset: int) -> int:
        """Column from 1 in code points, of the bytes of UTF-8 that `ast` counts from 0."""
        if self._is_ascii or line > len(self.lines):
            return byte_offset + 1
        return len(self.lines[line - 1].encode()[:byte_offset].decode(errors="ignore")) + 1

    def span(self, node: ast.AST) -> Span:
        """Where a node stands."""
        line, column = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        end_line = getattr(node, "end_lineno", None) or line
        end_column = getattr(node, "end_col_offset", None)
        if end_column is None:
            end_column = column
        return Span(line, self.column(line, column), end_line, self.column(end_line, end_column))

    def word_span(self, node: ast.AST, word: str) -> Span:
        """Where a word stands on the first line of a node; the node's own place when it is not there."""
        whole = self.span(node)
        line = self.lines[whole.line - 1] if whole.line <= len(self.lines) else ""
        found = re.compile(rf"(?<!\w){re.escape(word)}(?!\w)").search(line, whole.column - 1)
        if found is None:
            return whole
        return Span(whole.line, found.start() + 1, whole.line, found.end() + 1)

    def offset(self, line: int, column: int) -> int:
        """Offset in the text of a line and column, both from 1."""
        starts = self._starts
        return starts[min(line, len(starts)) - 1] + column - 1

    def at(self, span: Span) -> str:
        """What stands in a span."""
        start = self.offset(span.line, span.column)
        return self.text[start : self.offset(span.end_line, span.end_column)]

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in _LINE_END.finditer(self.text))]


def decode(content: bytes) -> str:
    """The text of a Python file, by byte-order mark or coding line.

    Raises:
        Undecodable: It is no text in that encoding.
    """
    if content[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raise Undecodable("the file is UTF-16, save it as UTF-8")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Undecodable(
            f"byte 0x{content[error.start]:02x} is not {error.encoding} (line {line})", line
        ) from error
    except (SyntaxError, LookupError, ValueError) as error:
        raise Undecodable(str(error)) from error
