"""Where a magic's words go: below the cell, with one live line for what goes on, also where there is no terminal."""

from __future__ import annotations

import contextlib
import re
import sys
from collections.abc import Generator
from html import escape
from typing import Any, TextIO


def is_notebook(shell: Any) -> bool:
    """Whether a front end shows HTML: a kernel's shell, not a terminal's."""
    return bool(shell is not None and hasattr(shell, "kernel"))


def show(data: Any, **more: Any) -> Any:
    """Display a bundle of formats (a dict), or an object, below the cell."""
    from IPython import display

    shown: Any = display.display  # IPython has types for some of its functions only
    return shown(data, raw=isinstance(data, dict), **more)


def in_cell_words(text: str) -> str:
    """Commands that a text of the command line's names, as a cell has them: `%mooring service list`."""
    from mooring.cli.nouns import NOUNS

    nouns = "|".join(noun for noun in NOUNS if noun != "serve")
    return re.sub(rf"(?<![\w%!./(-])mooring (?=(?:{nouns})\b)", "%mooring ", text)


class CellOutput:
    """Stands in for stderr during a command: its notices are no errors, and its live line needs no terminal."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._handle: Any = None

    def write(self, text: str) -> int:
        """Below the cell, like the answer."""
        return self._out.write(in_cell_words(text))

    def flush(self) -> None:
        """At once."""
        self._out.flush()

    def isatty(self) -> bool:
        """It is none."""
        return False

    def show_live(self, text: str) -> None:
        """Replace the live line; empty takes it away."""
        line = f'<div style="opacity:.75" role="status">◌ {escape(text)}</div>' if text else ""
        data = {"text/html": line, "text/plain": ""}
        if self._handle is None and text:
            self._handle = show(data, display_id=True)
        elif self._handle is not None:
            self._handle.update(data, raw=True)


@contextlib.contextmanager
def below_the_cell(shell: Any) -> Generator[None, None, None]:
    """Let notices and progress of a command appear below the cell."""
    if not is_notebook(shell):
        yield
        return
    output = CellOutput(sys.stdout)
    with contextlib.redirect_stderr(output):
        try:
            yield
        finally:
            output.show_live("")
