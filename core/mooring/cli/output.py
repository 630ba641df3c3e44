"""How a verb's answer is written: table for people, and json, jsonc, yaml, tsv for programs.

The table is the default everywhere, on a terminal and in a pipe: what a script reads must not depend on where its
output goes, so a script says `-o json`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TextIO

FORMATS = ("table", "json", "jsonc", "yaml", "tsv")

Columns = Mapping[str, str]
"""Heading of a table's column -> key of the data."""


@dataclass(frozen=True)
class Answer:
    """What a verb found or did.

    Attributes:
        data: JSON-able: a dict, or a list of dicts.
        value: The Python object or objects, for callers inside Python.
        columns: For a list, what the table shows; tsv has the same columns without headings.
        rows: For a dict, what the table shows, by label; the whole dict unless given.
        text: Replaces the table, for answers that are neither.
        texts: The answer in formats of the verb's own, by the format's name.
        is_plain: The data is a value of the user's own; the table is its JSON on one line.
        after: Lines for people only: what next, how to take it back.
        exit_code: Not 0 when what was found is bad news, though finding it went well.
    """

    data: Any
    value: Any = None
    columns: Columns = field(default_factory=dict[str, str])
    rows: Mapping[str, Any] | None = None
    text: str | None = None
    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    is_plain: bool = False
    after: Sequence[str] = ()
    exit_code: int = 0


def write_answer(answer: Answer, form: str, out: TextIO) -> None:
    """Write an answer in one of `FORMATS`, or in one of its own."""
    out.write(as_text(answer, form))
    out.flush()


def as_text(answer: Answer, form: str) -> str:
    """An answer in one of `FORMATS`, or in one of its own: whole lines."""
    text = answer.texts[form] if form in answer.texts else _WRITERS[form](answer)
    lines = [text, *answer.after] if form == "table" else [text]
    return "".join(
        line if line.endswith("\n") else f"{line}\n" for at, line in enumerate(lines) if line or at
    )


def as_cell(value: Any) -> str:
    """A value in one cell: nothing for None, `key=value` pairs for a dict, JSON for the rest."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping) and not any(isinstance(item, (dict, list)) for item in value.values()):
        return " ".join(f"{key}={as_cell(item)}" for key, item in value.items())
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return " ".join(value)
    return json.dumps(value, ensure_ascii=False)


def align(rows: Sequence[Sequence[str]]) -> str:
    """Rows as text in aligned columns, two blanks apart; never cut, so that every name can be pasted back."""
    widths = [max(len(row[index]) for row in rows) for index in range(len(rows[0]))]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )
    return "\n".join(lines)


def _as_table(answer: Answer) -> str:
    if answer.text is not None:
        return answer.text
    if answer.is_plain:
        return json.dumps(answer.data, ensure_ascii=False)
    if isinstance(answer.data, list):
        return _as_grid(answer)
    rows = answer.rows if answer.rows is not None else answer.data
    if not isinstance(rows, Mapping):
        return as_cell(rows)
    shown = [[str(label), _flat(as_cell(value))] for label, value in rows.items() if as_cell(value)]
    return align(shown) if shown else ""


def _as_grid(answer: Answer) -> str:
    if not answer.data:
        return ""
    columns = answer.columns or {key: key for key in answer.data[0]}
    cells = [[_flat(as_cell(row.get(key))) for key in columns.values()] for row in answer.data]
    return align([[heading.upper() for heading in columns], *cells])


def _as_tsv(answer: Answer) -> str:
    if answer.is_plain:
        return json.dumps(answer.data, ensure_ascii=False)
    records = answer.data if isinstance(answer.data, list) else [answer.data]
    if not records:
        return ""
    if not isinstance(records[0], Mapping):
        return "\n".join(_flat(as_cell(record)) for record in records)
    keys = list((answer.columns or {key: key for key in records[0]}).values())
    return "\n".join("\t".join(_flat(as_cell(record.get(key))) for key in keys) for record in records)


def _as_json(answer: Answer) -> str:
    return json.dumps(answer.data, indent=2, ensure_ascii=False)


def _as_yaml(answer: Answer) -> str:
    import yaml

    return yaml.safe_dump(answer.data, sort_keys=False, allow_unicode=True)


def _flat(text: str) -> str:
    return text.replace("\r", " ").replace("\n", " ").replace("\t", " ")


_WRITERS = {"table": _as_table, "json": _as_json, "jsonc": _as_json, "yaml": _as_yaml, "tsv": _as_tsv}
