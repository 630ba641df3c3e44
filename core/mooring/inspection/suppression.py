"""Comments that silence findings: `# mooring: ignore[CODE]` on its line, `# mooring: ignore-file[CODE]` for all."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mooring.findings import Finding
from mooring.inspection.source import SourceText

_MARK = "mooring:"
_COMMENT = re.compile(r"#\s*mooring:\s*(ignore-file|ignore)\s*(?:\[([^\]]*)\])?")


def keep_unsuppressed(findings: Sequence[Finding], source: SourceText) -> list[Finding]:
    """Findings that no comment silences."""
    if _MARK not in source.text or not findings:
        return list(findings)
    by_line, whole = _comments(source)
    return [
        finding
        for finding in findings
        if not _silences(whole, finding.code)
        and not any(
            _silences(by_line.get(line), finding.code) for line in {finding.span.line, finding.span.end_line}
        )
    ]


def _comments(source: SourceText) -> tuple[dict[int, set[str]], set[str] | None]:
    """Codes by line, and those of the whole file; an empty set stands for all codes."""
    by_line: dict[int, set[str]] = {}
    whole: set[str] | None = None
    for number, line in enumerate(source.lines, start=1):
        found = _COMMENT.search(line) if _MARK in line else None
        if found is None:
            continue
        codes = {code.strip() for code in (found[2] or "").split(",") if code.strip()}
        if found[1].lower() == "ignore-file":
            whole = codes if whole is None else (whole | codes if whole and codes else set())
        else:
            by_line[number] = codes
    return by_line, whole


def _silences(codes: set[str] | None, code: str) -> bool:
    return codes is not None and (not codes or code in codes)
