"""JavaScript for Node 18 and newer; a browser needs the key from elsewhere."""

from __future__ import annotations

import json

from mooring.deployments.snippets.question import Question, lines


def write(question: Question) -> str:
    """The program."""
    key = question.variable
    return lines(
        [f"// {remark}" for remark in question.remarks(trusting="NODE_EXTRA_CA_CERTS=cert.pem node ask.mjs")],
        f"const url = {json.dumps(question.url)};",
        f"const data = {question.json};",
        'const headers = { "Content-Type": "application/json" };',
        [f"headers.Authorization = `Bearer ${{process.env.{key}}}`;"] if key else [],
        "",
        'const response = await fetch(url, { method: "POST", headers, body: JSON.stringify(data) });',
        "if (response.ok) {",
        "  console.log(JSON.stringify(await response.json()));",
        "} else {",
        "  console.error(response.status, await response.text());",
        "}",
    )
