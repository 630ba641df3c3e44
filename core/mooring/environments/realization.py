"""From a lock to a Python that is ready to run.

An environment is made in a folder of its own beside its final place and renamed when it is complete, so a folder
under its digest is always whole. It is made relocatable, which keeps its scripts working after the rename.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from mooring.environments.child_process import terminable
from mooring.environments.failures import InstallationFailed
from mooring.environments.locking import write_private
from mooring.environments.resolution import Resolution
from mooring.environments.uv_process import Progress, run_uv
from mooring.environments.verdicts import failure_of, judge
from mooring.settings import Settings

MARKER = "mooring-environment.json"
PARTIAL_PREFIX = ".partial-"


@dataclass(frozen=True)
class ReadyEnvironment:
    """A Python with its packages.

    Attributes:
        digest: As in the resolution.
        path: Folder of the environment.
        python: Interpreter.
        reused: Whether it was there before.
        seconds: What making it took; what looking took, when reused.
    """

    digest: str
    path: Path
    python: Path
    reused: bool
    seconds: float


def realize(
    resolution: Resolution, *, settings: Settings, progress: Progress | None = None
) -> ReadyEnvironment:
    """Install what a resolution says, unless it is installed already.

    An interrupted or failed call leaves nothing; a killed one leaves a folder that `garbage` names.

    Raises:
        InstallationFailed: uv could not install it; says why.
        PythonNotAvailable: Its Python is gone from this machine and can't be fetched.
    """
    began = time.monotonic()
    if resolution.is_user_managed:
        python = Path(resolution.interpreter)
        return ReadyEnvironment(
            resolution.digest, python.parent.parent, python, True, time.monotonic() - began
        )
    place = settings.environments_dir / resolution.digest
    reused = is_ready(place)
    if not reused:
        from mooring.environments.flight import single_flight

        with single_flight(settings.environments_dir, resolution.digest, progress, "installs"):
            reused = is_ready(place)
            if not reused:
                _make(resolution, place, progress)
    return ReadyEnvironment(resolution.digest, place, python_of(place), reused, time.monotonic() - began)


def is_ready(place: Path) -> bool:
    """Whether an environment is complete and its base Python is still there."""
    return (place / MARKER).exists() and python_of(place).exists()


def python_of(place: Path) -> Path:
    """Interpreter of an environment."""
    return place / "Scripts" / "python.exe" if sys.platform == "win32" else place / "bin" / "python"


def _make(resolution: Resolution, place: Path, progress: Progress | None) -> None:
    from mooring.environments.pythons import get_python

    base = get_python(resolution.python_version, progress)
    began = time.monotonic()
    with terminable(), _partial(place) as partial:
        venv = [
            "venv",
            "--python",
            str(base),
            "--relocatable",
            "--no-project",
            "--quiet",
            str(partial / "env"),
        ]
        _run(venv, resolution, partial, None)
        if resolution.requirements:
            if progress is not None:
                progress("environment", f"Installing {len(resolution.requirements)} packages")
            _install(resolution, partial, progress)
        _write_marker(partial / "env", resolution, time.monotonic() - began)
        _put_in_place(partial / "env", place)


def _install(resolution: Resolution, partial: Path, progress: Progress | None) -> None:
    requirements = partial / "requirements.txt"
    write_private(
        requirements, [*resolution.options.lines, *(resolution.secret_lines or resolution.requirements)]
    )
    arguments = [
        # Compiled once here rather than by the first start of the first service.
        *("pip", "install", "--no-deps", "--compile-bytecode", "--python", str(python_of(partial / "env"))),
        *("--requirements", str(requirements)),
        *resolution.options.arguments,
    ]
    _run(arguments, resolution, partial, progress)
    requirements.unlink()


def _run(arguments: list[str], resolution: Resolution, folder: Path, progress: Progress | None) -> None:
    outcome = run_uv(arguments, phase="environment", progress=progress, working_dir=folder)
    if not outcome.is_ok:
        raise failure_of(judge(outcome.words), resolution.python_version, installing=True)


@contextmanager
def _partial(place: Path) -> Generator[Path, None, None]:
    """A folder beside the final place, gone afterwards whatever happens."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(dir=place.parent, prefix=f"{PARTIAL_PREFIX}{place.name}-"))
    except OSError as error:
        raise InstallationFailed(
            kind="permission",
            cause=f"{str(place.parent)!r} can't be written: {error.strerror}.",
            advice="Make it writable, or choose another MOORING_HOME.",
        ) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _write_marker(environment: Path, resolution: Resolution, seconds: float) -> None:
    marker = {
        "digest": resolution.digest,
        "python_version": resolution.python_version,
        "source": resolution.source,
        "made_in_s": round(seconds, 3),
        "requirements": [requirement.partition(" --hash")[0] for requirement in resolution.requirements],
    }
    (environment / MARKER).write_text(json.dumps(marker, indent=1) + "\n", encoding="utf-8")


def _put_in_place(environment: Path, place: Path) -> None:
    if place.exists():  # its Python is gone: what is left of it can't run
        broken = Path(tempfile.mkdtemp(dir=place.parent, prefix=f"{PARTIAL_PREFIX}{place.name}-"))
        place.replace(broken / "env")
        shutil.rmtree(broken, ignore_errors=True)
    environment.replace(place)
