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
from dataclasses import dataclass, field
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
        variables: What its conda packages want set.
    """

    digest: str
    path: Path
    python: Path
    reused: bool
    seconds: float
    variables: dict[str, str] = field(default_factory=dict[str, str])


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
    seconds, variables = time.monotonic() - began, _read_variables(place) if resolution.conda else {}
    return ReadyEnvironment(resolution.digest, place, python_of(place), reused, seconds, variables)


def is_ready(place: Path) -> bool:
    """Whether an environment is complete and its base Python is still there."""
    return (place / MARKER).exists() and python_of(place).exists()


def python_of(place: Path) -> Path:
    """Interpreter of an environment."""
    return place / "Scripts" / "python.exe" if sys.platform == "win32" else place / "bin" / "python"


def _make(resolution: Resolution, place: Path, progress: Progress | None) -> None:
    began = time.monotonic()
    with terminable(), _partial(place) as partial:
        making = partial / "env"
        if resolution.conda:
            variables = _make_prefix(resolution, making, place, progress)
        else:
            variables = {}
            _make_venv(resolution, making, progress)
        _write_marker(making, resolution, time.monotonic() - began, variables)
        _clear(place)
        making.replace(place)


def _make_venv(resolution: Resolution, making: Path, progress: Progress | None) -> None:
    from mooring.environments.pythons import get_python

    base = get_python(resolution.python_version, progress)
    venv = ["venv", "--python", str(base), "--relocatable", "--no-project", "--quiet", str(making)]
    _run(venv, resolution, making.parent, None)
    _install(resolution, python_of(making), making.parent, progress)


def _make_prefix(
    resolution: Resolution, making: Path, place: Path, progress: Progress | None
) -> dict[str, str]:
    """Python and more from conda's channels, the rest from PyPI; the answer is the variables to be set."""
    from mooring.environments.channels.prefix import install_records, leading_to

    _clear(place)
    with leading_to(making, place=place):
        variables = install_records(resolution, making, place=place, progress=progress)
        _install(resolution, python_of(place), making.parent, progress)
    return variables


def _install(resolution: Resolution, python: Path, partial: Path, progress: Progress | None) -> None:
    if not resolution.requirements:
        return
    if progress is not None:
        progress("environment", f"Installing {len(resolution.requirements)} packages")
    requirements = partial / "requirements.txt"
    write_private(
        requirements, [*resolution.options.lines, *(resolution.secret_lines or resolution.requirements)]
    )
    arguments = [
        # Compiled once here rather than by the first start of the first service.
        *("pip", "install", "--no-deps", "--compile-bytecode", "--python", str(python)),
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


def _write_marker(
    environment: Path, resolution: Resolution, seconds: float, variables: dict[str, str]
) -> None:
    marker = {
        "digest": resolution.digest,
        "python_version": resolution.python_version,
        "source": resolution.source,
        "made_in_s": round(seconds, 3),
        "requirements": [requirement.partition(" --hash")[0] for requirement in resolution.requirements],
        "conda": [record.line for record in resolution.conda],
        "variables": variables,
    }
    (environment / MARKER).write_text(json.dumps(marker, indent=1) + "\n", encoding="utf-8")


def _read_variables(place: Path) -> dict[str, str]:
    return dict(json.loads((place / MARKER).read_text(encoding="utf-8")).get("variables", {}))


def _clear(place: Path) -> None:
    """Make room: what is there has lost its Python, or is the link of a killed installation."""
    if place.is_symlink():
        place.unlink()
    elif place.exists():
        broken = Path(tempfile.mkdtemp(dir=place.parent, prefix=f"{PARTIAL_PREFIX}{place.name}-"))
        place.replace(broken / "env")
        shutil.rmtree(broken, ignore_errors=True)
