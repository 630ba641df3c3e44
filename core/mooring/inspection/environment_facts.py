"""What is known about the packages around a script: from a lock, a conda file or a pip file, without the network."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

_PYTHON = re.compile(r"\d+\.\d+")


@dataclass(frozen=True)
class EnvironmentFacts:
    """The environment a script will run in, as far as files say.

    Attributes:
        python: Minor version (`3.8`); empty when nothing says.
        packages: Normalised distribution name to its version specifier; empty text when any version will do.
        is_lock: Nothing but these packages will be there.
        has_more: An image or an interpreter of the user's own may hold more than the files say.
        source: File or name that says so, for messages.
    """

    python: str = ""
    packages: Mapping[str, str] = field(default_factory=dict[str, str])
    is_lock: bool = False
    has_more: bool = False
    source: str = ""

    @staticmethod
    def of(
        requirements: Iterable[str], *, python: str = "", is_lock: bool = False, source: str = ""
    ) -> EnvironmentFacts:
        """From lines such as `scikit-learn==0.22.1`; lines that are no such thing are left out."""
        packages: dict[str, str] = {}
        for line in requirements:
            try:
                requirement = Requirement(line.partition(" --hash")[0].partition(" #")[0].strip(" \\"))
            except InvalidRequirement:
                continue
            packages[canonicalize_name(requirement.name)] = str(requirement.specifier)
        found = _PYTHON.search(python)
        return EnvironmentFacts(found[0] if found else "", packages, is_lock, source=source)

    def names(self, distribution: str) -> bool:
        """Whether the files name a distribution."""
        return canonicalize_name(distribution) in self.packages

    def pinned(self, distribution: str) -> str:
        """The one version that is asked for; empty when there is none."""
        specifier = self.packages.get(canonicalize_name(distribution))
        if not specifier:
            return ""
        exact = [part for part in SpecifierSet(specifier) if part.operator in {"==", "==="}]
        return exact[0].version.removesuffix(".*") if exact else ""

    def has_at_least(self, distribution: str, version: str) -> bool | None:
        """Whether a distribution will be of this version or newer; None when the files leave it open."""
        if distribution == "python":
            return Version(self.python) >= Version(version) if self.python else None
        specifier = self.packages.get(canonicalize_name(distribution))
        if not specifier:
            return None
        return _is_at_least(SpecifierSet(specifier), Version(version))


def _is_at_least(allowed: SpecifierSet, version: Version) -> bool | None:
    for part in allowed:
        try:
            bound = Version(part.version.removesuffix(".*"))
        except InvalidVersion:
            continue
        if part.operator in {"==", "==="}:
            if part.version.endswith(".*") and len(bound.release) < len(version.release):
                return _whole_series(bound, version)
            return bound >= version
        if part.operator in {">=", ">", "~="} and bound >= version:
            return True
        if (part.operator == "<" and bound <= version) or (part.operator == "<=" and bound < version):
            return False
        if part.operator == "~=" and _upper(bound) <= version:
            return False
    return None


def _whole_series(bound: Version, version: Version) -> bool | None:
    """`==1.*` against 1.24: open; against 2.0: no."""
    start = version.release[: len(bound.release)]
    return None if bound.release == start else bound.release > start


def _upper(bound: Version) -> Version:
    release = list(bound.release[:-1]) or [0]
    release[-1] += 1
    return Version(".".join(map(str, release)))
