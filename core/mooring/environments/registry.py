"""Registered environments of a workspace: names, versions, and v1's rule that equal content is one version."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from mooring.environments.curated import find_curated, is_curated_name
from mooring.environments.environment import Environment, check_name
from mooring.environments.failures import EnvironmentNotFound


@dataclass(frozen=True)
class StoredEnvironment:
    """One registered version, as the store keeps it. `definition` is v1's JSON object."""

    name: str
    version: str
    definition: dict[str, Any]
    created_time: datetime
    created_by: str


class EnvironmentStore(Protocol):
    """Where registered environments are kept."""

    def add(self, name: str, definition: dict[str, Any], *, version: str | None = None) -> StoredEnvironment:
        """Keep a definition.

        Without `version`: under the next number, or as the latest version when that has the same definition.
        With `version`: under that one; when it is taken, it is given back as it is.
        """
        ...

    def find(self, name: str, version: str | None = None) -> StoredEnvironment | None:
        """A version, the one registered last by default."""
        ...

    def latest(self) -> list[StoredEnvironment]:
        """The version registered last of each name, by name."""
        ...

    def versions(self, name: str) -> list[StoredEnvironment]:
        """All versions of a name, oldest first."""
        ...


class EnvironmentRegistry:
    """Register, get and list environments."""

    def __init__(self, store: EnvironmentStore) -> None:
        self._store = store

    def register(self, environment: Environment) -> Environment:
        """The environment with its version; the one passed in learns its version too, as in v1.

        Raises:
            ReservedName: The name begins with Microsoft or AzureML.
        """
        check_name(environment.name)
        stored = self._store.add(environment.name, environment.definition(), version=environment.version)
        environment.version = stored.version
        return _revive(stored)

    def get(self, name: str, version: str | int | None = None) -> Environment:
        """A registered environment, or the equivalent of a curated one.

        Raises:
            EnvironmentNotFound: No such name or version.
            UnknownCuratedEnvironment: A curated name without an equivalent.
        """
        if is_curated_name(name):
            return find_curated(name)
        wanted = str(version) if version is not None else None
        stored = self._store.find(name, wanted)
        if stored is None:
            known = [entry.name for entry in self._store.latest()]
            raise EnvironmentNotFound(name=name, version=wanted, known=known)
        return _revive(stored)

    def list(self, name: str | None = None) -> list[Environment]:
        """The latest version of each name, or all versions of one name."""
        stored = self._store.latest() if name is None else self._store.versions(name)
        return [_revive(entry) for entry in stored]


def _revive(stored: StoredEnvironment) -> Environment:
    environment = Environment.from_dict(copy.deepcopy(stored.definition))
    environment.name, environment.version = stored.name, stored.version
    return environment
