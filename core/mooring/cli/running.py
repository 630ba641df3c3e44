"""Run one command line: parse it, do it, write the answer or the failure, give the exit code."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from mooring.cli import exit_codes

if TYPE_CHECKING:
    from mooring.cli.output import Answer


def main() -> None:
    """The `mooring` command."""
    # Importing makes objects that live as long as the process: looking through them for garbage again and again
    # costs an eighth of a short command's time.
    gc.set_threshold(100_000, 50, 50)
    _speak_utf8()
    if "_MOORING_COMPLETE" in os.environ:
        from mooring.cli.bash_colons import complete

        complete(lambda: run([]))
    _leave(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command line, write what comes of it, and return the exit code; never raises an `Exception`.

    Args:
        arguments: The words after `mooring`.
    """
    try:
        answer, form = perform(arguments)
        if answer is None:
            return exit_codes.OK
        from mooring.cli.output import write_answer

        write_answer(answer, form, sys.stdout)
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted.\n")
        return exit_codes.INTERRUPTED
    except BrokenPipeError:
        return exit_codes.OK
    except Exception as error:  # noqa: BLE001 (the last frame that can still say something useful)
        from mooring.cli.failures import tell_failure

        told, exit_code = tell_failure(error, arguments)
        sys.stderr.write(told)
        return exit_code
    return answer.exit_code


def perform(
    arguments: Sequence[str], *, tell_accepted: Callable[[], None] | None = None
) -> tuple[Answer | None, str]:
    """Do what a command line says.

    Args:
        arguments: The words after `mooring`.
        tell_accepted: Called once a long work is checked, recorded, and sure to go on.

    Returns:
        The answer, None when the verb has written everything itself, and the output format asked for.

    Raises:
        MooringError: It can't be done.
        Exception: The words make no sense to typer, or Mooring has a fault.
        KeyboardInterrupt: Ctrl-C.
    """
    from mooring.cli.app import command
    from mooring.cli.call import Typed, typed

    typed.set(Typed(tuple(arguments), tell_accepted) if tell_accepted else Typed(tuple(arguments)))
    result = command().main(args=list(arguments), prog_name="mooring", standalone_mode=False)
    if isinstance(result, tuple):
        answer, form = result
        return answer, form
    if result == exit_codes.INTERRUPTED:  # typer swallows the interrupt and hands its number back
        raise KeyboardInterrupt
    return None, ""


def _speak_utf8() -> None:
    """Names and answers may hold any character, whatever the terminal's locale says."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="replace")


def _leave(exit_code: int) -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(exit_code)
