"""Places and findings: the core's words into the protocol's, and back. Nothing else counts UTF-16 units.

The core counts lines and columns from 1, columns in code points, in the text without its byte-order mark. Editors
count from 0, columns in units they name when they start (UTF-16 unless they agree on another), with the mark.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cached_property

from lsprotocol import types

from mooring.findings import Finding, Span
from mooring.inspection import TextEdit, fix_of

SOURCE = "mooring"
_LINE_END = re.compile(r"\r\n|\r|\n")
_MARK = "\ufeff"
_BEYOND_16_BITS = 0xFFFF
_ENDS = 4  # line and column of the start, line and column of the end
_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "information": types.DiagnosticSeverity.Information,
    "hint": types.DiagnosticSeverity.Hint,
}

Encoding = types.PositionEncodingKind | str


def width_of(text: str, encoding: Encoding = types.PositionEncodingKind.Utf16) -> int:
    """How many of the editor's units a text has."""
    if encoding == types.PositionEncodingKind.Utf32 or text.isascii():
        return len(text)
    if encoding == types.PositionEncodingKind.Utf8:
        return sum(_utf8_width(character) for character in text)
    return len(text) + sum(ord(character) > _BEYOND_16_BITS for character in text)


def _utf8_width(character: str) -> int:
    return len(character.encode("utf-8", "surrogatepass"))


class Places:
    """Where things stand in one text.

    Args:
        text: As the editor holds it, byte-order mark and all.
        encoding: The unit the editor counts columns in.
    """

    def __init__(self, text: str, encoding: Encoding = types.PositionEncodingKind.Utf16) -> None:
        self._text = text
        self._encoding = encoding
        self._is_plain = text.isascii()

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(ending.end() for ending in _LINE_END.finditer(self._text))]

    @cached_property
    def newline(self) -> str:
        """What ends the lines of the text."""
        found = _LINE_END.search(self._text)
        return found[0] if found else "\n"

    def count_lines(self) -> int:
        """Lines of the text; an empty one behind a last line end counts."""
        return len(self._starts)

    def line(self, number: int) -> str:
        """A line without its end, counted from 0; empty beyond the last one."""
        if not 0 <= number < len(self._starts):
            return ""
        start = self._starts[number]
        end = self._starts[number + 1] if number + 1 < len(self._starts) else len(self._text)
        return self._text[start:end].rstrip("\r\n")

    def offset_at(self, position: types.Position) -> int:
        """Offset in code points; a column behind the line's end is its end, one inside a character its start."""
        if position.line >= len(self._starts):
            return len(self._text)
        line, start = self.line(position.line), self._starts[position.line]
        if self._is_plain:
            return start + min(position.character, len(line))
        units = 0
        for index, character in enumerate(line):
            units += width_of(character, self._encoding)
            if units > position.character:
                return start + index
        return start + len(line)

    def position_at(self, offset: int) -> types.Position:
        """The editor's position of an offset in code points."""
        number = bisect_right(self._starts, offset) - 1
        before = self._text[self._starts[number] : offset]
        return types.Position(number, len(before) if self._is_plain else width_of(before, self._encoding))

    def range_between(self, start: int, end: int) -> types.Range:
        """The editor's range between two offsets in code points."""
        return types.Range(self.position_at(start), self.position_at(end))

    def range_of(self, span: Span) -> types.Range:
        """The editor's range of one of the core's spans."""
        return types.Range(
            self._position(span.line, span.column), self._position(span.end_line, span.end_column)
        )

    def _position(self, line: int, column: int) -> types.Position:
        number = line - 1
        if number >= len(self._starts):
            return self.position_at(len(self._text))
        mark = 1 if number == 0 and self._text.startswith(_MARK) else 0
        before = self.line(number)[: column - 1 + mark]
        return types.Position(number, len(before) if self._is_plain else width_of(before, self._encoding))

    def place_of(self, position: types.Position) -> tuple[int, int]:
        """The core's line and column of one of the editor's positions."""
        offset = self.offset_at(position)
        number = bisect_right(self._starts, offset) - 1
        mark = 1 if number == 0 and self._text.startswith(_MARK) else 0
        return number + 1, max(offset - self._starts[number] - mark, 0) + 1

    def edit_of(self, edit: TextEdit) -> types.TextEdit:
        """A change of text, with the line ends of this one."""
        return types.TextEdit(self.range_of(edit.span), edit.text.replace("\n", self.newline))


def apply_change(text: str, change: types.TextDocumentContentChangeEvent, encoding: Encoding) -> str:
    """A text after one change that the editor reports."""
    if isinstance(change, types.TextDocumentContentChangeWholeDocument):
        return change.text
    places = Places(text, encoding)
    start, end = places.offset_at(change.range.start), places.offset_at(change.range.end)
    return text[:start] + change.text + text[max(start, end) :]


def apply_changes(
    text: str, changes: Sequence[types.TextDocumentContentChangeEvent], encoding: Encoding
) -> str:
    """A text after several changes, each counted in the text that the one before it left."""
    for change in changes:
        text = apply_change(text, change, encoding)
    return text


def diagnostic_of(finding: Finding, places: Places, version: int | None) -> types.Diagnostic:
    """A finding as the editor shows it, its fix within, for the text with that version."""
    fix = fix_of(finding)
    data = None
    if fix is not None:
        edits = [_edit_as_data(places.edit_of(edit)) for edit in fix.edits]
        data = {"title": fix.title, "version": version, "edits": edits}
    return types.Diagnostic(
        range=places.range_of(finding.span),
        message=f"{finding.problem} {finding.remedy}".rstrip(),
        severity=_SEVERITIES[finding.severity],
        code=finding.code,
        source=SOURCE,
        data=data,
    )


def _edit_as_data(edit: types.TextEdit) -> dict[str, object]:
    start, end = edit.range.start, edit.range.end
    return {"at": [start.line, start.character, end.line, end.character], "text": edit.new_text}


def edits_in_data(data: object) -> list[types.TextEdit]:
    """The changes that a diagnostic brought along, as an editor gives them back; none in anybody else's data."""
    edits = member_of(data, "edits")
    found: list[types.TextEdit] = []
    for edit in edits if isinstance(edits, (list, tuple)) else ():
        at, text = member_of(edit, "at"), member_of(edit, "text")
        if isinstance(at, (list, tuple)) and len(at) == _ENDS and isinstance(text, str):
            line, column, end_line, end_column = map(int, at)
            place = types.Range(types.Position(line, column), types.Position(end_line, end_column))
            found.append(types.TextEdit(place, text))
    return found


def member_of(data: object, name: str) -> object:
    """One member of a diagnostic's data; None when it has none of that name."""
    return data.get(name) if isinstance(data, dict) else getattr(data, name, None)
