"""Naming and removing what killed registrations and deleted versions left behind."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from mooring.registry.artifacts import ArtifactStore, Leftover
from mooring.registry.store import ModelStore


@dataclass(frozen=True)
class Garbage:
    """One file that may go.

    Attributes:
        place: Path or key.
        kind: `unreferenced` = whole, but no version has it; `half-written` = a registration ended early.
        size_bytes: What removing it frees.
        age_s: Since it was last touched.
    """

    place: str
    kind: Literal["unreferenced", "half-written"]
    size_bytes: int
    age_s: float


def find_garbage(store: ModelStore, artifacts: ArtifactStore, *, min_age_s: float) -> list[Garbage]:
    """What `collect` would remove."""
    whole = _old(artifacts.complete(), min_age_s)
    unused = store.unused_digests({leftover.digest for leftover in whole})
    found = [*_old(artifacts.half_written(), min_age_s), *(item for item in whole if item.digest in unused)]
    return [_garbage(leftover) for leftover in found]


def collect(store: ModelStore, artifacts: ArtifactStore, *, min_age_s: float) -> list[Garbage]:
    """Remove garbage and say what was removed.

    Whole files are removed while no version can be added, so that none can begin to use a file that is on its way
    out; a registration that had counted on one notices in its own transaction and stores it again.
    """
    found = _old(artifacts.half_written(), min_age_s)
    for leftover in found:
        artifacts.discard(leftover)
    whole = _old(artifacts.complete(), min_age_s)

    def free(digests: frozenset[str]) -> None:
        for leftover in whole:
            if leftover.digest in digests:
                artifacts.discard(leftover)
                found.append(leftover)

    if whole:
        store.release_digests({leftover.digest for leftover in whole}, free)
    return [_garbage(leftover) for leftover in found]


def _old(leftovers: Iterable[Leftover], min_age_s: float) -> list[Leftover]:
    return [leftover for leftover in leftovers if leftover.age_s >= min_age_s]


def _garbage(leftover: Leftover) -> Garbage:
    kind: Literal["unreferenced", "half-written"] = "unreferenced" if leftover.digest else "half-written"
    return Garbage(leftover.place, kind, leftover.size_bytes, leftover.age_s)
