"""Python, with nothing but its standard library."""

from __future__ import annotations

import pprint

from mooring.deployments.snippets.question import Question, lines


def write(question: Question) -> str:
    """The program."""
    key = question.variable
    return lines(
        [f"# {remark}" for remark in question.remarks(trusting="SSL_CERT_FILE=cert.pem python ask.py")],
        "import json",
        ["import os"] if key else [],
        "import urllib.error",
        "import urllib.request",
        "",
        f"url = {question.url!r}",
        f"data = {pprint.pformat(question.body, width=100, sort_dicts=False)}",
        'headers = {"Content-Type": "application/json"}',
        [f'headers["Authorization"] = "Bearer " + os.environ["{key}"]'] if key else [],
        "",
        "request = urllib.request.Request(url, json.dumps(data).encode(), headers)",
        "try:",
        "    with urllib.request.urlopen(request) as response:",
        "        print(json.load(response))",
        "except urllib.error.HTTPError as error:",
        "    print(error.code, error.read().decode())",
    )
