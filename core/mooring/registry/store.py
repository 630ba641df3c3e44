"""The port through which the registry remembers; `mooring.database` holds the adapter."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Protocol

from mooring.registry.values import ModelVersion


@dataclass(frozen=True)
class ModelQuery:
    """Which versions to list; every condition that is set must hold.

    Attributes:
        name: Of the model.
        tags: Pairs of key and value; a value of None asks only for the key.
        properties: The same, for properties.
        framework: Exactly this one.
        run_id: Made by this run.
        latest: Only the newest version of each name.
        limit: At most so many; None for all.
        before: An id `name:version`; only what was registered before it. The last id of one page gives the next.
    """

    name: str | None = None
    tags: tuple[tuple[str, str | None], ...] = ()
    properties: tuple[tuple[str, str | None], ...] = ()
    framework: str | None = None
    run_id: str | None = None
    latest: bool = False
    limit: int | None = None
    before: str | None = None


class ModelStore(Protocol):
    """Where versions are kept. Each method is one transaction: all of it happens, or nothing."""

    def add(self, draft: ModelVersion, *, confirm: Callable[[], None] | None = None) -> ModelVersion:
        """Give `draft` the next version of its name and make it visible.

        Args:
            draft: Its `version` is ignored.
            confirm: Called inside the transaction, last; when it raises, nothing was added.
        """
        ...

    def find(self, name: str, version: int | None = None) -> ModelVersion | None:
        """That version, or the newest of the name; None when there is none."""
        ...

    def select(self, query: ModelQuery) -> list[ModelVersion]:
        """Versions that satisfy `query`, newest registration first."""
        ...

    def change(self, name: str, version: int, edit: Callable[[ModelVersion], ModelVersion]) -> ModelVersion:
        """Replace a version by `edit(it)`; nobody can change it in between.

        Only tags, properties, description, samples and resources are kept of the result.

        Raises:
            ModelNotFound: It is not there.
        """
        ...

    def remove(self, name: str, version: int) -> ModelVersion:
        """Forget a version and say what it was.

        Raises:
            ModelNotFound: It is not there.
            ModelInUse: A service uses it.
        """
        ...

    def names(self, prefix: str = "", *, limit: int = 50) -> list[str]:
        """Names of models with at least one version, sorted."""
        ...

    def versions(self, name: str) -> list[int]:
        """Versions of a name, rising; empty when there is none."""
        ...

    def claim(self, service: str, models: Collection[tuple[str, int]]) -> None:
        """Note that `service` uses these name and version pairs, besides those it already uses.

        Raises:
            ModelNotFound: One is not there; none is claimed then.
        """
        ...

    def release(self, service: str, *, keep: Collection[tuple[str, int]] = ()) -> None:
        """Note that `service` no longer uses any model, but those in `keep`."""
        ...

    def users(self, name: str, version: int) -> list[str]:
        """Services that use a version, sorted."""
        ...

    def unused_digests(self, digests: Collection[str]) -> frozenset[str]:
        """Those of `digests` that no version's file has."""
        ...

    def release_digests(self, digests: Collection[str], free: Callable[[frozenset[str]], None]) -> None:
        """Call `free` with the unused ones of `digests`.

        While `free` runs, no version can be added.
        """
        ...
