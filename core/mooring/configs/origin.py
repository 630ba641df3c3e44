"""Where a configuration came from, so that whatever is wrong with it later still has a place in a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mooring.configs.document import Document
from mooring.errors import MooringError
from mooring.findings import Finding, Severity, Span


@dataclass(eq=False)
class InvalidConfig(MooringError):
    """A configuration that can't work; `findings` holds every reason, not just the first.

    Attributes:
        findings: Errors only.
        flag: Command line option that named the file, for instance `--deploy-config-file`; may be empty.
    """

    code = "config-invalid"
    findings: tuple[Finding, ...]
    flag: str = ""

    @property
    def problem(self) -> str:
        """One line for each reason, as v1 words it, with its place when there is a file."""
        start = f"Error parsing {self.flag}. " if self.flag else ""
        return start + "\n".join(_line(finding) for finding in self.findings)

    @property
    def remedy(self) -> str:
        """The way out of each."""
        return " ".join(dict.fromkeys(finding.remedy for finding in self.findings if finding.remedy))


def _line(finding: Finding) -> str:
    place = f"{finding.path}:{finding.span.line}:{finding.span.column}: " if finding.path else ""
    return f"{place}{finding.problem}"


@dataclass(frozen=True)
class Origin:
    """The document a configuration was read from, and where in it each attribute stands."""

    document: Document
    paths: dict[str, tuple[str, ...]]

    @property
    def folder(self) -> Path | None:
        """Folder of the file; None for text from elsewhere."""
        return Path(self.document.path).absolute().parent if self.document.path else None


def place(origin: Origin | None, names: Sequence[str]) -> tuple[str, Span]:
    """File and span of the first of these attributes that the file sets; the file's start when none is."""
    if origin is None:
        return "", Span()
    for name in names:
        if name in origin.paths:
            return origin.document.path, origin.document.span_of(origin.paths[name])
    return origin.document.path, Span()


def finding_at(
    origin: Origin | None,
    names: Sequence[str],
    code: str,
    severity: Severity,
    problem: str,
    remedy: str,
    **data: Any,
) -> Finding:
    """A finding on the place where the first of these attributes was set."""
    path, span = place(origin, names)
    return Finding(code, severity, problem, remedy, path, span, data)


def errors_in(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """The findings that forbid a deployment."""
    return tuple(finding for finding in findings if finding.severity == "error")
