"""Which rules to look for: what `[tool.mooring.check]` in pyproject.toml and the command line say."""

from __future__ import annotations

import fnmatch
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mooring.errors import MooringError, did_you_mean

if TYPE_CHECKING:
    from mooring.inspection.rule import Rule

ALL = "ALL"
_KEYS = ("select", "ignore", "per-file-ignores", "exclude")


@dataclass(eq=False)
class InvalidOptions(MooringError):
    """A `[tool.mooring.check]` table that can't be understood."""

    code = "check-options-invalid"
    path: str
    reason: str

    @property
    def problem(self) -> str:
        """What is wrong, and where."""
        return f"{self.path}: [tool.mooring.check] {self.reason}."

    @property
    def remedy(self) -> str:
        """What the table may hold."""
        return "It takes select, ignore and exclude (lists of texts) and per-file-ignores (a table of lists)."


@dataclass(frozen=True)
class Options:
    """Which findings are wanted.

    Attributes:
        select: Codes to look for besides those that are on by default; `ALL` for every one.
        ignore: Codes not to report.
        per_file_ignores: Pattern of paths to codes not to report there.
        exclude: Patterns of paths to leave alone.
        folder: Where patterns start.
    """

    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    per_file_ignores: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    exclude: tuple[str, ...] = ()
    folder: str = ""

    def wants(self, rule: Rule) -> bool:
        """Whether a rule is looked for at all."""
        if rule.code in self.ignore or ALL in self.ignore:
            return False
        return rule.is_on or rule.code in self.select or ALL in self.select

    def selects(self, code: str, path: str) -> bool:
        """Whether a finding with this code is reported for this path."""
        if code in self.ignore or ALL in self.ignore:
            return False
        if code in _off_by_default() and code not in self.select and ALL not in self.select:
            return False
        return not any(
            code in codes or ALL in codes
            for pattern, codes in self.per_file_ignores.items()
            if self._matches(path, pattern)
        )

    def excludes(self, path: str) -> bool:
        """Whether a path is left alone."""
        return any(self._matches(path, pattern) for pattern in self.exclude)

    def _matches(self, path: str, pattern: str) -> bool:
        whole = Path(path).absolute()
        shown = whole.as_posix()
        if self.folder and whole.is_relative_to(self.folder):
            shown = whole.relative_to(self.folder).as_posix()
        pattern = pattern.rstrip("/")
        return (
            fnmatch.fnmatch(shown, pattern)
            or fnmatch.fnmatch(shown, f"{pattern}/*")
            or any(fnmatch.fnmatch(part, pattern) for part in shown.split("/"))
        )


DEFAULT = Options()


def _off_by_default() -> frozenset[str]:
    from mooring.inspection.catalog import RULES

    return _SAID_WHEN_RESOLVED | {code for code, rule in RULES.items() if not rule.is_on}


# What becomes of the entries of a good conda file: said when it is resolved, and of no use beside the file.
_SAID_WHEN_RESOLVED = frozenset(
    ("azureml-package-replaced", "conda-package-mapped", "conda-library-left-out", "python-patch-open")
)


def find_misspelled_code(codes: Iterable[str]) -> str:
    """What is wrong with the first code that is almost a rule's; empty when none is.

    Others may be those of configurations and environments, which are no rules of their own.
    """
    from mooring.inspection.catalog import RULES

    for code in sorted(set(codes) - RULES.keys() - {ALL}):
        near = did_you_mean(code, list(RULES))
        if near:
            return f"There is no rule {code!r}{near}"
    return ""


def load_options(start: Path) -> Options:
    """The options of the nearest pyproject.toml at or above a path that has such a table.

    Raises:
        InvalidOptions: The table can't be understood.
    """
    folder = start.absolute() if start.is_dir() else start.absolute().parent
    for place in (folder, *folder.parents):
        file = place / "pyproject.toml"
        table = _table(file) if file.is_file() else None
        if table is not None:
            return _read(table, file)
    return DEFAULT


def _table(file: Path) -> dict[str, Any] | None:
    import importlib

    tomllib = importlib.import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None  # somebody else's file, and somebody else's complaint
    tool = content.get("tool")
    ours = tool.get("mooring") if isinstance(tool, dict) else None
    table = ours.get("check") if isinstance(ours, dict) else None
    if table is not None and not isinstance(table, dict):
        raise InvalidOptions(str(file), f"is {table!r}, not a table")
    return table


def _read(table: dict[str, Any], file: Path) -> Options:
    for key in table:
        if key not in _KEYS:
            raise InvalidOptions(str(file), f"has no {key!r}")
    per_file = table.get("per-file-ignores", {})
    if not isinstance(per_file, dict):
        raise InvalidOptions(str(file), "needs per-file-ignores as a table")
    named = [*_texts(table, "select", file), *_texts(table, "ignore", file)]
    misspelled = find_misspelled_code(
        [*named, *(code for key in per_file for code in _texts(per_file, key, file))]
    )
    if misspelled:
        raise InvalidOptions(str(file), misspelled[0].lower() + misspelled[1:].rstrip("?."))
    return Options(
        select=frozenset(_texts(table, "select", file)),
        ignore=frozenset(_texts(table, "ignore", file)),
        per_file_ignores={pattern: _texts(per_file, pattern, file) for pattern in per_file},
        exclude=_texts(table, "exclude", file),
        folder=str(file.parent),
    )


def _texts(table: dict[str, Any], key: str, file: Path) -> tuple[str, ...]:
    values = table.get(key, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise InvalidOptions(str(file), f"needs {key} as a list of texts")
    return tuple(values)
