"""The ring: what runs in users' environments, as a folder to put on their interpreter's path.

A copy of `mooring.scoring`, not an install: the environment stays the user's. The folder's name is the digest of
what it holds, so that it is shared by services and never changes under one.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile

__all__ = ["materialize_ring"]

_PACKAGE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_LEFT_OUT = ("__pycache__",)
_DIGEST_LENGTH = 16


def materialize_ring(home: str) -> str:
    """Path of the ring's folder below `home`; it is made when it is not there yet.

    Raises:
        OSError: It can't be written.
    """
    files = _ring_files()
    folder = os.path.join(home, "scoring", _digest(files))
    if not os.path.isdir(folder):
        _copy(files, folder)
    return folder


def _ring_files() -> list[str]:
    """Paths relative to the package, sorted."""
    found = ["__init__.py"]
    for folder, folders, names in os.walk(os.path.join(_PACKAGE, "scoring")):
        folders[:] = sorted(name for name in folders if name not in _LEFT_OUT)
        relative = os.path.relpath(folder, _PACKAGE)
        found.extend(os.path.join(relative, name) for name in sorted(names) if not name.endswith(".pyc"))
    return found


def _digest(files: list[str]) -> str:
    digest = hashlib.sha256()
    for name in files:
        with open(os.path.join(_PACKAGE, name), "rb") as file:
            content = file.read()
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:_DIGEST_LENGTH]


def _copy(files: list[str], folder: str) -> None:
    """Complete or not at all; whoever was faster wins."""
    parent = os.path.dirname(folder)
    os.makedirs(parent, exist_ok=True)
    temporary = tempfile.mkdtemp(prefix=".new-", dir=parent)
    try:
        for name in files:
            place = os.path.join(temporary, "mooring", name)
            os.makedirs(os.path.dirname(place), exist_ok=True)
            shutil.copyfile(os.path.join(_PACKAGE, name), place)
        with contextlib.suppress(OSError):  # not empty: another process has just made it
            os.rename(temporary, folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
