"""Pythons of this machine: finding one of a wanted version, or having uv fetch it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from mooring.environments.failures import PythonNotAvailable
from mooring.environments.uv_process import Progress, run_uv

_PROBE = (
    "import sys, sysconfig;"
    "print(sys.implementation.name, '%d.%d' % sys.version_info[:2], sysconfig.get_config_var('Py_GIL_DISABLED') or 0,"
    " getattr(sys, '_base_executable', sys.executable), sep='\\n')"
)
_FOLDER_VERSION = re.compile(r"(?:^|-)(?:cpython-)?(?P<minor>3\.\d+)(?:\.|$|-)")


def find_python(minor: str) -> Path | None:
    """An interpreter of that version (`3.8`) on this machine: this one, on PATH, pyenv's, conda's or uv's."""
    return next((path for path in _candidates(minor) if probe_python(path) == minor), None)


def get_python(minor: str, progress: Progress | None = None) -> Path:
    """An interpreter of that version, fetched by uv when the machine has none.

    Raises:
        PythonNotAvailable: It is not here and could not be fetched; the error names those that are.
    """
    found = find_python(minor)
    if found is not None:
        return found
    if progress is not None:
        progress("python", f"Fetching Python {minor}")
    outcome = run_uv(
        ["python", "install", minor, "--no-bin"], phase="python", progress=progress, downloads_python=True
    )
    found = find_python(minor) if outcome.is_ok else None
    if found is None:
        raise PythonNotAvailable(wanted=minor, found=list_pythons(), evidence=_last_cause(outcome.words))
    return found


def list_pythons() -> list[str]:
    """Versions of this machine that can run the scoring server, oldest first."""
    from mooring.environments.ring import SUPPORTED_PYTHONS

    return [minor for minor in SUPPORTED_PYTHONS if find_python(minor) is not None]


@lru_cache(maxsize=256)
def probe_python(path: Path) -> str | None:
    """The version of an interpreter, or None when it does not run or is no ordinary CPython."""
    try:
        done = subprocess.run(
            [str(path), "-I", "-c", _PROBE],
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    answer = done.stdout.split("\n")
    if done.returncode != 0 or answer[0] != "cpython" or answer[2] != "0":
        return None
    return answer[1]


def _candidates(minor: str) -> Iterator[Path]:
    if "{}.{}".format(*sys.version_info[:2]) == minor:
        yield Path(getattr(sys, "_base_executable", "") or sys.executable)
    yield from _on_path(minor)
    for folder in _installations():
        found = _FOLDER_VERSION.search(folder.name)
        if found is not None and found["minor"] != minor:
            continue
        yield from (
            path for path in (folder / "bin" / f"python{minor}", folder / "python.exe") if path.exists()
        )


def _on_path(minor: str) -> Iterator[Path]:
    for folder in os.get_exec_path():
        # pyenv's shims answer only for versions that are switched on; its folders are read below instead.
        if Path(folder).name == "shims":
            continue
        for name in (f"python{minor}", "python3", "python"):
            path = Path(folder, name)
            if path.exists() and _may_be(path, minor):
                yield path


def _may_be(path: Path, minor: str) -> bool:
    """Spare a process where the link's target says another version in its name."""
    named = re.search(r"python(3\.\d+)$", path.resolve().name)
    return named is None or named[1] == minor


def _installations() -> list[Path]:
    """Folders of pyenv, uv and conda that hold one Python each, newest release first."""
    home = Path.home()
    data = Path(os.environ.get("XDG_DATA_HOME") or home / ".local" / "share")
    roots = [
        Path(os.environ.get("PYENV_ROOT") or home / ".pyenv") / "versions",
        Path(os.environ.get("UV_PYTHON_INSTALL_DIR") or data / "uv" / "python"),
    ]
    found = [folder for root in roots for folder in _folders(root)]
    return sorted(found, key=_release, reverse=True) + _conda_folders(home)


def _conda_folders(home: Path) -> list[Path]:
    names = ("miniconda3", "anaconda3", "miniforge3", "mambaforge", "micromamba")
    bases = [home / name for name in names] + [Path("/opt/conda"), Path("/opt/miniconda3")]
    named = os.environ.get("CONDA_EXE")
    if named:
        bases.insert(0, Path(named).parent.parent)
    return [folder for base in bases if base.is_dir() for folder in (base, *_folders(base / "envs"))]


def _folders(root: Path) -> list[Path]:
    try:
        return [folder for folder in root.iterdir() if folder.is_dir() and not folder.is_symlink()]
    except OSError:
        return []


def _release(folder: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", folder.name)[:3])


def _last_cause(words: str) -> str:
    lines = [
        line.partition("cause:")[2].strip() or line.strip() for line in words.splitlines() if line.strip()
    ]
    return lines[-1].rstrip(".") if lines else ""
