"""Folders that nothing needs any more: half environments of killed processes, and those no service uses."""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from mooring.environments.flight import FLIGHT_FOLDER, is_flying
from mooring.environments.realization import MARKER, PARTIAL_PREFIX
from mooring.settings import Settings


@dataclass(frozen=True)
class EnvironmentGarbage:
    """A folder that may go, how big it is, and why it may go."""

    path: Path
    size_bytes: int
    reason: str


def find_garbage(settings: Settings, *, used: Collection[str] | None = None) -> list[EnvironmentGarbage]:
    """What may be removed.

    Args:
        settings: For the folder of environments.
        used: Digests that services use; None spares every complete environment.
    """
    root = settings.environments_dir
    found: list[EnvironmentGarbage] = []
    for folder in sorted(root.iterdir()) if root.is_dir() else []:
        reason = _reason(root, folder, used)
        if reason:
            found.append(EnvironmentGarbage(folder, _size_bytes(folder), reason))
    return found


def collect_garbage(settings: Settings, *, used: Collection[str] | None = None) -> list[EnvironmentGarbage]:
    """Remove what `find_garbage` names, and say what it was."""
    found = find_garbage(settings, used=used)
    for entry in found:
        if entry.path.is_symlink():
            entry.path.unlink()
        else:
            shutil.rmtree(entry.path, ignore_errors=True)
    return found


def _reason(root: Path, folder: Path, used: Collection[str] | None) -> str:
    if folder.is_symlink():  # the way to a conda prefix in the making
        return "" if is_flying(root, folder.name) else "left by an installation that was killed"
    if not folder.is_dir() or folder.name in {"locks", FLIGHT_FOLDER}:
        return ""
    if folder.name.startswith(PARTIAL_PREFIX):
        digest = folder.name[len(PARTIAL_PREFIX) :].partition("-")[0]
        return "" if is_flying(root, digest) else "left by an installation that was killed"
    if folder.name.startswith(".resolve-"):
        return "" if _any_resolution_flies(root) else "left by a resolution that was killed"
    is_unused = used is not None and folder.name not in used and (folder / MARKER).exists()
    return "no service uses it" if is_unused and not is_flying(root, folder.name) else ""


def _any_resolution_flies(root: Path) -> bool:
    locks = (root / FLIGHT_FOLDER).glob("resolve-*.lock")
    return any(is_flying(root, path.name.removesuffix(".lock")) for path in locks)


def _size_bytes(folder: Path) -> int:
    sizes = (_file_size(Path(base, name)) for base, _folders, files in os.walk(folder) for name in files)
    return sum(sizes)


def _file_size(path: Path) -> int:
    try:
        return path.lstat().st_size
    except OSError:
        return 0
