"""`dependencies` of a v1 image configuration: a script and files from anywhere, brought together in one folder."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from mooring.sdk.exceptions import WebserviceException
from mooring.settings import load_settings

_DIGEST_LENGTH = 16


def gather(script: str, dependencies: Sequence[str]) -> tuple[str, str]:
    """The script's name, and a folder that holds it beside its dependencies; the same for the same content.

    Args:
        script: Path of the entry script; it lies at the top.
        dependencies: Files and folders; relative ones keep their path, others their name.

    Raises:
        WebserviceException: One does not exist.
    """
    wanted = dict(_placed(script, dependencies))
    folder = load_settings().home / "sources" / _digest(wanted)
    if not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        making = folder.with_name(f".{folder.name}")
        shutil.rmtree(making, ignore_errors=True)
        for name, path in wanted.items():
            (making / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, making / name)
        making.replace(folder)
    return Path(script).name, str(folder)


def _placed(script: str, dependencies: Sequence[str]) -> Iterator[tuple[str, Path]]:
    """Each file with its place in the folder."""
    for given in dependencies:
        path = Path(given)
        place = path.name if path.is_absolute() or ".." in path.parts else path.as_posix()
        if path.is_dir():
            inside = (
                each for each in sorted(path.rglob("*")) if each.is_file() and "__pycache__" not in each.parts
            )
            yield from ((f"{place}/{each.relative_to(path).as_posix()}", each) for each in inside)
        else:
            yield place, _existing(path)
    yield Path(script).name, _existing(Path(script))


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise WebserviceException(f"{path} does not exist.", remedy="Correct the path, or create the file.")
    return path


def _digest(files: dict[str, Path]) -> str:
    digest = hashlib.sha256()
    for name, path in sorted(files.items()):
        digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\0".encode())
    return digest.hexdigest()[:_DIGEST_LENGTH]
