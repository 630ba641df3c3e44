"""curl, for a POSIX shell."""

from __future__ import annotations

import shlex

from mooring.deployments.snippets.question import Question, lines


def write(question: Question) -> str:
    """The command."""
    key = question.variable
    return lines(
        [f"# {remark}" for remark in question.remarks],
        f"curl {shlex.quote(question.url)} \\",
        '  -H "Content-Type: application/json" \\',
        [f'  -H "Authorization: Bearer ${key}" \\'] if key else [],
        f"  -d {shlex.quote(question.json)}",
    )
