"""docs/cli.md, made from the application itself: `python -m mooring.cli.reference docs/cli.md`."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mooring.cli.app import command
from mooring.cli.exit_codes import MEANINGS
from mooring.cli.flags import Parameter
from mooring.cli.nouns import NOUNS

_HEAD = """# The command line

Made from the application by `python -m mooring.cli.reference docs/cli.md`; a test keeps it true.

Answers go to stdout, everything else (progress, notices, errors) to stderr. Answers are tables for people, on a
terminal and in a pipe alike; a script says `-o json` (or `yaml`, or `tsv`: the table's columns without headings), and
then gets its errors as one JSON object on stderr, too. `jsonc` is accepted for the sake of old scripts and is `json`.

`--resource-group/-g`, `--subscription-id` and `--path` of old command lines are accepted and ignored with a notice.
"""


def render_reference() -> str:
    """The whole page."""
    codes = "\n".join(f"| {code} | {meaning} |" for code, meaning in MEANINGS.items())
    sections = "\n".join(line for noun in NOUNS for line in _noun_section(noun))
    return f"{_HEAD}\n| exit code | meaning |\n| --- | --- |\n{codes}\n\n{sections}\n"


def _noun_section(noun: str) -> Iterator[str]:
    app: Any = command().get_command(None, noun)
    if not hasattr(app, "list_commands"):
        yield from _verb_section(f"mooring {noun}", app, level=2)
        return
    yield f"## mooring {noun}\n\n{NOUNS[noun]}\n"
    for verb in app.list_commands(None):
        yield from _verb_section(f"mooring {noun} {verb}", app.get_command(None, verb), level=3)


def _verb_section(path: str, verb: Any, *, level: int) -> Iterator[str]:
    yield f"{'#' * level} {path}\n\n{inspect.cleandoc(verb.help)}\n"
    yield "| flag | value | meaning |\n| --- | --- | --- |"
    for parameter in verb.callback.parameters:
        if not parameter.flag.is_hidden:
            yield _row(parameter)
    also = [
        p.flag.names[0]
        for p in verb.callback.parameters
        if p.flag.is_hidden and p.flag.help.startswith("For ")
    ]
    if also:
        yield f"\nAlso taken, for compute types other than process: {', '.join(f'`{name}`' for name in also)}."
    examples = verb.epilog.partition("Examples:\n")[2]
    yield f"\n```\n{inspect.cleandoc(examples)}\n```\n"


def _row(parameter: Parameter) -> str:
    names = ", ".join(f"`{name}`" for name in parameter.flag.names)
    value = (
        ""
        if parameter.is_switch or parameter.flag.is_positional
        else f"`{parameter.metavar}`".replace("|", "\\|")
    )
    needed = " Required." if parameter.is_required else ""
    return f"| {names} | {value} | {parameter.flag.help}{needed} |"


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(render_reference(), encoding="utf-8")
