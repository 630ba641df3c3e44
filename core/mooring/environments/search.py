"""Finding a set of packages that works, as near as can be to what was asked for.

uv decides what fits together. When it refuses, pins that have no wheel for the Python at hand are replaced by the
nearest releases that have one; and once something had to be replaced, pins that were chosen to go with it may move
up. Bounds of ours and wishes of the scoring server give way before anything of the user's. Nothing is silent.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from packaging.utils import canonicalize_name

from mooring.environments.bounds import Bound, find_broken_bounds
from mooring.environments.channels.share import CondaShare, describe_taken
from mooring.environments.failures import ResolutionFailed
from mooring.environments.locking import Lock, LockRequest, lock
from mooring.environments.reading import without_twin
from mooring.environments.search_findings import built, holding, left_out, substitution
from mooring.environments.shelf import Lack, Shelf, base_version
from mooring.environments.specification import IndexOptions, Wanted
from mooring.environments.twins import ELSEWHERE
from mooring.environments.uv_process import Progress, UvOutcome
from mooring.environments.verdicts import Verdict, failure_of, judge
from mooring.findings import Finding

_MOST_ROUNDS = 60
_UNAVAILABLE = {"no-wheel", "version-not-found", "python-conflict"}


@dataclass
class Search:
    """One resolution in progress.

    Attributes:
        python: Interpreter to resolve for; `minor` is its version.
        wanted: What the user asks for.
        ring: What the scoring server would like, given up first.
        share: What comes from conda's channels; None leaves out what PyPI does not have.
        is_python_substituted: Whether the user's Python could not be had; then pins may give way to each other.
    """

    python: Path
    minor: str
    wanted: list[Wanted]
    ring: list[Wanted]
    options: IndexOptions
    scratch: Path
    is_python_substituted: bool = False
    share: CondaShare | None = None
    progress: Progress | None = None
    buildable: set[str] = field(default_factory=set[str])
    bounds: list[Bound] = field(default_factory=list[Bound])
    findings: list[Finding] = field(default_factory=list[Finding])
    _originals: dict[str, Wanted] = field(default_factory=dict[str, Wanted])
    _loosened: dict[str, int] = field(default_factory=dict[str, int])
    _refused_bounds: list[Bound] = field(default_factory=list[Bound])
    _is_audited: bool = False

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
                    raise self._failure(verdict)
            elif not self._hold_back(outcome):
                self._report(outcome)
                return outcome
        raise failure_of(Verdict("unknown", (), "no set of packages was found"), self.minor)

    def _request(self) -> LockRequest:
        bounds = tuple(f"{bound.other}{bound.allowed}" for bound in self.bounds)
        everything = (*self.wanted, *self.ring)
        pins, version = (self.share.pins, self.share.python_version) if self.share is not None else ((), "")
        return LockRequest(
            self.python,
            everything,
            self.options,
            frozenset(self.buildable),
            bounds=(*bounds, *pins),
            python_version=version,
        )

    def _failure(self, verdict: Verdict) -> ResolutionFailed:
        """The error for a verdict that nothing could be done about."""
        failure = failure_of(verdict, self.minor)
        brought = [
            f"{name} {self.share.brings(name)}"
            for name in verdict.packages
            if self.share is not None and self.share.brings(name)
        ]
        if brought:
            failure.cause += f" Conda's channels bring {', '.join(brought)}."
        return failure

    # ---- what uv refused -----------------------------------------------------------------------------------------

    def _give_way(self, verdict: Verdict) -> bool:
        """Change the request so that uv may accept it; False when there is nothing left to change."""
        if verdict.kind == "package-not-found":
            return any(self._drop_conda_only(name) for name in verdict.packages)
        if verdict.kind == "build-failed":
            return any(self._replace_unbuildable(name) for name in verdict.packages)
        if verdict.kind not in {*_UNAVAILABLE, "conflict"}:
            return False
        if self._drop_bounds(verdict) or self._drop_ring(verdict) or self._audit():
            return True
        if verdict.kind in _UNAVAILABLE:
            return sum(self._replace_or_build(name, verdict.kind) for name in verdict.packages) > 0
        return self._loosen(verdict)

    def _drop_conda_only(self, name: str) -> bool:
        entry = self._find(name)
        if entry is None or entry.origin != "conda":
            return self._drop_from_ring(name)
        self.wanted.remove(entry)
        if self.share is None:
            self.findings.append(without_twin(entry.written, name, ELSEWHERE))
        else:
            self.share.add(entry)
        return True

    def _audit(self) -> bool:
        """Replace all pins without a wheel at once: uv names only the first that it trips over."""
        if self._is_audited:
            return False
        self._is_audited = True
        if self.progress is not None:
            self.progress("environment", f"Looking for what can still be had for Python {self.minor}")
        lacks = self._shelf().find_lacks(self.wanted)
        return sum(self._fill(lack, may_build=True) for lack in lacks) > 0

    def _replace_or_build(self, name: str, kind: str) -> bool:
        entry = self._find(name)
        if entry is None:
            return kind == "no-wheel" and self._allow_build(name)
        lack = Lack(entry, self._shelf().find_nearest(entry) if base_version(entry) else None)
        return self._fill(lack, may_build=kind == "no-wheel")

    def _fill(self, lack: Lack, *, may_build: bool) -> bool:
        if may_build and lack.may_be_built and self._allow_build(lack.entry.name):
            return True
        return lack.nearest is not None and self._replace(lack.entry, f"=={lack.nearest.version}")

    def _replace_unbuildable(self, name: str) -> bool:
        entry = self._find(name)
        if entry is None or name not in self.buildable:
            return False
        self.buildable.discard(name)
        nearest = self._shelf().find_nearest(entry)
        return nearest is not None and self._replace(entry, f"=={nearest.version}")

    def _drop_bounds(self, verdict: Verdict) -> bool:
        """A bound of ours must not stand in the way of what the user wrote."""
        blamed = [bound for bound in self.bounds if bound.other in verdict.packages]
        self.bounds = [bound for bound in self.bounds if bound not in blamed]
        self._refused_bounds.extend(blamed)
        return bool(blamed)

    def _drop_ring(self, verdict: Verdict) -> bool:
        return sum(self._drop_from_ring(name) for name in verdict.packages) > 0

    def _drop_from_ring(self, name: str) -> bool:
        kept = [entry for entry in self.ring if entry.name != name]
        is_dropped = len(kept) < len(self.ring)
        self.ring = kept
        if is_dropped:
            self.findings.append(left_out(name))
        return is_dropped

    def _loosen(self, verdict: Verdict) -> bool:
        """Let a pin move up, first within its major version; only once something could not be had as written."""
        if not self.is_python_substituted and not self._originals:
            return False
        for level in (0, 1):
            for entry in filter(None, map(self._find, verdict.packages)):
                base = base_version(self._originals.get(entry.name, entry))
                if base is not None and self._loosened.get(entry.name, 0) == level:
                    self._loosened[entry.name] = level + 1
                    within = f",=={base.major}.*" if level == 0 else ""
                    return self._replace(entry, f">={base}{within}")
        return False

    # ---- changing the request ------------------------------------------------------------------------------------

    def _shelf(self) -> Shelf:
        return Shelf(self._request(), self.scratch)

    def _find(self, name: str) -> Wanted | None:
        return next((entry for entry in self.wanted if entry.name == name and " @ " not in entry.text), None)

    def _replace(self, entry: Wanted, specifier: str) -> bool:
        changed = entry.with_specifier(specifier)
        if changed.text == entry.text:
            return False
        self._originals.setdefault(entry.name, entry)
        self.buildable.discard(entry.name)  # what takes its place has a wheel
        self.wanted[self.wanted.index(entry)] = changed
        return True

    def _allow_build(self, name: str) -> bool:
        is_new = name not in self.buildable
        self.buildable.add(name)
        return is_new

    # ---- what uv accepted ----------------------------------------------------------------------------------------

    def _hold_back(self, found: Lock) -> bool:
        """Add the bounds that the set breaks; False when it breaks none that can be added."""
        pinned = {entry.name for entry in self.wanted if "==" in entry.text}
        if self.share is not None:
            pinned |= {canonicalize_name(pin.partition("==")[0]) for pin in self.share.pins}
        fresh = [
            bound
            for bound in find_broken_bounds(found.versions)
            if bound.other not in pinned and bound not in self.bounds and bound not in self._refused_bounds
        ]
        self.bounds.extend(fresh)
        return bool(fresh)

    def _report(self, found: Lock) -> None:
        versions = found.versions
        for name, entry in self._originals.items():
            if name in versions:  # not excluded by its marker
                gave_way = name in self._loosened
                self.findings.append(substitution(entry, versions[name], self.minor, gave_way=gave_way))
        # The first bound of a package is the tightest: rows go from the oldest releases to the newest.
        first = {bound.other: bound for bound in reversed(self.bounds) if bound.other in versions}
        self.findings.extend(holding(bound, versions[name]) for name, bound in sorted(first.items()))
        if self.share is not None:  # what the specification itself leaves to channels is told with its place
            late = self.share.wanted[len(self.share.specification.channel_packages) :]
            self.findings.extend(describe_taken(late, self.share.records))
        self.findings.extend(built(name, versions[name]) for name in sorted(self.buildable & set(versions)))
        if self.progress is not None:
            self.progress("environment", f"Resolved {len(found.requirements)} packages")
