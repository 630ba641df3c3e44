"""Artifacts in a local folder: `<root>/sha256/ab/ab…`, and `<root>/tmp` for what is being written."""

from __future__ import annotations

import os
import stat
import time
import uuid
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from mooring.registry.artifacts import Content, Leftover
from mooring.registry.file_errors import (
    ArtifactDamaged,
    ArtifactMissing,
    SourceChanged,
    SourceMissing,
    SourceUnreadable,
    StorageFailed,
    StorageFull,
)
from mooring.registry.sealing import is_sealed, seal
from mooring.registry.streaming import FULL, ReadFailed, copy_hashed, hash_file

_SAMPLE_BYTES = 64 * 1024


class LocalArtifacts:
    """`ArtifactStore` in a folder of this machine."""

    def __init__(self, root: Path) -> None:
        self.place = str(root)
        self._blobs = root / "sha256"
        self._tmp = root / "tmp"

    def add(self, source: Path, *, expected: str | None, count: Callable[[int], None]) -> Content:
        """See `ArtifactStore.add`."""
        with _opened(source) as descriptor:
            before = os.fstat(descriptor)
            digest = self._recognise(descriptor, before.st_size, expected, count=count)
            if digest is None:
                digest = self._take_in(source, descriptor, count=count)
            _check_unchanged(source, descriptor, before)
        return digest, before.st_size

    def _recognise(
        self, descriptor: int, size: int, expected: str | None, *, count: Callable[[int], None]
    ) -> str | None:
        """`expected`, when the whole file has been read and proved to be that.

        A look at the beginning and the end tells most files that merely have the same size from the same file,
        so that those are not read twice.
        """
        if expected is None or not self._is_whole((expected, size)):
            return None
        if not _looks_like(descriptor, self._path(expected), size):
            return None
        digest = hash_file(descriptor, count=count)
        if digest == expected:
            return expected
        os.lseek(descriptor, 0, os.SEEK_SET)
        count(-size)
        return None

    def _take_in(self, source: Path, descriptor: int, *, count: Callable[[int], None]) -> str:
        before = os.fstat(descriptor)
        with self.incoming() as (temporary, target):
            digest = copy_hashed(descriptor, target, count=count)
            _check_unchanged(source, descriptor, before)
            self.settle(temporary, target, (digest, before.st_size))
        return digest

    def flush(self, contents: Iterable[Content]) -> None:
        """See `ArtifactStore.flush`."""
        folders = {self._path(digest).parent for digest, _ in contents}
        try:
            for folder in (*sorted(folders), self._blobs):
                _sync_folder(folder)
        except FileNotFoundError:
            return  # removed by a collection in between, which `missing` will tell
        except OSError as error:
            raise StorageFailed(self.place, error.strerror or str(error)) from error

    @contextmanager
    def incoming(self) -> Generator[tuple[Path, int]]:
        """A temporary file in this store, open for reading and writing; gone at the end unless settled.

        Raises:
            StorageFull, StorageFailed: It can't be made or written.
        """
        temporary = self._tmp / uuid.uuid4().hex
        try:
            self._tmp.mkdir(parents=True, exist_ok=True)
            target = os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_CLOEXEC, 0o600)
            try:
                yield temporary, target
            finally:
                os.close(target)
                temporary.unlink(missing_ok=True)
        except OSError as error:
            if error.errno in FULL:
                raise StorageFull(self.place) from error
            raise StorageFailed(self.place, error.strerror or str(error)) from error

    def settle(self, temporary: Path, target: int, content: Content) -> None:
        """Give a temporary file, whose content is on disk already, its final name.

        A seal that a power cut undoes only means that the content is checked once more.
        """
        if self._is_whole(content):
            return
        final = self._path(content[0])
        seal(target)
        final.parent.mkdir(parents=True, exist_ok=True)
        temporary.rename(final)

    def missing(self, contents: Iterable[Content]) -> list[str]:
        """See `ArtifactStore.missing`."""
        return [content[0] for content in contents if not self._is_whole(content)]

    def local_path(self, content: Content, *, count: Callable[[int], None]) -> Path:
        """See `ArtifactStore.local_path`."""
        digest, size = content
        path = self._path(digest)
        try:
            with _opened(path) as descriptor:
                status = os.fstat(descriptor)
                if is_sealed(status) and status.st_size == size:
                    count(size)
                    return path
                if status.st_size != size or hash_file(descriptor, count=count) != digest:
                    raise ArtifactDamaged(digest, str(path))
                with suppress(PermissionError):  # another user's file, in a store that several share
                    seal(descriptor)
        except SourceMissing as error:
            raise ArtifactMissing(digest, self.place) from error
        except SourceUnreadable as error:
            raise StorageFailed(self.place, error.reason) from error
        return path

    def complete(self) -> Iterator[Leftover]:
        """See `ArtifactStore.complete`."""
        for shard in _listed(self._blobs):
            for path in _listed(shard):
                yield from _leftover(path, digest=f"sha256:{path.name}")

    def half_written(self) -> Iterator[Leftover]:
        """See `ArtifactStore.half_written`."""
        for path in _listed(self._tmp):
            yield from _leftover(path, digest="")

    def discard(self, leftover: Leftover) -> None:
        """See `ArtifactStore.discard`."""
        Path(leftover.place).unlink(missing_ok=True)

    def _path(self, digest: str) -> Path:
        name = digest.removeprefix("sha256:")
        return self._blobs / name[:2] / name

    def _is_whole(self, content: Content) -> bool:
        digest, size = content
        try:
            status = self._path(digest).stat()
        except OSError:
            return False
        return status.st_size == size and is_sealed(status)


@contextmanager
def _opened(path: Path) -> Generator[int]:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except FileNotFoundError as error:
        raise SourceMissing(str(path), vanished=True) from error
    except OSError as error:
        raise SourceUnreadable(str(path), error.strerror or str(error)) from error
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise SourceUnreadable(str(path), "it is no ordinary file")
        yield descriptor
    except ReadFailed as error:
        raise SourceUnreadable(str(path), str(error)) from error
    finally:
        os.close(descriptor)


def _check_unchanged(source: Path, descriptor: int, before: os.stat_result) -> None:
    after = os.fstat(descriptor)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise SourceChanged(str(source))


def _looks_like(descriptor: int, known: Path, size: int) -> bool:
    with suppress(SourceMissing, OSError), _opened(known) as other:
        return all(
            os.pread(descriptor, _SAMPLE_BYTES, at) == os.pread(other, _SAMPLE_BYTES, at)
            for at in {0, size // 2, max(0, size - _SAMPLE_BYTES)}
        )
    return False  # collected a moment ago, or unreadable: reading all of it will tell


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def _leftover(path: Path, *, digest: str) -> Iterator[Leftover]:
    with suppress(FileNotFoundError):
        status = path.stat()
        # A rename or a new link moves the time of status change, and nothing can set it back.
        age_s = time.time() - max(status.st_ctime, status.st_mtime)
        yield Leftover(str(path), digest, status.st_size, age_s)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
