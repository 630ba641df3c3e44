"""Changes of text that put a finding right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from mooring.findings import Finding, Span
from mooring.inspection.source import SourceText


@dataclass(frozen=True)
class TextEdit:
    """Put `text` in the place of what stands in `span`."""

    span: Span
    text: str


@dataclass(frozen=True)
class Fix:
    """What puts a finding right without changing what the script means to do.

    Attributes:
        title: The outcome: `Replace sklearn.externals.joblib with joblib`.
        edits: In one file, not overlapping.
    """

    title: str
    edits: tuple[TextEdit, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON-able, as `Finding.data["fix"]` holds it."""
        return {
            "title": self.title,
            "edits": [{**asdict(edit.span), "text": edit.text} for edit in self.edits],
        }


def fix_of(finding: Finding) -> Fix | None:
    """The fix that a finding carries; None when there is none."""
    given = finding.data.get("fix")
    if given == "remove":
        return Fix("Remove it", (TextEdit(finding.span, ""),))
    if not isinstance(given, dict):
        return None
    edits = tuple(_edit(edit) for edit in given["edits"])
    return Fix(given["title"], edits)


def _edit(given: dict[str, Any]) -> TextEdit:
    place = {key: given[key] for key in ("line", "column", "end_line", "end_column")}
    return TextEdit(Span(**place), given["text"])


def apply_fixes(text: str, findings: Iterable[Finding]) -> tuple[str, list[Finding]]:
    """A text with all fixes that don't stand in each other's way, and the findings they put right.

    Args:
        text: Without a byte-order mark.
        findings: Of this text; those without a fix are left out.
    """
    source = SourceText(text)
    taken: list[tuple[int, int, str]] = []
    fixed: list[Finding] = []
    for finding in findings:
        fix = fix_of(finding)
        edits = [_as_offsets(source, edit) for edit in fix.edits] if fix else []
        new = [edit for edit in edits if edit not in taken]
        if edits and not any(_overlap(edit, other) for edit in new for other in taken):
            taken += new
            fixed.append(finding)
    for start, end, replacement in sorted(taken, reverse=True):
        text = text[:start] + replacement + text[end:]
    return text, fixed


def _as_offsets(source: SourceText, edit: TextEdit) -> tuple[int, int, str]:
    start = source.offset(edit.span.line, edit.span.column)
    end = source.offset(edit.span.end_line, edit.span.end_column)
    return start, end, edit.text.replace("\n", source.newline)


def _overlap(one: tuple[int, int, str], other: tuple[int, int, str]) -> bool:
    if one[:2] == other[:2]:
        return True
    return one[0] < other[1] and other[0] < one[1]


def replace_all(title: str, edits: Sequence[tuple[Span, str]]) -> Fix:
    """A fix from spans and their new texts."""
    return Fix(title, tuple(TextEdit(span, text) for span, text in edits))
