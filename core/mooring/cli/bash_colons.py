"""Completion of `name:version` in bash, which takes a colon for the end of a word."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Callable


def complete(run: Callable[[], object]) -> None:
    """Answer the shell's question for completions; the process ends here."""
    prefix = _join_colons() if os.environ["_MOORING_COMPLETE"] == "complete_bash" else ""
    offered = io.StringIO()
    with contextlib.redirect_stdout(offered), contextlib.suppress(SystemExit):
        run()
    for line in offered.getvalue().splitlines():
        sys.stdout.write(line.removeprefix(prefix) + "\n")
    sys.stdout.flush()
    sys.exit(0)


def _join_colons() -> str:
    """Make `diabetes : 1` one word again in what bash handed over.

    Returns:
        What bash has of that word already, which the offered words must not repeat.
    """
    typed = os.environ.get("COMP_WORDS", "")
    words = typed.split("\n") if "\n" in typed else typed.split(" ")
    cursor = int(os.environ.get("COMP_CWORD", "0"))
    current = words[cursor] if cursor < len(words) else ""
    if cursor >= 2 and words[cursor - 1 : cursor] == [":"]:  # noqa: PLR2004 (name and colon stand before)
        joined = "".join(words[cursor - 2 : cursor]) + current
        words, cursor = [*words[: cursor - 2], joined], cursor - 2
    elif cursor >= 1 and current == ":":
        words, cursor = [*words[: cursor - 1], words[cursor - 1] + ":"], cursor - 1
    else:
        return ""
    os.environ["COMP_WORDS"], os.environ["COMP_CWORD"] = "\n".join(words), str(cursor)
    return words[cursor].rpartition(":")[0] + ":"
