"""Finds the files an inference configuration names.

v1 takes a relative path from `sourceDirectory` when that is set and from the current directory when not. Real files
also name things relative to the configuration itself, so that comes next; which rule was taken is kept.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SOURCE, CURRENT, CONFIG, ABSOLUTE = (
    "sourceDirectory",
    "current directory",
    "configuration file",
    "absolute path",
)


@dataclass(frozen=True)
class Roots:
    """Folders that relative paths may start from."""

    current: Path
    config: Path | None = None
    source: Path | None = None

    def candidates(self, written: str) -> Iterator[tuple[str, Path]]:
        """Every place a path may mean, v1's own first, with the rule that leads there."""
        for spelling in _spellings(written):
            path = Path(os.path.expanduser(spelling))  # noqa: PTH111  leaves `~nobody` as it is; Path's own raises
            if path.is_absolute():
                yield ABSOLUTE, path
                path = path.relative_to(path.anchor)
            yield from ((rule, root / path) for rule, root in self._ordered())

    def _ordered(self) -> Iterator[tuple[str, Path]]:
        if self.source:
            yield SOURCE, self.source
        else:
            yield CURRENT, self.current
        if self.config:
            yield CONFIG, self.config
        if self.source:
            yield CURRENT, self.current


@dataclass(frozen=True)
class ResolvedInference:
    """Absolute paths of what an inference configuration names; None for what it doesn't name or isn't there.

    Attributes:
        script_path: The entry script.
        source_directory: The folder that is shipped whole.
        script_in_app: Path of the script below the app root, with forward slashes. The source folder keeps its
            own name there: `./src` and `score.py` become `src/score.py`.
        conda_path: The conda file of the old keys.
        extra_docker_steps_path: Dockerfile lines to append.
        taken: By file key, the rule that found it: `sourceDirectory`, `current directory`, `configuration file`
            or `absolute path`.
    """

    script_path: Path | None = None
    source_directory: Path | None = None
    script_in_app: str = ""
    conda_path: Path | None = None
    extra_docker_steps_path: Path | None = None
    taken: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def is_script_outside(self) -> bool:
        """True when a source folder is shipped and the script isn't in it."""
        return bool(self.source_directory and self.script_path and not self.script_in_app)


def find_folder(written: str, roots: Roots) -> tuple[Path | None, str]:
    """The folder a path means, absolute and without links, and the rule that found it."""
    for rule, path in roots.candidates(written):
        if _is(path, folder=True):
            return path.resolve(), rule
    return None, ""


def find_file(written: str, roots: Roots) -> tuple[Path | None, str]:
    """The file a path means, absolute, and the rule that found it."""
    for rule, path in roots.candidates(written):
        if _is(path, folder=False):
            return Path(os.path.abspath(path)), rule  # noqa: PTH100 - resolve() would follow a link out of the folder
    return None, ""


def with_conda_file(definition: dict[str, Any], roots: Roots) -> tuple[dict[str, Any], str]:
    """An environment's definition with its conda file as an absolute path; or the path that leads nowhere."""
    python = definition.get("python")
    if not isinstance(python, dict) or python.get("condaDependencies") is not None:
        return definition, ""
    written = python.get("condaDependenciesFile")
    if not isinstance(written, str) or not written:
        return definition, ""
    path, _ = find_file(written, roots)
    if path is None:
        return definition, written
    return {**definition, "python": {**python, "condaDependenciesFile": str(path)}}, ""


def path_in_app(script: Path, source: Path | None) -> str:
    """Where the script lands below the app root; nothing when it is outside the source folder."""
    if source is None:
        return script.name
    for path in (script, script.resolve()):
        if path.is_relative_to(source):
            return (Path(source.name) / path.relative_to(source)).as_posix()
    return ""


def _spellings(written: str) -> Iterator[str]:
    yield written
    if os.sep == "/" and "\\" in written:
        yield written.replace("\\", "/")


def _is(path: Path, *, folder: bool) -> bool:
    try:
        return path.is_dir() if folder else path.is_file()
    except (OSError, ValueError):
        return False
