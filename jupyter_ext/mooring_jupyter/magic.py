"""`%mooring <verb …>`: the command line's verbs in a cell, with objects for answers.

%load_ext mooring
%mooring model register -n diabetes -p ridge.pkl
newest = %mooring model show -n diabetes
"""

from __future__ import annotations

import shlex
import sys
from typing import Any

from mooring.cli import perform
from mooring.cli.failures import tell_failure
from mooring.cli.output import write_answer
from mooring_jupyter.objects import as_objects

NAME = "mooring"
_OWN_TERMINAL = {"serve": "it runs until Ctrl-C and would take this kernel's place"}


class CommandFailed(Exception):
    """A command failed; stops the cell, and shows the command line's own words instead of a traceback."""

    def __init__(self, told: str, exit_code: int) -> None:
        super().__init__(told.strip())
        self.told = told.rstrip()
        self.exit_code = exit_code

    def _render_traceback_(self) -> list[str]:
        return self.told.splitlines()


def run_line(line: str) -> Any:
    """Run one command line.

    Returns:
        The object or objects that a showing verb (list, show, run) found, with nothing printed; None otherwise.

    Raises:
        CommandFailed: The command failed.
    """
    words = _split(line)
    if words and words[0] in _OWN_TERMINAL:
        why = _OWN_TERMINAL[words[0]]
        raise CommandFailed(
            f"Error: {words[0]} can't run in a notebook: {why}.\n  Fix  Write !mooring {line}", 2
        )
    try:
        answer, form = perform(words)
    except Exception as error:  # noqa: BLE001 (a cell shows words, not frames of ours)
        told, exit_code = tell_failure(error, words)
        raise CommandFailed(told, exit_code) from None
    if answer is None:
        return None
    if answer.value is not None and form == "table" and answer.text is None:
        return as_objects(answer, words)
    write_answer(answer, form, sys.stdout)
    return None


def _split(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError as error:
        raise CommandFailed(
            f"Error: {line!r} has an open quote.\n  Fix  Close it, or write \\' for the character.", 2
        ) from error


def register(shell: Any) -> None:
    """Add the magic and its completion to a shell."""
    shell.register_magic_function(run_line, magic_kind="line", magic_name=NAME)
    shell.set_hook("complete_command", _complete, str_key=f"%{NAME}")


def unregister(shell: Any) -> None:
    """Take the magic away."""
    shell.magics_manager.magics["line"].pop(NAME, None)


def _complete(shell: Any, event: Any) -> list[str]:
    """Words that fit at the cursor; IPython calls this with the line so far."""
    from mooring.cli.words import complete_words

    del shell
    typed = event.line[: len(event.text_until_cursor)] if hasattr(event, "text_until_cursor") else event.line
    words = typed.split()[1:]
    incomplete = "" if typed.endswith(" ") or not words else words.pop()
    return complete_words(words, incomplete)
