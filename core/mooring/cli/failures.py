"""How a failure is told: problem, remedy and code for people, the same as JSON for programs."""

from __future__ import annotations

import itertools
import json
import traceback
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from mooring.cli import exit_codes
from mooring.errors import MooringError, facts_of_error, in_words

if TYPE_CHECKING:
    from mooring.deployments.values import Failure


def tell_failure(error: BaseException, arguments: Sequence[str]) -> tuple[str, int]:
    """What to write about a failure, and the exit code.

    Args:
        error: Expected (a `MooringError`, or typer's complaint about the command line) or a fault of ours.
        arguments: The command line, for what it says about the format.
    """
    facts, status = facts_of(error, arguments)
    if _wants_json(arguments):
        told = json.dumps({**facts, "exit_code": status}, ensure_ascii=False) + "\n"
    else:
        told = _verdict_text(error) or in_words(facts)
    if _wants_traceback(error, arguments):
        told += "".join(traceback.format_exception(error))
    return told, status


def facts_of(error: BaseException, arguments: Sequence[str]) -> tuple[dict[str, Any], int]:
    """A failure as JSON, with code, problem and remedy, and the exit code."""
    if isinstance(error, MooringError):
        return facts_of_error(error), exit_codes.exit_code_of(error)
    format_message = getattr(error, "format_message", None)
    if callable(format_message):
        return {"code": "usage", "problem": format_message(), "remedy": _see(arguments)}, exit_codes.USAGE
    if isinstance(error, OSError) and error.strerror:
        return _told_by_system(error), exit_codes.FAILED
    problem = f"Mooring stumbled over a fault of its own: {type(error).__name__}: {error}"
    remedy = "Run the command again with --verbose and report what it prints."
    return {"code": "internal-error", "problem": problem, "remedy": remedy}, exit_codes.FAILED


def _see(arguments: Sequence[str]) -> str:
    """Where the right words for the command are."""
    words = list(itertools.takewhile(lambda word: not word.startswith("-"), arguments[:2]))
    if not words and arguments:
        return "Write options after the command, as in mooring service list -o json; see mooring --help."
    return f"See {' '.join(['mooring', *words])} --help."


def _told_by_system(error: OSError) -> dict[str, Any]:
    """A file that is missing, forbidden or too large for the disk is no fault of ours."""
    place = f"{error.filename}: " if error.filename else ""
    remedy = "Check the path, your permissions and the room on the disk; mooring doctor looks at them, too."
    return {"code": "system-error", "problem": f"{place}{error.strerror}.", "remedy": remedy}


def _verdict_text(error: BaseException) -> str:
    """A failed deployment, the guilty line first; empty for other errors."""
    failure: Failure | None = getattr(error, "failure", None)
    if failure is None:
        return ""
    from mooring.deployments.rendering import render_failure

    service = getattr(error, "service", "The service")
    lines = [f"Error: {service} {'is as it was' if failure.kept else 'is Failed'}: {failure.cause}"]
    lines += render_failure(replace(failure, kept=""))
    lines += [f"   Fix   {failure.remedy}  (code {failure.code})"]
    lines += [f"   Kept  {failure.kept}"] if failure.kept else []
    lines += [f"   More  mooring service get-logs -n {service} --last-start"]
    return "\n".join(lines) + "\n"


def _wants_json(arguments: Sequence[str]) -> bool:
    words = list(arguments)
    given = [after for word, after in itertools.pairwise(words) if word in ("-o", "--output")]
    given += [word.partition("=")[2] for word in words if word.startswith("--output=")]
    given += [word[2:] for word in words if word.startswith("-o") and len(word) > len("-o")]
    return any(value in ("json", "jsonc") for value in given)


def _wants_traceback(error: BaseException, arguments: Sequence[str]) -> bool:
    if isinstance(error, MooringError) or hasattr(error, "format_message"):
        return "--debug" in arguments
    return bool({"--debug", "--verbose", "-v"} & set(arguments))
