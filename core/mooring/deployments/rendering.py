"""A verdict as lines of text, the same for every face that has no better way to show it."""

from __future__ import annotations

from mooring.deployments.values import Failure


def render_failure(failure: Failure) -> list[str]:
    """Excerpt, evidence and what was kept, indented; cause and remedy are the caller's to place."""
    lines: list[str] = []
    excerpt = failure.excerpt
    margin = " " * 3
    if excerpt is not None:
        margin = " " * (len(str(excerpt.line)) + 4)
        lines.append(f"   {excerpt.path}, line {excerpt.line}")
        if excerpt.text:
            lines.append(f"   {excerpt.line} │ {excerpt.text}")
    bar = "│ " if excerpt is not None and excerpt.text else ""
    lines.extend(f"{margin}{bar}{line}" for line in failure.evidence)
    if failure.kept:
        lines.append(f"   Kept  {failure.kept}")
    return lines
