"""A verdict as a card below the cell: cause, guilty line, evidence, fix, and what was kept."""

from __future__ import annotations

from html import escape

from mooring.deployments import Failure
from mooring_jupyter.display import in_cell_words

_CARD = (
    "border:1px solid var(--jp-error-color1,#c62828);border-left-width:4px;border-radius:6px;padding:10px 14px;"
    "max-width:60em;font-family:var(--jp-ui-font-family,sans-serif);font-size:13px;line-height:1.5"
)
_CODE = (
    "font-family:var(--jp-code-font-family,monospace);background:rgba(127,127,127,.12);"
    "color:inherit;padding:6px 10px;margin:6px 0;border-radius:4px;overflow-x:auto;white-space:pre"
)
_FAINT = "opacity:.75"


def render_verdict(failure: Failure, *, service: str) -> str:
    """HTML that needs no script."""
    head = f"{service} {'is as it was' if failure.kept else 'is Failed'}"
    rows = [f'<div role="alert"><b>✕ {escape(head)}</b>: {escape(failure.cause)}</div>']
    if failure.excerpt is not None:
        place = f"{failure.excerpt.path}, line {failure.excerpt.line}"
        rows.append(f'<div style="{_FAINT}">{escape(place)}</div>')
    code = (
        [f"{failure.excerpt.line} │ {failure.excerpt.text}"]
        if failure.excerpt and failure.excerpt.text
        else []
    )
    code += failure.evidence
    if code:
        rows.append(f'<div style="{_CODE}">{escape(chr(10).join(code))}</div>')
    rows.append(
        f"<div><b>Fix</b> {escape(in_cell_words(failure.remedy))} <span style='{_FAINT}'>({escape(failure.code)})</span></div>"
    )
    if failure.kept:
        rows.append(f"<div><b>Kept</b> {escape(failure.kept)}</div>")
    more = f"%mooring logs {service} --last-start"
    rows.append(f'<div style="{_FAINT}">More: <code>{escape(more)}</code></div>')
    return f'<div style="{_CARD}">{"".join(rows)}</div>'
