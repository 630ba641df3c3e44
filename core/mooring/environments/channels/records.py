"""Locked conda packages: where each file is and what it must hash to."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from packaging.version import InvalidVersion, Version

from mooring.environments.twins import find_twin


@dataclass(frozen=True)
class CondaRecord:
    """One file of a channel, exactly.

    Attributes:
        text: What the channel says about it (conda's repodata, with `url`, `channel` and `fn`), as canonical JSON.
    """

    text: str = field(repr=False)

    @classmethod
    def of(cls, facts: dict[str, Any]) -> CondaRecord:
        """The record with these facts."""
        return cls(json.dumps(facts, sort_keys=True, separators=(",", ":")))

    @cached_property
    def facts(self) -> dict[str, Any]:
        """As a document."""
        return dict(json.loads(self.text))

    @property
    def name(self) -> str:
        """Conda's name."""
        return str(self.facts["name"])

    @property
    def version(self) -> str:
        """Conda's version."""
        return str(self.facts["version"])

    @property
    def url(self) -> str:
        """Where the file is; without credentials."""
        return str(self.facts["url"])

    @property
    def digest(self) -> str:
        """What the file must hash to; channels of long ago only know MD5."""
        sha256 = self.facts.get("sha256")
        return f"sha256:{sha256}" if sha256 else f"md5:{self.facts.get('md5', '')}"

    @property
    def line(self) -> str:
        """One line for a lock that people read."""
        return f"{self.name}=={self.version} @ {self.url} --hash={self.digest}"

    @property
    def pin(self) -> str | None:
        """The Python distribution that it brings, in pip's words; None when it brings none.

        A channel does not say which distributions a package holds. Those that need Python hold the one that its
        PyPI twin is called after; where that guess is wrong, the pin binds a name that nobody asks for.
        """
        twin = find_twin(self.name)
        if not twin or not any(_name_of(entry) == "python" for entry in self.facts.get("depends", [])):
            return None
        try:
            return f"{twin}=={Version(self.version)}"
        except InvalidVersion:
            return None


def _name_of(match_spec: str) -> str:
    return match_spec.partition(" ")[0]
