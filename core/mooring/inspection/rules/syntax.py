"""What Python can't read at all."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from packaging.version import Version

from mooring.findings import Finding, Severity, Span
from mooring.inspection.parsing import newest_python
from mooring.inspection.rule import Rule
from mooring.inspection.script import Script

SYNTAX = Rule(
    code="entry-script-syntax",
    severity="error",
    title="The entry script is no Python",
    why="Python can't parse the file, so the service does not start. The place is the one where Python's parser gave up; "
    "the cause is there, or just before. Text of another kind (a notebook's JSON, a web page saved instead of the raw "
    "file, Python 2) is named.",
    bad='def init():\n    pass\n\n\ndef run(raw_data):\n    return {"length": len(raw_data)\n',
    good='def init():\n    pass\n\n\ndef run(raw_data):\n    return {"length": len(raw_data)}\n',
)
UNREADABLE = Rule(
    code="entry-script-unreadable",
    severity="error",
    title="The entry script can't be read",
    why="The file is not there, or this user may not read it.",
    bad="",
    good="",
)

_PYTHON_2 = re.compile(
    r"^\s*print\s+[\"'\w(%]|^\s*exec\s+[\"']|except\s+[\w.]+\s*,\s*\w+\s*:|^\s*raise\s+\w+\s*,", re.MULTILINE
)
_MAGIC = re.compile(r"^\s*(%%?|!)\s*\w", re.MULTILINE)
_CONFLICT = re.compile(r"^(<{7}|={7}|>{7})( |$)", re.MULTILINE)


def find_syntax(script: Script) -> Iterator[Finding]:
    """The first thing that keeps Python from compiling the script."""
    slip = script.parsed.slip
    name = script.path.replace("\\", "/").rpartition("/")[2]
    if slip is not None:
        kind = other_kind(script.text) or _old_kind(script.text)
        problem = f"{name} is no Python that this interpreter can parse: {slip.reason}."
        if kind:
            problem = f"{name} is {kind}, not Python: {slip.reason}."
        yield script.finding(SYNTAX, slip.span, problem, _remedy(kind), severity=_severity(script))
    elif script.text.lstrip()[:1] == "{" and other_kind(script.text):
        problem = f"{name} is {other_kind(script.text)}, not Python."
        yield script.finding(SYNTAX, None, problem, "Name the Python file.")
    elif script.misplaced is not None:
        place, reason = script.misplaced
        line = getattr(place, "lineno", 1)
        problem = f"{name} is no Python that this interpreter can parse: {reason} (line {line})."
        yield script.finding(SYNTAX, place, problem, "Correct the syntax.")


def unreadable(path: str, reason: str) -> Finding:
    """A file that can't be had."""
    return Finding(
        UNREADABLE.code, "error", f"Failed to open {path}: {reason}.", "Allow it to be read.", path
    )


def undecodable(path: str, reason: str, line: int) -> Finding:
    """A file that is no text."""
    name = path.replace("\\", "/").rpartition("/")[2]
    problem = f"{name} is no Python that this interpreter can parse: {reason}."
    return Finding(SYNTAX.code, "error", problem, "Save it as UTF-8.", path, Span(line, 1, line, 1))


def _severity(script: Script) -> Severity:
    """The running Python can't judge the syntax of a newer one."""
    wanted = script.environment.python
    is_newer = bool(wanted) and Version(wanted) > Version(newest_python())
    return "warning" if is_newer else "error"


def _remedy(kind: str) -> str:
    if "Python 2" in kind:
        return "Write it for Python 3; `2to3` or `futurize` do most of it."
    if "notebook" in kind:
        return "Export it: jupyter nbconvert --to script."
    if "magic" in kind:
        return "Remove the lines that begin with % or !."
    return "Name the Python file, or correct the syntax." if kind else "Correct the syntax."


def other_kind(text: str) -> str:
    """What a text is, when it is plainly something else than Python."""
    start = text.lstrip()[:200].lower()
    if start.startswith(("<!doctype", "<html", "<?xml")):
        return "a web page or XML"
    if start.startswith("{"):
        return _kind_of_json(text)
    if _CONFLICT.search(text):
        return "a file with a merge conflict left in it"
    if start.startswith(("---", "#!/bin/")) and "def " not in text:
        return "YAML or a shell script"
    return "a notebook's text with magic commands" if _MAGIC.search(text) else ""


def _kind_of_json(text: str) -> str:
    try:
        content = json.loads(text)
    except ValueError:
        return ""
    return "a notebook" if isinstance(content, dict) and "cells" in content else "JSON"


def _old_kind(text: str) -> str:
    return "of Python 2" if _PYTHON_2.search(text) else ""
