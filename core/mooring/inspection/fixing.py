"""Putting findings right in the files themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from mooring.errors import MooringError
from mooring.findings import Finding
from mooring.inspection.fixes import apply_fixes, fix_of
from mooring.whole_files import write_whole

_BOM = b"\xef\xbb\xbf"


@dataclass(eq=False)
class FixNotWritten(MooringError):
    """A file that was to be put right can't be written."""

    code = "fix-not-written"
    path: str
    reason: str

    @property
    def problem(self) -> str:
        """Which one, and the system's words."""
        return f"{self.path} can't be changed: {self.reason}."

    @property
    def remedy(self) -> str:
        """What to do about it."""
        return "Allow it to be written, or leave it out with exclude."


def fix_files(findings: Iterable[Finding]) -> int:
    """Write the fixes of findings into their files; says how many were put right.

    Line ends and a byte-order mark stay as they are. Cells of notebooks, and files that are no UTF-8, are left alone.

    Raises:
        FixNotWritten: The system does not let a file be changed; those before it are put right.
    """
    by_path: dict[str, list[Finding]] = {}
    for finding in findings:
        if fix_of(finding) is not None and "#cell" not in finding.path:
            by_path.setdefault(finding.path, []).append(finding)
    return sum(_fix_file(Path(path), found) for path, found in by_path.items())


def _fix_file(file: Path, findings: list[Finding]) -> int:
    content = file.read_bytes()
    mark = _BOM if content.startswith(_BOM) else b""
    try:
        text = content.removeprefix(mark).decode("utf-8")
    except UnicodeDecodeError:
        return 0
    changed, fixed = apply_fixes(text, findings)
    if fixed:
        try:
            write_whole(file, mark + changed.encode("utf-8"))
        except OSError as error:
            raise FixNotWritten(path=str(file), reason=error.strerror or str(error)) from error
    return len(fixed)
