"""Findings below a cell: with fixes to click where widgets are there, as text everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from mooring.findings import Finding
from mooring.inspection.fixes import fix_of
from mooring_jupyter.display import is_notebook, show

_COLOURS = {
    "error": "var(--jp-error-color1,#c62828)",
    "warning": "var(--jp-warn-color0,#b45309)",
    "information": "var(--jp-info-color0,#1565c0)",
    "hint": "var(--jp-ui-font-color2,#616161)",
}


def show_findings(
    shell: Any, findings: Sequence[Finding], *, text: str | None = None, path: str = ""
) -> None:
    """Show them below the cell.

    Args:
        shell: IPython's.
        findings: Nothing is shown when there are none.
        text: Of the cell that wrote the file, without its magic: a fix changes that, too.
        path: The file it wrote.
    """
    if not findings:
        return
    if not is_notebook(shell):
        print("\n".join(f"  {finding}" for finding in findings))  # noqa: T201 (what was asked for)
        return
    widget = _widget(findings, text, path)
    plain = "\n".join(str(finding) for finding in findings)
    if widget is None:
        show({"text/html": render_findings(findings), "text/plain": plain})
    else:
        show(widget)


def _widget(findings: Sequence[Finding], text: str | None, path: str) -> Any:
    if text is None or not any(fix_of(finding) is not None for finding in findings):
        return None
    try:
        from mooring_jupyter.widgets.findings import FindingsWidget
    except ImportError:
        return None
    return FindingsWidget(findings, text, path)


def render_findings(findings: Sequence[Finding]) -> str:
    """HTML that needs no script."""
    return (
        '<ul style="list-style:none;margin:0;padding:0;font-size:13px;'
        f'font-family:var(--jp-ui-font-family,sans-serif)">{"".join(map(_item, findings))}</ul>'
    )


def _item(finding: Finding) -> str:
    place = f"{finding.path}:{finding.span.line}:{finding.span.column} · " if finding.path else ""
    colour = _COLOURS[finding.severity]
    return (
        f'<li style="border-left:3px solid {colour};padding:2px 10px;margin:4px 0">'
        f"<b>{finding.severity}</b> "
        f"<code>{escape(place)}{escape(finding.code)}</code> {escape(finding.problem)} {escape(finding.remedy)}</li>"
    )
