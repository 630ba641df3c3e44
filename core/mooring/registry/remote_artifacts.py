"""Artifacts in an object store or any other place that fsspec reaches, with a folder of this machine before it.

Files pass through the folder both ways: it is where they are hashed before they are sent, and where services find
them. It may be emptied at any time.
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from mooring.errors import MooringError
from mooring.registry.artifacts import Content, Leftover
from mooring.registry.file_errors import ArtifactDamaged, ArtifactMissing, StorageFailed
from mooring.registry.local_artifacts import LocalArtifacts
from mooring.registry.streaming import hash_file

_WHOLE_OR_NOTHING = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "adl", "oss", "memory"}
"""Protocols whose objects appear only once they are complete; elsewhere a rename makes it so."""

_REQUESTS_AT_ONCE = 16
_PIECE_BYTES = 4 * 1024 * 1024


class RemoteArtifacts:
    """`ArtifactStore` over a fsspec file system."""

    def __init__(self, filesystem: Any, root: str, *, place: str, cache: LocalArtifacts) -> None:
        self.place = place
        self._files = filesystem
        self._root = root.rstrip("/")
        self._cache = cache
        protocol = filesystem.protocol
        names = {protocol} if isinstance(protocol, str) else set(protocol)
        self._renames = not names & _WHOLE_OR_NOTHING

    def add(self, source: Path, *, expected: str | None, count: Callable[[int], None]) -> Content:
        """See `ArtifactStore.add`."""
        content = self._cache.add(source, expected=expected, count=count)
        if self.missing([content]):
            with self._failures():
                self._send(self._cache.local_path(content, count=lambda _size: None), content[0])
        return content

    def flush(self, contents: Iterable[Content]) -> None:
        """See `ArtifactStore.flush`; a store that has taken an object has it for good."""

    def missing(self, contents: Iterable[Content]) -> list[str]:
        """See `ArtifactStore.missing`."""
        asked = list(contents)
        with self._failures(), ThreadPoolExecutor(_REQUESTS_AT_ONCE) as pool:
            sizes = pool.map(self._size, (digest for digest, _ in asked))
            return [digest for (digest, size), found in zip(asked, sizes, strict=True) if found != size]

    def local_path(self, content: Content, *, count: Callable[[int], None]) -> Path:
        """See `ArtifactStore.local_path`."""
        with suppress(ArtifactMissing, ArtifactDamaged):
            return self._cache.local_path(content, count=count)
        self._fetch(content)
        return self._cache.local_path(content, count=count)

    def complete(self) -> Iterator[Leftover]:
        """See `ArtifactStore.complete`."""
        for key in self._listed("sha256"):
            yield from self._leftover(key, digest=f"sha256:{key.rpartition('/')[2]}")

    def half_written(self) -> Iterator[Leftover]:
        """See `ArtifactStore.half_written`."""
        yield from self._cache.half_written()
        for key in self._listed("incoming"):
            yield from self._leftover(key, digest="")

    def discard(self, leftover: Leftover) -> None:
        """See `ArtifactStore.discard`."""
        if leftover.place.startswith(self._cache.place + os.sep):
            self._cache.discard(leftover)
            return
        with self._failures(), suppress(FileNotFoundError):
            self._files.rm_file(leftover.place)

    def _send(self, path: Path, digest: str) -> None:
        key = self._key(digest)
        if not self._renames:
            self._files.put_file(str(path), key)
            return
        temporary = f"{self._root}/incoming/{uuid.uuid4().hex}"
        self._files.makedirs(f"{self._root}/incoming", exist_ok=True)
        self._files.makedirs(key.rpartition("/")[0], exist_ok=True)
        self._files.put_file(str(path), temporary)
        self._files.mv(temporary, key)

    def _fetch(self, content: Content) -> None:
        digest, _ = content
        with self._cache.incoming() as (temporary, target):
            for piece in self._pieces(digest):
                rest = memoryview(piece)
                while rest:
                    rest = rest[os.write(target, rest) :]
            os.lseek(target, 0, os.SEEK_SET)
            if hash_file(target, count=lambda _size: None) != digest:
                raise ArtifactDamaged(digest, f"{self.place}/{digest}")
            self._cache.settle(temporary, target, content)

    def _pieces(self, digest: str) -> Iterator[bytes]:
        with self._failures():
            try:
                with self._files.open(self._key(digest), "rb") as remote:
                    while piece := remote.read(_PIECE_BYTES):
                        yield piece
            except FileNotFoundError as error:
                raise ArtifactMissing(digest, self.place) from error

    def _size(self, digest: str) -> int | None:
        try:
            return int(self._files.info(self._key(digest), refresh=True)["size"])
        except FileNotFoundError:
            return None

    def _key(self, digest: str) -> str:
        name = digest.removeprefix("sha256:")
        return f"{self._root}/sha256/{name[:2]}/{name}"

    def _listed(self, folder: str) -> list[str]:
        with self._failures():
            self._files.invalidate_cache()
            try:
                return sorted(self._files.find(f"{self._root}/{folder}"))
            except FileNotFoundError:
                return []

    def _leftover(self, key: str, *, digest: str) -> Iterator[Leftover]:
        with self._failures(), suppress(FileNotFoundError):
            modified: datetime = self._files.modified(key)
            aware = modified if modified.tzinfo else modified.replace(tzinfo=timezone.utc)
            yield Leftover(key, digest, int(self._files.size(key)), time.time() - aware.timestamp())

    @contextmanager
    def _failures(self) -> Generator[None]:
        """Every file system has exceptions of its own kind; none of them may reach the user bare."""
        try:
            yield
        except (MooringError, FileNotFoundError):
            raise
        except Exception as error:
            # Only the kind: messages of cloud libraries may hold signed addresses.
            raise StorageFailed(self.place, _reason(error)) from error


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return type(error).__name__
