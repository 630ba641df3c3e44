"""What may follow the words typed so far: nouns, verbs, flags, names. For callers that are no shell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from mooring.cli.app import command
from mooring.cli.flags import Parameter


def complete_words(typed: Sequence[str], incomplete: str) -> list[str]:
    """Words that begin with `incomplete` and fit after those typed.

    Args:
        typed: Complete words after `mooring`.
        incomplete: The one under the cursor; may be empty.
    """
    return [word for word in _offers(list(typed), incomplete) if word.startswith(incomplete)]


def _offers(typed: list[str], incomplete: str) -> Iterable[str]:
    here: Any = command()
    rest = list(typed)
    while rest and hasattr(here, "list_commands"):
        here = here.get_command(None, rest.pop(0))
    if here is None:
        return []
    if hasattr(here, "list_commands"):
        return list(here.list_commands(None))
    parameters: list[Parameter] = here.callback.parameters
    return _values(parameters, rest, incomplete) or _flags(parameters, rest, incomplete)


def _values(parameters: list[Parameter], rest: list[str], incomplete: str) -> list[str]:
    asked = [p for p in parameters if rest and rest[-1] in p.flag.names and not p.is_switch]
    if not asked:
        return []
    mark = asked[0].flag
    return list(mark.choices) if mark.complete is None else list(mark.complete(incomplete))


def _flags(parameters: list[Parameter], rest: list[str], incomplete: str) -> list[str]:
    if any(rest and rest[-1] in p.flag.names and not p.is_switch for p in parameters):
        return []  # a value is due, and nobody knows which
    left = [p for p in parameters if p.is_repeated or not set(p.flag.names) & set(rest)]
    shown = [p.flag for p in left if not p.flag.is_hidden and not p.flag.is_positional]
    return [_name_for(flag.names, incomplete) for flag in shown]


def _name_for(names: tuple[str, ...], incomplete: str) -> str:
    """The first name, unless another one is being typed."""
    return next((name for name in names if incomplete != "-" and name.startswith(incomplete)), names[0])
