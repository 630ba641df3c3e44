"""A finding: something wrong or worth fixing, with its place, found without running anything."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Severity = Literal["error", "warning", "information", "hint"]


@dataclass(frozen=True)
class Span:
    """A stretch of text. Lines and columns count from 1, columns in code points; the end is exclusive."""

    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1


@dataclass(frozen=True)
class Finding:
    """One finding, the same in the command line, the notebook and the editor.

    Attributes:
        code: Stable, for instance `unknown-key`.
        severity: `error` = will not start or every request fails; `warning` = wrong for some requests, or
            unsafe; `information` = ignored or deprecated; `hint` = style.
        problem: One sentence that shows the offending value.
        remedy: One imperative sentence.
        path: File that holds it; empty when the finding is about no file.
        span: Place inside the file.
        data: Facts for a quick fix.
    """

    code: str
    severity: Severity
    problem: str
    remedy: str = ""
    path: str = ""
    span: Span = field(default_factory=Span)
    data: dict[str, Any] = field(default_factory=dict[str, Any])

    def __str__(self) -> str:
        place = f"{self.path}:{self.span.line}:{self.span.column} · " if self.path else ""
        return f"{place}{self.code} · {self.problem} {self.remedy}".rstrip()

    def to_dict(self) -> dict[str, Any]:
        """JSON form: path, line, column, end_line, end_column, code, severity, problem, remedy, fixable."""
        return {
            "path": self.path,
            "line": self.span.line,
            "column": self.span.column,
            "end_line": self.span.end_line,
            "end_column": self.span.end_column,
            "code": self.code,
            "severity": self.severity,
            "problem": self.problem,
            "remedy": self.remedy,
            "fixable": "fix" in self.data,
        }
