"""What Tab offers in a `%mooring` line: verbs, flags, names of models and services, variables of the notebook."""

from __future__ import annotations

import re
from typing import Any

from mooring_jupyter.shortcuts import SHORTCUTS, spell_out

ASSIGNED = r"\s*[\w.\[\]'\", ]+=\s*%mooring\b.*"
_COMMAND = re.compile(r"%mooring\b(?P<rest>.*)", re.DOTALL)
_TAKE_VARIABLES = ("--data", "--input-data", "-d", "--sample-input")


def complete(shell: Any, event: Any) -> list[str]:
    """Words that fit at the cursor; IPython calls this with the line so far."""
    from mooring.cli.words import complete_words

    found = _COMMAND.search(str(event.text_until_cursor))
    if found is None:
        return []
    typed = found["rest"]
    words = typed.split()
    incomplete = "" if typed.endswith((" ", "\t")) or not words else words.pop()
    if not words:
        short = [word for word in SHORTCUTS if word.startswith(incomplete)]
        return [*short, *(word for word in complete_words([], incomplete) if word not in short)]
    offered = complete_words(spell_out(words), incomplete)
    if words[0] in SHORTCUTS and len(words) == 1 and not incomplete.startswith("-"):
        bare = SHORTCUTS[words[0]].bare
        names = complete_words([*SHORTCUTS[words[0]].verb, bare], incomplete) if bare else []
        offered = [*names, *offered]
    if words[-1] in _TAKE_VARIABLES or words == ["register"]:
        offered = [*_variables(shell, incomplete), *offered]
    return list(dict.fromkeys(offered))


def _variables(shell: Any, incomplete: str) -> list[str]:
    hidden = shell.user_ns_hidden
    return sorted(
        name
        for name, value in shell.user_ns.items()
        if name.startswith(incomplete) and name not in hidden and name[0] != "_" and _is_data(value)
    )


def _is_data(value: Any) -> bool:
    return hasattr(value, "shape") or hasattr(value, "predict") or isinstance(value, dict | list)
