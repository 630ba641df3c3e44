"""`%mooring <verb …>`: the command line's verbs in a cell, with objects for answers.

%load_ext mooring
%mooring register model -n diabetes
%mooring deploy nb -m diabetes:1 --ic inferenceconfig.json
answer = %mooring test nb --data X_test
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mooring_jupyter.display import below_the_cell, in_cell_words, is_notebook, show
from mooring_jupyter.shortcuts import SHORTCUTS, spell_out

if TYPE_CHECKING:
    from mooring.cli.output import Answer
    from mooring.findings import Finding
    from mooring_jupyter.memory import Memory

NAME = "mooring"
_OWN_TERMINAL = {"serve": "it runs until Ctrl-C and would take this kernel's place"}
_CHECKED = (["model", "deploy"], ["service", "update"])
_SECRET = (["service", "get-keys"], ["service", "get-access-token"])
_ANYWAY = "--anyway"


class CommandFailed(Exception):
    """A command failed; stops the cell, and shows the command line's own words instead of a traceback."""

    def __init__(self, told: str, exit_code: int, *, is_shown: bool = False) -> None:
        super().__init__(in_cell_words(told.strip()))
        self.told = in_cell_words(told.rstrip())
        self.exit_code = exit_code
        self._is_shown = is_shown

    def _render_traceback_(self) -> list[str]:
        lines = self.told.splitlines()
        return lines[:1] if self._is_shown else lines


class Magic:
    """The magics of one shell.

    Args:
        shell: IPython's.
        memory: Of its cells.
        say: Takes what a command says, text by text; below the cell unless given.
    """

    def __init__(self, shell: Any, memory: Memory, say: Callable[[str], object] | None = None) -> None:
        self.shell = shell
        self.memory = memory
        self.say = say or _write

    def run_line(self, line: str) -> Any:
        """Run one command line.

        Returns:
            The object or objects that the command is about: what was found, registered, deployed, answered.

        Raises:
            CommandFailed: The command failed.
        """
        words = _split(line)
        if not words or words in (["--help"], ["help"]):
            print(overview())  # noqa: T201 (what was asked for)
            return None
        if words[0] in _OWN_TERMINAL:
            why = _OWN_TERMINAL[words[0]]
            raise CommandFailed(
                f"Error: {words[0]} can't run in a notebook: {why}.\n  Fix  Write !mooring {line}", 2
            )
        return self.run_words(words)

    def run_words(self, words: list[str]) -> Any:
        """The same for words already taken apart."""
        is_anyway = _ANYWAY in words
        words = [word for word in words if word != _ANYWAY]
        with below_the_cell(self.shell):
            try:
                return self._carry_out(words, is_anyway=is_anyway)
            except KeyboardInterrupt:
                if words[0] == "logs" or "--follow" in words:
                    return None  # that is how following ends
                raise
            except CommandFailed:
                raise
            except Exception as error:  # noqa: BLE001 (a cell shows words, not frames of ours)
                raise self._failed(error, words) from None

    def _carry_out(self, words: list[str], *, is_anyway: bool) -> Any:
        from mooring.cli import perform
        from mooring_jupyter import values

        if words[0] == "register":
            return self._register(words)
        spelled = values.with_data(self.shell, spell_out(words))
        if spelled[:2] in _CHECKED and "--help" not in spelled and "--dry-run" not in spelled:
            self._check_first(spelled, is_anyway=is_anyway)
        answer, form = perform(spelled)
        return self._hand_back(answer, form, spelled)

    def _register(self, words: list[str]) -> Any:
        from mooring_jupyter.registering import register

        return register(self, words)

    def _hand_back(self, answer: Answer | None, form: str, words: list[str]) -> Any:
        """Say what was done, and give the object; for a question the object alone."""
        from mooring.cli.output import as_text
        from mooring_jupyter.objects import Secrets, as_objects

        if answer is None:
            return None
        if words[:2] in _SECRET and form == "table":
            return Secrets(answer.data)
        has_object = answer.value is not None and form == "table"
        shows_itself = hasattr(answer.value, "_repr_pretty_")
        if not has_object or (answer.text is not None and not shows_itself):
            told = as_text(answer, form)
            is_own_words = form == "table" and words[:2] != ["service", "get-logs"]
            self.say(in_cell_words(told) if is_own_words else told)
        return as_objects(answer, words) if has_object else None

    def perform(self, words: list[str]) -> Any:
        """A command in the command line's own words."""
        from mooring.cli import perform

        answer, form = perform(words)
        return self._hand_back(answer, form, words)

    # ---- before a deployment -------------------------------------------------------------------------------------

    def _check_first(self, words: list[str], *, is_anyway: bool) -> None:
        """Say what only this kernel has before the service misses it.

        Raises:
            CommandFailed: It would not start, and `--anyway` was not given.
        """
        from mooring.cli import perform
        from mooring.deployments import ChecksFailed
        from mooring_jupyter.findings_view import show_findings
        from mooring_jupyter.preflight import explained, look

        quiet = [word for word in words if word not in ("--no-wait", "--dry-run")]
        try:
            answer, _ = perform([*quiet, "--dry-run", "--only-show-errors"])
        except ChecksFailed as error:
            show_findings(self.shell, explained(self, error.findings))
            told = f"Error: {error.problem.splitlines()[0]}\n  Fix  {error.remedy}  (code {error.code})"
            raise CommandFailed(told, 1, is_shown=is_notebook(self.shell)) from None
        found: list[Finding] = look(self, answer.value) if answer is not None else []
        if found:
            show_findings(self.shell, found)
        errors = [finding for finding in found if finding.severity == "error"]
        if errors and not is_anyway:
            told = (
                f"Error: {errors[0].problem}\n  Fix  {errors[0].remedy}  (code {errors[0].code})\n"
                "  Else add --anyway to deploy all the same."
            )
            raise CommandFailed(told, 1)

    def _failed(self, error: BaseException, words: list[str]) -> CommandFailed:
        from mooring.cli.failures import tell_failure

        told, exit_code = tell_failure(error, words)
        failure = getattr(error, "failure", None)
        if failure is None or not is_notebook(self.shell):
            return CommandFailed(told, exit_code)
        from mooring_jupyter.verdict_card import render_verdict

        html = render_verdict(failure, service=str(getattr(error, "service", "The service")))
        show({"text/html": html, "text/plain": told})
        return CommandFailed(told, exit_code, is_shown=True)


def _write(text: str) -> None:
    """To the stdout of the cell that runs just now."""
    sys.stdout.write(text)


def overview() -> str:
    """The short words, and where the rest is."""
    width = max(map(len, SHORTCUTS))
    lines = [f"  %mooring {word:<{width}}  {shortcut.help}" for word, shortcut in SHORTCUTS.items()]
    return "\n".join(
        [
            *lines,
            "",
            "Every verb of the command line works, too: %mooring model --help, %mooring service --help, …",
            "Cells: %%entry_script score.py, %%inference_config, %%deployment_config, %%conda",
        ]
    )


def _split(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError as error:
        raise CommandFailed(
            f"Error: {line!r} has an open quote.\n  Fix  Close it, or write \\' for the character.", 2
        ) from error


def script_text(path: str) -> str:
    """A script's text; empty when it can't be read."""
    try:
        return Path(path).read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return ""
