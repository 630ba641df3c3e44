"""Writing a model's files out again: as services find them, or as a user downloads them.

Both are built beside their place and moved there whole, so that nobody ever sees half a model.
"""

from __future__ import annotations

import os
import shutil
import stat
import uuid
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from mooring.registry.artifacts import ArtifactStore
from mooring.registry.file_errors import (
    AlreadyThere,
    ArtifactDamaged,
    StorageFailed,
    StorageFull,
    TargetUnwritable,
)
from mooring.registry.sealing import is_sealed, seal
from mooring.registry.streaming import FULL, ReadFailed, copy_hashed
from mooring.registry.values import ManifestEntry, ModelVersion, Progress

Put = Callable[[Path, Path, ManifestEntry], None]
"""Makes a checked file appear: from where, to where, with what content."""


def checkout(
    version: ModelVersion, models_root: Path, artifacts: ArtifactStore, *, progress: Progress | None
) -> Path:
    """See `ModelRegistry.checkout`."""
    final = models_root / version.name / str(version.version)
    if _is_laid_out(version, final):
        return final / version.entry
    # Beside the names, not below one: whoever looks for the highest version expects only numbers there.
    with _staging(models_root) as staging:
        _lay_out(version, staging / "new", artifacts, put=_link_or_copy, progress=progress)
        final.parent.mkdir(parents=True, exist_ok=True)
        try:
            _swap(staging, final)
        except OSError:  # another process laid out the same version at the same time
            if not _is_laid_out(version, final):
                raise
    return final / version.entry


def download(
    version: ModelVersion,
    target_dir: Path,
    artifacts: ArtifactStore,
    *,
    overwrite: bool,
    progress: Progress | None,
) -> Path:
    """See `ModelRegistry.download`."""
    final = target_dir / version.entry
    if not overwrite and os.path.lexists(final):
        raise AlreadyThere(str(final))
    with _staging(target_dir) as staging:
        _lay_out(version, staging, artifacts, put=_copy, progress=progress)
        (staging / version.entry).rename(staging / "new")
        _swap(staging, final)
    return final


def _swap(staging: Path, final: Path) -> None:
    """Move `staging/new` to `final`; what is there now goes with the staging folder."""
    if os.path.lexists(final):
        final.rename(staging / "old")
    (staging / "new").rename(final)


@contextmanager
def _staging(parent: Path) -> Generator[Path]:
    staging = parent / f".mooring-{uuid.uuid4().hex}"
    try:
        staging.mkdir(parents=True)
        try:
            yield staging
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    except OSError as error:
        if error.errno in FULL:
            raise StorageFull(str(parent)) from error
        raise TargetUnwritable(str(parent), error.strerror or str(error)) from error


def _lay_out(
    version: ModelVersion, folder: Path, artifacts: ArtifactStore, *, put: Put, progress: Progress | None
) -> None:
    done = 0

    def count(size: int) -> None:
        nonlocal done
        done += size
        if progress is not None:
            progress(done, version.size_bytes)

    for entry in version.manifest:
        target = folder / _checked(entry.path, folder)
        target.parent.mkdir(parents=True, exist_ok=True)
        put(artifacts.local_path((entry.digest, entry.size_bytes), count=count), target, entry)


def _checked(path: str, folder: Path) -> PurePosixPath:
    """A database that several people share is no reason to write outside of `folder`."""
    relative = PurePosixPath(path)
    if relative.is_absolute() or ".." in relative.parts or not relative.parts:
        raise TargetUnwritable(str(folder), f"the registered path {path!r} leads outside")
    return relative


def _link_or_copy(source: Path, target: Path, entry: ManifestEntry) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system, one without links, too many links, another user's file
        _copy(source, target, entry)
        seal(target)


def _copy(source: Path, target: Path, entry: ManifestEntry) -> None:
    reading = os.open(source, os.O_RDONLY | os.O_CLOEXEC)
    try:
        writing = os.open(target, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o666)
        try:
            digest = copy_hashed(reading, writing, count=lambda _size: None)
        except ReadFailed as error:
            raise StorageFailed(str(source), str(error)) from error
        finally:
            os.close(writing)
    finally:
        os.close(reading)
    if digest != entry.digest:
        raise ArtifactDamaged(entry.digest, str(source))


def _is_laid_out(version: ModelVersion, final: Path) -> bool:
    """Whether exactly the version's files are there, each untouched since it was checked."""
    expected = {entry.path: entry for entry in version.manifest}
    found = 0
    for folder, _, names in os.walk(final):
        for name in names:
            place = Path(folder, name)
            entry = expected.get(place.relative_to(final).as_posix())
            if entry is None or not _is_untouched(place, entry):
                return False
            found += 1
    return found == len(expected) > 0


def _is_untouched(place: Path, entry: ManifestEntry) -> bool:
    status = place.lstat()
    return stat.S_ISREG(status.st_mode) and status.st_size == entry.size_bytes and is_sealed(status)
