"""What the package index has for one Python on this platform, asked through uv, which knows index and credentials."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from mooring.environments.locking import LockRequest, Release, find_release
from mooring.environments.specification import Wanted

_AT_ONCE = 4  # uv processes; each waits for the index most of the time


@dataclass(frozen=True)
class Lack:
    """A requirement that no wheel satisfies, and the release to take instead, if there is any."""

    entry: Wanted
    nearest: Release | None

    @property
    def may_be_built(self) -> bool:
        """Whether its sources are likely to build: its other releases need no compiler, or have no wheels either."""
        return self.nearest is None or self.nearest.is_pure


@dataclass(frozen=True)
class Shelf:
    """Looks up releases with wheels. `request` says for which Python and where."""

    request: LockRequest
    scratch: Path

    def find_lacks(self, entries: Iterable[Wanted]) -> list[Lack]:
        """Those of `entries` whose versions have no wheel at all."""
        versioned = [entry for entry in entries if base_version(entry) is not None]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            try:
                return [lack for lack in pool.map(self._examine, versioned) if lack is not None]
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def find_nearest(self, entry: Wanted) -> Release | None:
        """The release to take in the place of one without a wheel.

        It is the last bug-fix release of the oldest series at or above the version asked for, else the newest below.
        """
        base = base_version(entry)
        if base is None:
            return self._find(entry, "")
        above = self._find(entry, f">={base}", lowest=True)
        if above is None:
            return self._find(entry, f"<{base}")
        found = Version(above.version)
        series = f"=={found.major}.{found.minor}.*" if len(found.release) > 1 else f"=={found}"
        return self._find(entry, f"{series},>={base}") or above

    def _examine(self, entry: Wanted) -> Lack | None:
        asked = str(Requirement(entry.text).specifier)
        return None if self._find(entry, asked) else Lack(entry, self.find_nearest(entry))

    def _find(self, entry: Wanted, specifier: str, *, lowest: bool = False) -> Release | None:
        bare = replace(entry, text=Requirement(entry.text).name, hashes="")
        return find_release(replace(self.request, wanted=(bare,)), specifier, self.scratch, lowest=lowest)


def base_version(entry: Wanted) -> Version | None:
    """The highest version that a requirement names, without its local part; None for URLs and free ones."""
    if not entry.name or " @ " in entry.text:
        return None
    found: list[Version] = []
    for specifier in SpecifierSet(str(Requirement(entry.text).specifier)):
        if specifier.operator == "!=":
            continue
        try:
            found.append(Version(Version(specifier.version.removesuffix(".*")).public))
        except InvalidVersion:  # `===` takes any text
            continue
    return max(found, default=None)
