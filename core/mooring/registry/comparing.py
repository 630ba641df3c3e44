"""Two versions side by side: what is the same, and what is not."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mooring.registry.values import ModelVersion


@dataclass(frozen=True)
class Compared:
    """One line of a comparison.

    Attributes:
        field: What is compared: `framework`, `tag area`, `file bert/config.json`.
        first: Its value in the first version as text; empty when there is none.
        second: The same in the second.
    """

    field: str
    first: str
    second: str

    @property
    def is_same(self) -> bool:
        """Whether both have the same."""
        return self.first == self.second


_FIELDS = {
    "framework": "framework",
    "framework version": "framework_version",
    "python": "python_version",
    "size in bytes": "size_bytes",
    "digest": "digest",
    "entry": "entry",
    "description": "description",
    "registered": "created_time",
    "registered by": "created_by",
    "run": "run_id",
    "experiment": "experiment_name",
    "sample input": "sample_input",
    "sample output": "sample_output",
}
_LABELS = {"tag": "tags", "property": "properties", "package": "packages"}


def compare(first: ModelVersion, second: ModelVersion) -> list[Compared]:
    """What at least one of the two versions has, field by field, then labels, packages and files by name."""
    return [line for line in _lines(first, second) if line.first or line.second]


def _lines(first: ModelVersion, second: ModelVersion) -> Iterator[Compared]:
    for field, attribute in _FIELDS.items():
        yield Compared(field, _text(getattr(first, attribute)), _text(getattr(second, attribute)))
    for word, attribute in _LABELS.items():
        yield from _by_name(word, getattr(first, attribute), getattr(second, attribute))
    yield from _by_name("file", _files(first), _files(second))


def _by_name(word: str, first: dict[str, str], second: dict[str, str]) -> Iterator[Compared]:
    for name in sorted(first.keys() | second.keys()):
        yield Compared(f"{word} {name}", first.get(name, ""), second.get(name, ""))


def _files(version: ModelVersion) -> dict[str, str]:
    return {entry.path: f"{entry.digest}, {entry.size_bytes} bytes" for entry in version.manifest}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if hasattr(value, "isoformat"):
        return str(value.isoformat(timespec="seconds"))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
