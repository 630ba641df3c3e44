"""Paths of requests: below the folder that the file browser shows as its top."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from mooring.errors import MooringError


@dataclass(eq=False)
class PathOutside(MooringError):
    """A path that leads out of the file browser's folder."""

    code = "path-outside"
    path: str

    @property
    def problem(self) -> str:
        """The path."""
        return f"{self.path!r} is outside of the folder that this Jupyter server shows."

    @property
    def remedy(self) -> str:
        """Where it should be."""
        return "Move it below the file browser's top, or start the server in a folder above it."


@dataclass(eq=False)
class PathMissing(MooringError):
    """Nothing is there."""

    code = "path-missing"
    path: str

    @property
    def problem(self) -> str:
        """The path."""
        return f"There is no file or folder {self.path!r}."

    @property
    def remedy(self) -> str:
        """Look."""
        return "Refresh the file browser and choose again."


def inside(root: Path, path: str) -> Path:
    """The absolute path of something below `root`.

    Raises:
        PathOutside: It would lead out of it.
        PathMissing: Nothing is there.
    """
    if "\0" in path or not path.isprintable():
        raise PathMissing(path=path)
    found = Path(os.path.normpath(root / path.lstrip("/")))
    if not found.is_relative_to(root):
        raise PathOutside(path=path)
    try:
        is_there = found.exists()
    except OSError:  # a name longer than the file system takes
        is_there = False
    if not is_there:
        raise PathMissing(path=path)
    return found


def below(root: Path, path: Path | None) -> str | None:
    """A path as requests write it; None for what is elsewhere."""
    return path.relative_to(root).as_posix() if path is not None and path.is_relative_to(root) else None
