"""When a warm process may not be used although the interpreter is the same."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator
from pathlib import Path

from mooring.deployments.layout import MODELS

# Libraries read the environment when they are imported: a script that sets other variables needs them imported anew.
_SETS_ENVIRONMENT = re.compile(rb"environ|putenv|setenv|load_dotenv")


def import_conditions(app_root: Path, python: Path) -> str:
    """A word that changes with what could make an import turn out differently.

    It covers the lines of the user's code that may set environment variables, and the time of the last
    installation into the interpreter's environment.
    """
    digest = hashlib.sha256()
    for part in (*_lines_about_environment(app_root), *_installed_times(python)):
        digest.update(part + b"\n")
    return digest.hexdigest()[:16]


def _lines_about_environment(app_root: Path) -> Iterator[bytes]:
    for path in _scripts(app_root):
        text = path.read_bytes()
        if _SETS_ENVIRONMENT.search(text):
            yield from (line for line in text.splitlines() if _SETS_ENVIRONMENT.search(line))


def _scripts(app_root: Path) -> Iterator[Path]:
    for folder, folders, names in os.walk(app_root):
        folders[:] = sorted(name for name in folders if name != MODELS)
        yield from (Path(folder, name) for name in sorted(names) if name.endswith(".py"))


def _installed_times(python: Path) -> Iterator[bytes]:
    for folder in sorted(python.parent.parent.glob("lib/python3*/*-packages")):
        yield f"{folder} {folder.stat().st_mtime_ns}".encode()
