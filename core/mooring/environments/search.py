"""Finding a set of packages that works, as near as can be to what was asked for.

uv decides what fits together. When it refuses a pin because that release has no wheel for the Python at hand, the
nearest one takes its place: the oldest release series above it that has a wheel, in its last bug-fix release;
failing that, the newest below. Nothing is replaced silently.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from mooring.environments.bounds import Bound, find_broken_bounds
from mooring.environments.locking import Lock, LockRequest, Release, find_release, lock
from mooring.environments.reading import without_twin
from mooring.environments.specification import IndexOptions, Wanted
from mooring.environments.uv_process import Progress, UvOutcome
from mooring.environments.verdicts import Verdict, failure_of, judge
from mooring.findings import Finding

_MOST_ROUNDS = 60


@dataclass
class Search:
    """One resolution in progress.

    Attributes:
        python: Interpreter to resolve for; `minor` is its version.
        wanted: What the user asks for.
        ring: What the scoring server would like, given up first.
        is_python_substituted: Whether the user's Python could not be had; then pins may give way to each other.
    """

    python: Path
    minor: str
    wanted: list[Wanted]
    ring: list[Wanted]
    options: IndexOptions
    scratch: Path
    is_python_substituted: bool = False
    progress: Progress | None = None
    buildable: set[str] = field(default_factory=set[str])
    bounds: list[Bound] = field(default_factory=list[Bound])
    findings: list[Finding] = field(default_factory=list[Finding])
    _originals: dict[str, Wanted] = field(default_factory=dict[str, Wanted])
    _loosened: set[str] = field(default_factory=set[str])
    _refused_bounds: list[Bound] = field(default_factory=list[Bound])

    def run(self) -> Lock:
        """The lock; `findings` then tell what was replaced.

        Raises:
            ResolutionFailed: Nothing near enough exists.
        """
        for _ in range(_MOST_ROUNDS):
            outcome = lock(self._request(), self.scratch)
            if isinstance(outcome, UvOutcome):
                verdict = judge(outcome.words)
                if not self._give_way(verdict):
                    raise failure_of(verdict, self.minor)
            elif not self._hold_back(outcome):
                self._report(outcome)
                if self.progress is not None:
                    self.progress("environment", f"Resolved {len(outcome.requirements)} packages")
                return outcome
        raise failure_of(Verdict("unknown", (), "no set of packages was found"), self.minor)

    def _request(self) -> LockRequest:
        bounds = tuple(f"{bound.other}{bound.allowed}" for bound in self.bounds)
        return LockRequest(
            self.python, (*self.wanted, *self.ring), self.options, frozenset(self.buildable), bounds
        )

    # ---- what uv refused -----------------------------------------------------------------------------------------

    def _give_way(self, verdict: Verdict) -> bool:
        """Change the request so that uv may accept it; False when there is nothing left to change."""
        if verdict.kind == "package-not-found":
            return any(self._drop_conda_only(name) for name in verdict.packages)
        if verdict.kind in {"no-wheel", "version-not-found", "python-conflict"}:
            return sum(self._replace_or_build(name, verdict) for name in verdict.packages) > 0
        if verdict.kind == "build-failed":
            return any(self._replace_unbuildable(name) for name in verdict.packages)
        if verdict.kind == "conflict":
            return self._drop_bound(verdict) or self._drop_ring(verdict) or self._loosen(verdict)
        return False

    def _drop_conda_only(self, name: str) -> bool:
        for entry in self.wanted:
            if entry.name == name and entry.origin == "conda":
                self.wanted.remove(entry)
                advice = "install it on the machine, or use a Docker base image that has it"
                self.findings.append(without_twin(entry.written, name, advice))
                return True
        return self._drop_from_ring(name)

    def _replace_or_build(self, name: str, verdict: Verdict) -> bool:
        if self._drop_from_ring(name):
            return True
        entry = self._find(name)
        if entry is None or entry.text.partition(" @ ")[2]:
            return self._allow_build(name) if verdict.kind == "no-wheel" and entry is None else False
        nearest = self._nearest(entry)
        if verdict.kind == "no-wheel" and (nearest is None or nearest.is_pure) and self._allow_build(name):
            return True
        return nearest is not None and self._replace(entry, f"=={nearest.version}")

    def _replace_unbuildable(self, name: str) -> bool:
        entry = self._find(name)
        if entry is None or name not in self.buildable:
            return False
        self.buildable.discard(name)
        nearest = self._nearest(entry)
        return nearest is not None and self._replace(entry, f"=={nearest.version}")

    def _allow_build(self, name: str) -> bool:
        if name in self.buildable:
            return False
        self.buildable.add(name)
        return True

    def _drop_bound(self, verdict: Verdict) -> bool:
        """A bound of ours must not stand in the way of what the user wrote."""
        blamed = [bound for bound in self.bounds if bound.other in verdict.packages]
        self.bounds = [bound for bound in self.bounds if bound not in blamed]
        self._refused_bounds.extend(blamed)
        return bool(blamed)

    def _drop_ring(self, verdict: Verdict) -> bool:
        return sum(self._drop_from_ring(name) for name in verdict.packages) > 0

    def _drop_from_ring(self, name: str) -> bool:
        for entry in self.ring:
            if entry.name == name:
                self.ring.remove(entry)
                self.findings.append(
                    Finding(
                        "scoring-package-left-out",
                        "information",
                        f"{name!r}, which speeds up the scoring server, does not go with the other packages"
                        " and is left out.",
                        "Nothing to do: the server has a slower way.",
                        data={"package": name},
                    )
                )
                return True
        return False

    def _loosen(self, verdict: Verdict) -> bool:
        """Once something could not be had, pins that were made for it may move up, the most blamed first."""
        if not self.is_python_substituted and not self._originals:
            return False
        for name in verdict.packages:
            entry = self._find(name)
            if entry is not None and name not in self._loosened and _base_version(entry) is not None:
                self._loosened.add(name)
                written = self._originals.get(name, entry)
                return self._replace(entry, f">={_base_version(written)}")
        return False

    # ---- replacing -----------------------------------------------------------------------------------------------

    def _find(self, name: str) -> Wanted | None:
        return next((entry for entry in self.wanted if entry.name == name), None)

    def _replace(self, entry: Wanted, specifier: str) -> bool:
        changed = entry.with_specifier(specifier)
        if changed.text == entry.text:
            return False
        self._originals.setdefault(entry.name, entry)
        self.wanted[self.wanted.index(entry)] = changed
        return True

    def _nearest(self, entry: Wanted) -> Release | None:
        """The release to take in the place of one without a wheel."""
        base = _base_version(entry)
        request = replace(self._request(), wanted=(entry,))
        if base is None:
            return find_release(request, "", self.scratch)
        above = find_release(request, f">={base}", self.scratch, lowest=True)
        if above is None:
            return find_release(request, f"<{base}", self.scratch)
        found = Version(above.version)
        series = f"=={found.major}.{found.minor}.*" if len(found.release) > 1 else f"=={found}"
        return find_release(request, f"{series},>={base}", self.scratch) or above

    # ---- what uv accepted ----------------------------------------------------------------------------------------

    def _hold_back(self, found: Lock) -> bool:
        """Add the bounds that the set breaks; False when it breaks none that can be added."""
        pinned = {entry.name for entry in self.wanted if "==" in entry.text}
        fresh = [
            bound
            for bound in find_broken_bounds(found.versions)
            if bound.other not in pinned and bound not in self.bounds and bound not in self._refused_bounds
        ]
        self.bounds.extend(fresh)
        return bool(fresh)

    def _report(self, found: Lock) -> None:
        for name, entry in self._originals.items():
            self.findings.append(_substitution(entry, found.versions.get(name, "?"), self.minor))
        # The first bound of a package is the tightest: rows go from the oldest releases to the newest.
        first = {bound.other: bound for bound in reversed(self.bounds) if bound.other in found.versions}
        for name, bound in sorted(first.items()):
            self.findings.append(_holding(bound, found.versions[name]))
        for name in sorted(self.buildable & set(found.versions)):
            self.findings.append(_built(name, found.versions[name]))


def _base_version(entry: Wanted) -> Version | None:
    """The highest version that a requirement names, without its local part."""
    found: list[Version] = []
    for specifier in SpecifierSet(str(Requirement(entry.text).specifier)):
        if specifier.operator == "!=":
            continue
        try:
            found.append(Version(Version(specifier.version.removesuffix(".*")).public))
        except InvalidVersion:
            continue
    return max(found, default=None)


def _substitution(entry: Wanted, version: str, minor: str) -> Finding:
    written = entry.written or entry.text
    return Finding(
        "pin-substituted",
        "warning",
        f"{written!r} has no wheel for Python {minor} on this system; {entry.name} {version} takes its place.",
        f"Check that the model works with it, then write {entry.name}=={version}.",
        data={"package": entry.name, "asked": written, "used": version},
    )


def _holding(bound: Bound, version: str) -> Finding:
    return Finding(
        "dependency-held-back",
        "information",
        f"{bound.other!r} is held at {version} because {bound.package}{bound.releases} does not work with later ones:"
        f" {bound.why}.",
        f"Pin {bound.other} to choose its version yourself.",
        data={"package": bound.other, "used": version},
    )


def _built(name: str, version: str) -> Finding:
    return Finding(
        "built-from-source",
        "information",
        f"{name!r} {version} has no wheel and is built from source.",
        "Nothing to do while the build works.",
        data={"package": name, "used": version},
    )
