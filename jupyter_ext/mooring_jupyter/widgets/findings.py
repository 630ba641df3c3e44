"""Findings with fixes to click, below a cell that wrote a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mooring.findings import Finding
from mooring.inspection.fixes import apply_fixes, fix_of
from mooring.whole_files import write_whole
from mooring_jupyter.widgets.view import Refused, View


class FindingsWidget(View, page="findings"):
    """Shows findings; a fix changes the file, and the cell it was written from.

    Args:
        findings: Of the file.
        text: What the cell wrote.
        path: Of the file.
    """

    def __init__(self, findings: Sequence[Finding], text: str, path: str) -> None:
        self._findings = list(findings)
        self._text = text
        self._path = Path(path).absolute()  # the notebook may go to another folder
        super().__init__(findings=[_shown(finding) for finding in findings], path=path)

    def do_fix(self, at: int) -> dict[str, Any]:
        """Put one finding right, or all with -1: the text before, the text after, and what is left to be fixed."""
        wanted = self._findings if at < 0 else [self._findings[at]]
        before = self._text
        if self._on_disk() != before.rstrip("\n"):
            raise Refused(f"{self._path} was changed since this cell ran. Run the cell again.")
        after, fixed = apply_fixes(before, wanted)
        write_whole(self._path, (after if after.endswith("\n") else after + "\n").encode())
        self._text = after
        # Places below the change have moved: what is left is looked for anew.
        self._findings = self._look_again(after, fixed)
        self.change(findings=[_shown(finding) for finding in self._findings])
        return {"before": before, "after": after, "fixed": len(fixed)}

    def _on_disk(self) -> str:
        try:
            return self._path.read_text(encoding="utf-8").rstrip("\n")
        except OSError as error:
            raise Refused(f"{self._path} can't be read: {error.strerror}.") from error

    def _look_again(self, text: str, fixed: Sequence[Finding]) -> list[Finding]:
        from IPython.core.getipython import get_ipython

        from mooring_jupyter.loading import find_magic
        from mooring_jupyter.state_check import check_script

        shell: Any = get_ipython()
        magic = find_magic(shell)
        if magic is None or self._path.suffix != ".py":
            return [finding for finding in self._findings if finding not in fixed]
        return check_script(shell, magic.memory, text, self.facts["path"])

    def render_static(self) -> str:
        """The list, without buttons."""
        from mooring_jupyter.findings_view import render_findings

        return render_findings(self._findings)


def _shown(finding: Finding) -> dict[str, Any]:
    fix = fix_of(finding)
    return {**finding.to_dict(), "fix": fix.title if fix is not None else ""}
