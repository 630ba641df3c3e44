"""The port to where files are kept, each once, under the digest of its content."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

Content = tuple[str, int]
"""`sha256:…` and the size in bytes."""


@dataclass(frozen=True)
class Leftover:
    """Something in a store that no transaction has made visible.

    Attributes:
        place: Where it is, for messages.
        digest: Of a complete file; empty for a half-written one.
        size_bytes: What removing it frees.
        age_s: Since it was last written or looked up for a registration.
    """

    place: str
    digest: str
    size_bytes: int
    age_s: float


class ArtifactStore(Protocol):
    """Keeps files under their digests. What is in it never changes; adding the same content twice adds nothing."""

    place: str
    """Folder or URL, without secrets; for messages."""

    def add(self, source: Path, *, expected: str | None, count: Callable[[int], None]) -> Content:
        """Keep a file; once flushed, it survives a power cut.

        Args:
            source: Read once, or twice when `expected` was a wrong guess that nearly fitted.
            expected: Digest it probably has; nothing is written when that proves true.
            count: Told the size of each piece that is done; may be called from another thread.

        Raises:
            SourceMissing, SourceUnreadable, SourceChanged: The file's fault; nothing is kept.
            StorageFull, StorageFailed: The store's fault; nothing is kept.
        """
        ...

    def flush(self, contents: Iterable[Content]) -> None:
        """Make sure that what was added survives a power cut."""
        ...

    def missing(self, contents: Iterable[Content]) -> list[str]:
        """Those digests that are not there, or plainly not whole."""
        ...

    def local_path(self, content: Content, *, count: Callable[[int], None]) -> Path:
        """A file on this machine with that content, checked; it must not be written.

        Raises:
            ArtifactMissing: It is not there.
            ArtifactDamaged: It is there with another content.
        """
        ...

    def complete(self) -> Iterator[Leftover]:
        """All whole files, whether or not a version has them."""
        ...

    def half_written(self) -> Iterator[Leftover]:
        """Files that were being written, by a process that may or may not live."""
        ...

    def discard(self, leftover: Leftover) -> None:
        """Remove one; no error when it is gone already."""
        ...
