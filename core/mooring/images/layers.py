"""Layers: tar archives that come out byte for byte the same for the same files."""

from __future__ import annotations

import hashlib
import io
import tarfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

EPOCH = 315_532_800
"""Time of every file in a layer, seconds: 1980-01-01, the first that zip archives know."""

_READ_ALL = 0o444
_RUN_ALL = 0o555
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class LayerFile:
    """A file to be put into a layer.

    Attributes:
        name: Path in the image, without the leading slash.
        source: Where it is on this machine, or its content.
        is_executable: Whether it may be run.
    """

    name: str
    source: Path | bytes
    is_executable: bool = False


@dataclass(frozen=True)
class Layer:
    """A finished layer.

    Attributes:
        path: The archive, uncompressed.
        digest: `sha256:…` of the archive: the engine's name for the layer.
        size_bytes: Of the archive.
        about: What it holds, in a few words; shown by `docker history`.
    """

    path: Path
    digest: str
    size_bytes: int
    about: str


class LayerWriter:
    """Writes one layer; use it as a context manager and take `layer` afterwards.

    Args:
        path: Of the archive to be made.
        about: What it holds.
    """

    def __init__(self, path: Path, about: str) -> None:
        self._path = path
        self._about = about
        self._raw = _HashingFile(path.open("wb"))
        self._tar = tarfile.open(fileobj=self._raw, mode="w", format=tarfile.PAX_FORMAT)  # noqa: SIM115
        self._folders: set[str] = set()

    def __enter__(self) -> LayerWriter:  # noqa: PYI034 (Self came with Python 3.11)
        return self

    def __exit__(self, *_: object) -> None:
        self._tar.close()
        self._raw.close()

    @property
    def layer(self) -> Layer:
        """The layer; the writer must be closed."""
        return Layer(self._path, f"sha256:{self._raw.hexdigest()}", self._raw.size_bytes, self._about)

    def add(self, file: LayerFile) -> None:
        """Add a file, with the folders it lies in."""
        self.add_folders(file.name)
        info = _plain(tarfile.TarInfo(file.name), _RUN_ALL if file.is_executable else _READ_ALL)
        if isinstance(file.source, bytes):
            info.size = len(file.source)
            self._tar.addfile(info, io.BytesIO(file.source))
            return
        with file.source.open("rb") as content:
            info.size = file.source.stat().st_size
            self._tar.addfile(info, content)

    def add_member(self, member: tarfile.TarInfo, content: BinaryIO | None) -> None:
        """Add what came out of another archive; its times and owners are forgotten, its mode is not."""
        self.add_folders(member.name)
        if member.isdir():
            self._add_folder(member.name)
        else:
            self._tar.addfile(_plain(member, member.mode & _RUN_ALL), content)

    def add_folders(self, name: str) -> None:
        """Add the folders above a path that are not there yet."""
        for parent in reversed(PurePosixPath(name).parents[:-1]):
            self._add_folder(str(parent))

    def _add_folder(self, name: str) -> None:
        if name not in self._folders:
            self._folders.add(name)
            info = _plain(tarfile.TarInfo(name), 0o755)
            info.type = tarfile.DIRTYPE
            self._tar.addfile(info)


def write_layer(files: Iterable[LayerFile], path: Path, about: str) -> Layer:
    """A layer of these files, sorted by name.

    Args:
        files: In any order.
        path: Of the archive to be made.
        about: What they are.

    Raises:
        OSError: A file can't be read, or the disk is full.
    """
    with LayerWriter(path, about) as writer:
        for file in sorted(files, key=lambda each: each.name):
            writer.add(file)
    return writer.layer


def rewrite_layer(archive: BinaryIO, prefix: str, path: Path, about: str) -> Layer:
    """A layer of what an archive holds, as an engine gives it out: one folder, in order.

    Args:
        archive: Read from front to end.
        prefix: Folder that the archive's own top folder lies in, without slashes at its ends.
        path: Of the archive to be made.
        about: What it holds.
    """
    with tarfile.open(fileobj=archive, mode="r|") as source, LayerWriter(path, about) as writer:
        for member in source:
            content = source.extractfile(member) if member.isreg() else None
            member.name = f"{prefix}/{member.name.strip('/')}"
            if member.islnk():
                member.linkname = f"{prefix}/{member.linkname.strip('/')}"
            writer.add_member(member, content)  # type: ignore[arg-type]
    return writer.layer


def _plain(info: tarfile.TarInfo, mode: int) -> tarfile.TarInfo:
    info.mode, info.mtime = mode, EPOCH
    info.uid = info.gid = 0
    info.uname = info.gname = ""
    info.pax_headers = {}
    return info


class _HashingFile(io.RawIOBase):
    """Counts and hashes what is written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._digest = hashlib.sha256()
        self.size_bytes = 0

    def write(self, data: bytes) -> int:  # type: ignore[override]  # pyright: ignore[reportIncompatibleMethodOverride]
        self._digest.update(data)
        self.size_bytes += len(data)
        return self._file.write(data)

    def tell(self) -> int:
        return self.size_bytes

    def close(self) -> None:
        self._file.close()
        super().close()

    def hexdigest(self) -> str:
        return self._digest.hexdigest()


def read_chunks(path: Path) -> Iterator[bytes]:
    """A file, piece by piece."""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            yield chunk
