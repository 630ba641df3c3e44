"""R, with the packages httr and jsonlite."""

from __future__ import annotations

import json

from mooring.deployments.snippets.question import Question, lines


def write(question: Question) -> str:
    """The program."""
    key = question.variable
    bearer = f'paste("Bearer", Sys.getenv("{key}"))'
    return lines(
        [f"# {remark}" for remark in question.remarks(trusting='POST(url, config(cainfo = "cert.pem"), …)')],
        "library(httr)",
        "",
        f"url <- {json.dumps(question.url)}",
        f"body <- {_raw(question.json)}",
        [f"headers <- add_headers(Authorization = {bearer})"] if key else [],
        "",
        f"response <- POST(url, {'headers, ' if key else ''}content_type_json(), body = body)",
        "if (status_code(response) == 200) {",
        '  print(jsonlite::fromJSON(content(response, "text", encoding = "UTF-8")))',
        "} else {",
        '  print(paste(status_code(response), content(response, "text", encoding = "UTF-8")))',
        "}",
    )


def _raw(text: str) -> str:
    """A raw string of R 4: the dashes keep whatever the text holds from ending it."""
    dashes = "-"
    while f"){dashes}'" in text:
        dashes += "-"
    return f"r'{dashes}({text}){dashes}'"
