"""The keys file: JSON with `primary`, `secondary`, `signing` and `kid`; read again whenever it changes."""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

__all__ = ["KeysFile", "KeysFileError"]

logger = logging.getLogger("azmlinfsrv")
SHORTEST_SIGNING_KEY_BYTES = 32  # RFC 7518 3.2: HS256 needs a key as long as its hash


class KeysFileError(Exception):
    """The keys file can not be used; the message never shows what is in it."""


class KeysFile:
    """Keys as they stand in the file, ready for comparison.

    Attributes:
        expected: The whole `Authorization` values that are let in, one per access key.
        signing: Key of HS256 tokens, or None.
        kid: The key id tokens must carry, or None.
        generation: Grows with each change, so that what was derived from old keys can be dropped.
    """

    def __init__(self, path: str) -> None:
        self._path = Path(path)
        self._seen: tuple[int, int, int] | None = None
        self.expected: tuple[bytes, ...] = ()
        self.signing: bytes | None = None
        self.kid: str | None = None
        self.generation = 0

    def load(self) -> None:
        """Read the file; raises `KeysFileError`."""
        seen = self._signature()
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not JSON"
            raise KeysFileError(f"The keys file {self._path} can not be read: {reason}.") from None
        self._take(content)
        self._seen = seen
        self.generation += 1

    def refresh(self) -> bool:
        """Read the file again if it changed; a file that can not be used leaves the old keys valid."""
        if self._signature() == self._seen:
            return False
        try:
            self.load()
        except KeysFileError as error:
            logger.error("%s The keys read before stay valid.", error)  # noqa: TRY400 - the file's text is secret
            return False
        logger.info("Keys were read again.")
        return True

    def _signature(self) -> tuple[int, int, int] | None:
        try:
            found = self._path.stat()
        except OSError:
            return None
        return (found.st_mtime_ns, found.st_ino, found.st_size)

    def _take(self, content: Any) -> None:
        if not isinstance(content, dict):
            raise KeysFileError(f"The keys file {self._path} must hold a JSON object.")
        texts = {name: content.get(name) or "" for name in ("primary", "secondary", "signing", "kid")}
        for name, value in texts.items():
            if not isinstance(value, str) or not value.isascii():
                raise KeysFileError(f"`{name}` in the keys file {self._path} must be ASCII text.")
        signing = texts["signing"].encode()
        if 0 < len(signing) < SHORTEST_SIGNING_KEY_BYTES:
            raise KeysFileError(f"`signing` in the keys file {self._path} is shorter than 32 bytes.")
        keys = [texts[name] for name in ("primary", "secondary") if texts[name]]
        self.expected = tuple(b"Bearer " + key.encode() for key in keys)
        self.signing = signing or None
        self.kid = texts["kid"] or None

    def __repr__(self) -> str:
        return f"KeysFile({str(self._path)!r})"
