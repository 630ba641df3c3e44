"""What a path holds that should become a model: every file below it, before a byte is read."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mooring.registry.file_errors import InvalidChildPaths, SourceEmpty, SourceMissing, SourceUnreadable


@dataclass(frozen=True)
class SourceFile:
    """One file to keep: where it is, its path in the manifest, its size now."""

    place: Path
    path: str
    size_bytes: int


@dataclass(frozen=True)
class Source:
    """A file or folder as it was found.

    Attributes:
        entry: Its base name.
        is_folder: Whether it is a folder.
        files: Sorted by manifest path.
    """

    entry: str
    is_folder: bool
    files: tuple[SourceFile, ...]

    @property
    def size_bytes(self) -> int:
        """Of all files."""
        return sum(file.size_bytes for file in self.files)


def scan(path: str | os.PathLike[str], *, child_paths: Sequence[str] | None = None) -> Source:
    """List what is at `path`. Links are followed: a model's files are kept, not where they lay.

    Args:
        path: A file or a folder. Empty folders below it are not kept.
        child_paths: Files and folders below `path`, to keep only those.

    Raises:
        SourceMissing: There is nothing, or a link leads nowhere.
        SourceEmpty: No file was found.
        SourceUnreadable: A folder can't be listed, a name is no text, links lead in a circle, or something is
            neither file nor folder.
        InvalidChildPaths: `child_paths` leads outside, or `path` is a file.
    """
    top = Path(os.path.abspath(path))  # noqa: PTH100 (resolve() would rename a model reached through a link)
    status = _stat(top)
    if not stat.S_ISDIR(status.st_mode):
        if child_paths:
            raise InvalidChildPaths(child_paths[0], f"{str(path)!r} is a file")
        return Source(top.name, is_folder=False, files=(_file(top, top.name, status),))
    chosen = [top] if not child_paths else [_child(top, child) for child in child_paths]
    found = {file.path: file for place in chosen for file in _walk(place, top, ())}
    if not found:
        raise SourceEmpty(str(path))
    return Source(top.name, is_folder=True, files=tuple(found[key] for key in sorted(found)))


def _child(top: Path, child: str) -> Path:
    relative = Path(os.path.normpath(child))
    if relative.is_absolute() or relative.parts[:1] == ("..",):
        raise InvalidChildPaths(child, f"it leads outside {str(top)!r}")
    return top / relative


def _walk(place: Path, top: Path, above: tuple[tuple[int, int], ...]) -> Iterator[SourceFile]:
    status = _stat(place)
    if not stat.S_ISDIR(status.st_mode):
        yield _file(place, f"{top.name}/{place.relative_to(top).as_posix()}", status)
        return
    identity = (status.st_dev, status.st_ino)
    if identity in above:
        raise SourceUnreadable(str(place), "links lead in a circle")
    try:
        names = sorted(os.listdir(place))  # noqa: PTH208 (names, not paths)
    except OSError as error:
        raise SourceUnreadable(str(place), error.strerror or str(error)) from error
    for name in names:
        yield from _walk(place / name, top, (*above, identity))


def _stat(place: Path) -> os.stat_result:
    try:
        return place.stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        if place.is_symlink():
            raise SourceUnreadable(str(place), "it is a link that leads nowhere") from error
        raise SourceMissing(str(place)) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceUnreadable(str(place), reason) from error


def _file(place: Path, path: str, status: os.stat_result) -> SourceFile:
    if not stat.S_ISREG(status.st_mode):
        raise SourceUnreadable(str(place), "it is neither a file nor a folder")
    try:
        path.encode("utf-8")
    except UnicodeEncodeError as error:
        raise SourceUnreadable(
            os.fsencode(place).decode("utf-8", "replace"), "its name is no text"
        ) from error
    return SourceFile(place, path, status.st_size)
