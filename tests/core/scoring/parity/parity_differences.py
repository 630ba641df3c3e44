"""Every known difference between the reference server and ours, with its reason.

`docs/scoring-differences.md` is written from this list (`python parity_differences.py`), and a test compares both.
A case that is named here must differ; a case that is not must agree in status, headers and body.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

DOCUMENT = Path(__file__).resolve().parents[4] / "docs" / "scoring-differences.md"


INTRODUCTION = """\
Compared with azureml-inference-server-http 1.5.1 on the same scripts and requests: status, headers and body of every
answer are equal but for these. Written by `tests/core/scoring/parity/parity_differences.py`."""


class Difference(NamedTuple):
    """One difference: what the reference does, what we do, why, and the cases that show it."""

    subject: str
    reference: str
    ours: str
    reason: str
    cases: tuple[str, ...] = ()


DIFFERENCES = (
    Difference(
        "`run` raises SystemExit, KeyboardInterrupt, GeneratorExit or another BaseException",
        "500 with gunicorn's HTML page and no `x-ms-…` headers (older versions dropped the connection)",
        "500 with the JSON body and headers of any other exception, `x-ms-run-function-failed: True`",
        "A script's mistake is told like every other one, and the client can see whose fault it was.",
        (
            "raises-system-exit",
            "raises-system-exit-0",
            "raises-keyboard-interrupt",
            "raises-generator-exit",
            "raises-base-exception",
        ),
    ),
    Difference(
        "`async def run`",
        "500 on every request: the coroutine is not awaited",
        "The coroutine is awaited and its result is the answer",
        "No service can depend on a run that always failed.",
        ("accepts-async-run",),
    ),
    Difference(
        "`run` is a generator",
        "500: a generator is not JSON",
        "Its items are streamed: server-sent events when the client accepts `text/event-stream`, else chunks (bytes, text, or one JSON value per line)",
        "No service can depend on a run that always failed.",
        ("accepts-generator",),
    ),
    Difference(
        "Undecorated `run` with type hints that can not mean text (`list[float]`, models, several parameters without default)",
        "The hints are ignored: the body arrives as text, several parameters always fail",
        "JSON is parsed and checked against the hints; 400 says what does not fit; the description shows the schema",
        "Only where a run would have failed on text: bare `str`, `dict`, `list`, `Any` and every run that decodes its argument itself stay as they were.",
        ("typed-list", "typed-two-parameters"),
    ),
    Difference(
        "`import` of a module that is called like one of the server's own (`utils`, `config`, `routes` …)",
        "Outside of the app root the server's own module is found first; the script fails to start",
        "The app root, the source directory and the script's own folder come first on `sys.path`",
        "A script must find its own files.",
        ("from-utils-import",),
    ),
    Difference(
        "`import` of a module beside a script that lies in a sub-folder",
        "ModuleNotFoundError at start, unless AZUREML_SOURCE_DIRECTORY names the folder",
        "Found: the script's folder is on `sys.path`",
        "It works on the author's machine, so it should work in the service.",
        ("script-folder-import",),
    ),
    Difference(
        "`StandardPythonParameterType(datetime.date(…))`, with our own inference_schema",
        "500 for every date: the conversion calls a method that does not exist before Python 3.14",
        "Text such as 2020-05-06 becomes a date",
        "No client can depend on it. With the real package installed the answer stays 500.",
        ("standard-date",),
    ),
    Difference(
        "A JSON body that can not be read: bytes in no encoding, nesting or numbers beyond Python's limits (schema-decorated `run`)",
        'The 500 of an "internal error"',
        "The 400 of any other malformed JSON",
        "It is the client's mistake; a server that answers 5xx for it sets off alarms and retries that can not help.",
        ("schema-unreadable-bodies",),
    ),
    Difference(
        "`x-ms-server-version`",
        "`azmlinfsrv/1.5.1`",
        "`mooring/<version>`, or the value of HTTP_X_MS_SERVER_VERSION",
        "It says which server answered. SERVER_VERSION_LOG_RESPONSE_ENABLED=false removes it in both.",
    ),
    Difference(
        "SERVICE_PATH_PREFIX",
        "Only in the description; the prefixed routes answer 404",
        "The routes answer with and without the prefix",
        "A client made from the description reaches the service without a proxy that cuts the prefix off.",
        ("prefixed-routes",),
    ),
    Difference(
        "MOORING_EXPLAIN_ERRORS=true (off by default)",
        "Input that does not fit its schema: 500 without a reason",
        "400 that names the parameter, the row and the column",
        "Better for clients, but another status: so it is opt-in.",
    ),
)


def reasons() -> dict[str, str]:
    """Case name to reason."""
    return {case: difference.reason for difference in DIFFERENCES for case in difference.cases}


def render() -> str:
    """The document."""
    lines = [
        "# Where the scoring server differs from azmlinfsrv",
        "",
        INTRODUCTION,
        "",
    ]
    for difference in DIFFERENCES:
        lines += [
            f"## {difference.subject}",
            "",
            f"- azmlinfsrv: {difference.reference}.",
            f"- Mooring: {difference.ours}.",
            f"- Why: {difference.reason}",
            "",
        ]
    return "\n".join(lines)


if __name__ == "__main__":
    DOCUMENT.write_text(render(), encoding="utf-8")
