"""Files that arrive in pieces: kept until they are registered, so that a broken connection costs one piece."""

from __future__ import annotations

import json
import re
import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from mooring.errors import MooringError

if TYPE_CHECKING:
    from mooring.settings import Settings
    from mooring_jupyter.shapes import Upload

_KEPT_S = 24 * 3600
_ID = re.compile(r"[0-9a-f]{24}\Z")
_NAME = re.compile(r"[^/\\\x00-\x1f\x7f]{1,255}\Z")


@dataclass(eq=False)
class UploadNotFound(MooringError):
    """No upload of that id, or one that was given up."""

    code = "upload-not-found"
    upload: str

    @property
    def problem(self) -> str:
        """The id."""
        return f"There is no upload {self.upload!r}."

    @property
    def remedy(self) -> str:
        """Again."""
        return "Begin the upload again; an unfinished one is kept for a day."


@dataclass(eq=False)
class InvalidUpload(MooringError):
    """The file's name or size can't be."""

    code = "upload-invalid"
    reason: str

    @property
    def problem(self) -> str:
        """Which."""
        return f"This can't be uploaded: {self.reason}."

    @property
    def remedy(self) -> str:
        """Another."""
        return "Give the file's own name, without folders, and its size in bytes."


@dataclass(eq=False)
class WrongOffset(MooringError):
    """A piece that does not continue what has arrived."""

    code = "upload-offset"
    upload: str
    offset: int
    expected: int

    @property
    def problem(self) -> str:
        """Both."""
        return f"The piece begins at {self.offset}, but {self.expected} bytes have arrived."

    @property
    def remedy(self) -> str:
        """Go on there."""
        return f"Send what follows byte {self.expected}."


@dataclass(eq=False)
class UploadTooLarge(MooringError):
    """More than was announced."""

    code = "upload-too-large"
    size_bytes: int

    @property
    def problem(self) -> str:
        """What was announced."""
        return f"More bytes came than the {self.size_bytes} that were announced."

    @property
    def remedy(self) -> str:
        """Again."""
        return "Begin again with the file's size."


@dataclass(eq=False)
class UploadUnfinished(MooringError):
    """To be registered, but not all of it is there."""

    code = "upload-unfinished"
    name: str
    offset: int
    size_bytes: int

    @property
    def problem(self) -> str:
        """How much is there."""
        return f"Only {self.offset} of {self.size_bytes} bytes of {self.name!r} have arrived."

    @property
    def remedy(self) -> str:
        """Send the rest."""
        return "Send the rest first."


def begin_upload(settings: Settings, name: str, size_bytes: int) -> Upload:
    """Make room for a file.

    Raises:
        InvalidUpload: Its name can't be a file's.
    """
    if not _NAME.match(name) or name in (".", ".."):
        raise InvalidUpload(reason=f"{name!r} is no file name")
    if size_bytes < 0:
        raise InvalidUpload(reason=f"it can't have {size_bytes} bytes")
    folder = _folder(settings)
    _forget_old(folder)
    identity = secrets.token_hex(12)
    content = folder / identity / "content"
    content.mkdir(parents=True, mode=0o700)
    (content / name).touch(mode=0o600)
    facts = {"name": name, "sizeBytes": size_bytes}
    (folder / identity / "facts.json").write_text(json.dumps(facts), encoding="utf-8")
    return find_upload(settings, identity)


def find_upload(settings: Settings, identity: str) -> Upload:
    """How much of a file has arrived.

    Raises:
        UploadNotFound: There is none.
    """
    place = _folder(settings) / identity
    try:
        if not _ID.match(identity):
            raise UploadNotFound(upload=identity)
        facts = json.loads((place / "facts.json").read_text(encoding="utf-8"))
        offset = (place / "content" / facts["name"]).stat().st_size
    except FileNotFoundError as error:
        raise UploadNotFound(upload=identity) from error
    return {"id": identity, "name": facts["name"], "sizeBytes": facts["sizeBytes"], "offset": offset}


def open_piece(settings: Settings, identity: str, offset: int) -> Piece:
    """Where to write the piece that begins at `offset`.

    Raises:
        UploadNotFound: There is no such upload.
        WrongOffset: It does not continue what has arrived.
    """
    upload = find_upload(settings, identity)
    if offset != upload["offset"]:
        raise WrongOffset(upload=identity, offset=offset, expected=upload["offset"])
    path = _folder(settings) / identity / "content" / upload["name"]
    return Piece(path.open("ab", buffering=0), upload["sizeBytes"] - offset, upload["sizeBytes"])


@dataclass
class Piece:
    """A piece that is being written; every write is kept, whatever happens to the rest."""

    file: BinaryIO
    room: int
    size_bytes: int

    def write(self, chunk: bytes) -> None:
        """Keep what came.

        Raises:
            UploadTooLarge: It is more than was announced.
        """
        if len(chunk) > self.room:
            raise UploadTooLarge(size_bytes=self.size_bytes)
        self.file.write(chunk)
        self.room -= len(chunk)

    def close(self) -> None:
        """Nothing follows."""
        self.file.close()


def discard_upload(settings: Settings, identity: str) -> None:
    """Give a file up.

    Raises:
        UploadNotFound: There is none.
    """
    find_upload(settings, identity)
    shutil.rmtree(_folder(settings) / identity, ignore_errors=True)


def finished_upload(settings: Settings, identity: str) -> Path:
    """The file, whole.

    Raises:
        UploadNotFound: There is none.
        UploadUnfinished: Some of it is missing.
    """
    upload = find_upload(settings, identity)
    if upload["offset"] != upload["sizeBytes"]:
        raise UploadUnfinished(name=upload["name"], offset=upload["offset"], size_bytes=upload["sizeBytes"])
    return _folder(settings) / identity / "content" / upload["name"]


def _folder(settings: Settings) -> Path:
    return settings.workspace_dir / "uploads"


def _forget_old(folder: Path) -> None:
    horizon = time.time() - _KEPT_S
    for place in folder.glob("*"):
        if place.stat().st_mtime < horizon:
            shutil.rmtree(place, ignore_errors=True)
