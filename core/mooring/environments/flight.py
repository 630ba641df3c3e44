"""Doing a piece of work once, however many processes want it at the same time."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from mooring.environments.failures import InstallationFailed
from mooring.environments.uv_process import Progress

FLIGHT_FOLDER = "flights"


@contextmanager
def single_flight(
    environments_dir: Path, name: str, progress: Progress | None, verb: str
) -> Generator[None, None, None]:
    """Alone with `name` on this machine until the block ends; a killed process lets go by itself."""
    folder = environments_dir / FLIGHT_FOLDER
    file_lock = FileLock(folder / f"{name}.lock")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file_lock.acquire(timeout=0)
    except Timeout:
        if progress is not None:
            progress("environment", f"Waiting: another process {verb} the same environment")
        file_lock.acquire()
    except OSError as error:
        raise InstallationFailed(
            kind="permission",
            cause=f"{str(folder)!r} can't be written: {error.strerror}.",
            advice="Make it writable, or choose another MOORING_HOME.",
        ) from error
    try:
        yield
    finally:
        file_lock.release()


def is_flying(environments_dir: Path, name: str) -> bool:
    """Whether a living process works on `name` right now."""
    path = environments_dir / FLIGHT_FOLDER / f"{name}.lock"
    if not path.exists():
        return False
    try:
        with FileLock(path).acquire(timeout=0):
            return False
    except Timeout:
        return True
