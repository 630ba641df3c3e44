"""Reads a document into the settings of a class: types bent or refused, unknown keys named, ignored ones said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from mooring.configs.coercion import coerce, shown
from mooring.configs.document import Document
from mooring.configs.fields import Setting, settings_of
from mooring.errors import did_you_mean
from mooring.findings import Finding, Severity

Path = tuple[str, ...]
Elsewhere = Callable[[Path], "tuple[Severity, str] | None"]

# Keys that were found in real files and mean something else: what their authors wanted.
_MISTAKEN = {
    "enableappinsights": "appInsightsEnabled",
    "computetarget": "the option --ct, or computeTargetName",
}
# Read before the settings, and by editors.
_OTHERS = {("computeType",), ("$schema",)}


@dataclass(frozen=True)
class Reading:
    """Values by attribute name, the place of each, and what was noticed."""

    values: dict[str, Any]
    paths: dict[str, Path]
    findings: tuple[Finding, ...]


def read_settings(
    cls: type, document: Document, *, elsewhere: Elsewhere = lambda _: None, is_stored: bool = False
) -> Reading:
    """What a document says about the settings of a class.

    Args:
        cls: Class whose fields are settings.
        document: Its value is an object.
        elsewhere: Says of a key that this class does not read whether another place does, and how bad that is.
        is_stored: The document was written by `to_dict`, so keys that people can't set in a file count too.
    """
    reader = _Reader(cls, document, elsewhere, is_stored)
    reader.walk(document.value, ())
    return Reading(reader.values, reader.paths, tuple(reader.findings))


@dataclass
class _Reader:
    cls: type
    document: Document
    elsewhere: Elsewhere
    is_stored: bool
    values: dict[str, Any] = field(default_factory=dict[str, Any])
    paths: dict[str, Path] = field(default_factory=dict[str, Path])
    findings: list[Finding] = field(default_factory=list[Finding])

    def __post_init__(self) -> None:
        self.settings = settings_of(self.cls)
        self.names = {path: name for name, one in self.settings.items() for path in one.paths}
        self.groups = {path[:-1] for path in self.names if len(path) > 1}

    def walk(self, section: dict[str, Any], prefix: Path) -> None:
        for key, value in section.items():
            path = (*prefix, key)
            if path in self.names:
                self._take(self.names[path], path, value)
            elif path in self.groups:
                self._enter(path, value)
            elif path not in _OTHERS:
                self._leave(path, value)

    def _enter(self, path: Path, value: Any) -> None:
        if isinstance(value, dict):
            self.walk(value, path)
        elif value is not None:
            problem = f"Invalid configuration, {path[-1]} must be an object."
            known = sorted(name[-1] for name in self.names if name[:-1] == path)
            self._note(path, "value-type", "error", problem, f"Put {' or '.join(known)} inside braces.")

    def _take(self, name: str, path: Path, value: Any) -> None:
        described = self.settings[name]
        if value is None or name in self.values:
            return
        if not described.in_file and not self.is_stored:
            problem = f"{path[-1]} has no effect in a file."
            self._note_key(
                path, "key-ignored", "information", problem, "Give it on the command line or in Python."
            )
            return
        if described.no_effect:
            self._note_key(path, "key-ignored", "information", f"{described.no_effect}.", "")
        self.paths[name] = path
        self._keep(name, described, path, value)

    def _keep(self, name: str, described: Setting, path: Path, value: Any) -> None:
        as_written = (
            described.kind == "text" and isinstance(value, int | float) and not isinstance(value, bool)
        )
        coerced = coerce(described, self.document.text_of(path) or value if as_written else value)
        if coerced.refused:
            problem = f"Invalid configuration, {name} {coerced.refused}"
            remedy = f"Correct {described.key}, which is {shown(described, value)}."
            self._note(path, "value-type", "error", problem, remedy)
            return
        if coerced.bent:
            problem = f"{described.key} should be a {described.kind}: {coerced.bent}."
            self._note(path, "value-type", "warning", problem, "Remove the quotes.")
        self.values[name] = coerced.value

    def _leave(self, path: Path, value: Any) -> None:
        known_elsewhere = self.elsewhere(path)
        if known_elsewhere:
            severity, problem = known_elsewhere
            if value is not None:
                self._note_key(path, "key-ignored", severity, problem, f"Remove {'.'.join(path)}.")
            return
        meant = self._meant(path)
        problem = f"{'.'.join(path)} is not known and is ignored{meant or '.'}"
        self._note_key(path, "key-unknown", "warning", problem, "Correct or remove it.")

    def _meant(self, path: Path) -> str:
        if path[-1].lower() in _MISTAKEN:
            return f"; did you mean {_MISTAKEN[path[-1].lower()]}?"
        leaf = path[-1].lower()
        same_word = [known for known in self.names if known[-1].lower() == leaf]
        if same_word:
            return f"; did you mean '{'.'.join(same_word[0])}'?"
        siblings = [*self.names, *self.groups, ("computeType",)]
        return did_you_mean(path[-1], sorted({one[-1] for one in siblings if one[:-1] == path[:-1]}))

    def _note(self, path: Path, code: str, severity: Severity, problem: str, remedy: str) -> None:
        span = self.document.span_of(path)
        self.findings.append(
            Finding(code, severity, problem, remedy, self.document.path, span, {"key": path})
        )

    def _note_key(self, path: Path, code: str, severity: Severity, problem: str, remedy: str) -> None:
        span = self.document.key_span_of(path)
        self.findings.append(
            Finding(code, severity, problem, remedy, self.document.path, span, {"key": path})
        )
