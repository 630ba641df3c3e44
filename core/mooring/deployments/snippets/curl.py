"""curl, for a POSIX shell."""

from __future__ import annotations

import shlex

from mooring.deployments.snippets.question import Question, lines


def write(question: Question) -> str:
    """The command."""
    key = question.variable
    return lines(
        [f"# {remark}" for remark in question.remarks(trusting="CURL_CA_BUNDLE=cert.pem sh ask.sh")],
        f"curl {shlex.quote(question.url)} \\",
        '  -H "Content-Type: application/json" \\',
        [f'  -H "Authorization: Bearer ${key}" \\'] if key else [],
        f"  -d {shlex.quote(question.json)}",
    )
