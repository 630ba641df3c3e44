"""Checks that need only the entry script's name and text; nothing of it is imported or run."""

from __future__ import annotations

import ast
import warnings
from keyword import iskeyword
from pathlib import Path, PurePath

from mooring.findings import Finding, Span


def wrong_name(entry_script: str) -> str:
    """v1's words for a name the scoring server could not import, or nothing."""
    name = PurePath(entry_script.replace("\\", "/")).name
    if not name.endswith(".py"):
        return "Invalid driver type. Currently only Python drivers are supported."
    module = name.removesuffix(".py")
    if module.isidentifier() and not iskeyword(module):
        return ""
    return (
        f'Error, invalid name "{module}" for provided entry script. It must be importable as a Python module: a valid '
        "identifier that is no keyword."
    )


def find_syntax_error(script: Path) -> Finding | None:
    """What stops Python from parsing the script, as a finding in the script."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # `"\\d"` is the inspection's business, and no error
            ast.parse(script.read_bytes(), str(script))
    except SyntaxError as error:
        line, column = error.lineno or 1, error.offset or 1
        end = (error.end_lineno or line, max(error.end_offset or column, 1))
        return _finding(
            script, f"{error.msg} (line {line})", Span(line, max(column, 1), *max(end, (line, column)))
        )
    except (ValueError, RecursionError, MemoryError) as error:
        return _finding(script, str(error) or type(error).__name__, Span())
    except OSError as error:
        problem = f"Failed to open {script}: {error.strerror}."
        return Finding("entry-script-unreadable", "error", problem, "Allow it to be read.", str(script))
    return None


def _finding(script: Path, reason: str, span: Span) -> Finding:
    problem = f"{script.name} is no Python that this interpreter can parse: {reason}."
    return Finding("entry-script-syntax", "error", problem, "Correct the syntax.", str(script), span)
