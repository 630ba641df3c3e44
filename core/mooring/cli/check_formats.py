"""Findings as text for people, as SARIF for code hosts, and as commands of GitHub's workflow logs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from mooring.findings import Finding

_KEPT = "/:~!$&'()*+,;=@"  # a notebook's `#cell1` stays a fragment
_LEVELS = {"error": "error", "warning": "warning", "information": "note", "hint": "note"}
_GITHUB = {"error": "error", "warning": "warning", "information": "notice", "hint": "notice"}


def as_text(findings: Sequence[Finding]) -> str:
    """One finding a line, what to do below it."""
    lines: list[str] = []
    for finding in findings:
        place = f"{finding.path}:{finding.span.line}:{finding.span.column}"
        lines.append(f"{place} · {finding.severity} · {finding.code} · {finding.problem}")
        if finding.remedy:
            lines.append(f"    {finding.remedy}{' (--fix does it)' if 'fix' in finding.data else ''}")
    return "\n".join(lines)


def count(findings: Sequence[Finding], files: int, fixed: int) -> str:
    """The last line: how many of what, and what `--fix` did or would do."""
    from mooring.inspection import fix_of

    looked = f"{files} file{'s' if files != 1 else ''} looked at"
    done = f" {fixed} put right." if fixed else ""
    if not findings:
        return f"{looked}: no findings.{done}"
    counts = [(sum(f.severity == severity for f in findings), severity) for severity in _LEVELS]
    said = ", ".join(f"{n} {_plural(name, n)}" for n, name in counts if n)
    fixable = sum(fix_of(finding) is not None for finding in findings)
    would = f" --fix would put {fixable} right." if fixable else ""
    return f"\n{looked}: {said}.{done}{would}"


def _plural(name: str, number: int) -> str:
    return name if number == 1 or name == "information" else f"{name}s"


def as_github(findings: Sequence[Finding]) -> str:
    """Workflow commands, which GitHub shows on the changed lines."""
    return "\n".join(
        f"::{_GITHUB[finding.severity]} file={_property(finding.path)},line={finding.span.line},"
        f"endLine={finding.span.end_line},col={finding.span.column},endColumn={finding.span.end_column},"
        f"title={_property(finding.code)}::{_message(f'{finding.problem} {finding.remedy}'.strip())}"
        for finding in findings
    )


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


def as_sarif(findings: Sequence[Finding]) -> str:
    """SARIF 2.1.0."""
    import mooring

    used = sorted({finding.code for finding in findings})
    driver = {"name": "mooring", "version": mooring.__version__, "rules": [_rule(code) for code in used]}
    run: dict[str, Any] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, used) for finding in findings],
    }
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False)


def _rule(code: str) -> dict[str, Any]:
    from mooring.inspection import RULES
    from mooring.inspection.pages import render_page

    rule = RULES.get(code)
    if rule is None:
        return {"id": code}
    return {
        "id": code,
        "shortDescription": {"text": f"{rule.title}."},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.why, "markdown": render_page(rule)},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _result(finding: Finding, rules: Sequence[str]) -> dict[str, Any]:
    span = finding.span
    region = {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
    location = {"artifactLocation": {"uri": _uri(finding.path)}, "region": region}
    return {
        "ruleId": finding.code,
        "ruleIndex": rules.index(finding.code),
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.problem} {finding.remedy}".strip()},
        "locations": [{"physicalLocation": location}],
    }


def _uri(path: str) -> str:
    """A path as a URI reference: relative as it was given, percent-encoded."""
    file, mark, cell = path.replace("\\", "/").partition(".ipynb#")
    drive = file if not (len(file) > 1 and file[1] == ":") else f"file:///{file}"
    return quote(drive, safe=_KEPT) + quote(mark, safe=".#") + quote(cell)
