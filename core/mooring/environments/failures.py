"""What can go wrong between an environment's definition and a Python that runs it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from mooring.errors import MooringError, did_you_mean
from mooring.findings import Finding


@dataclass(eq=False)
class InvalidEnvironment(MooringError):
    """The definition can't be read, or holds a value that means nothing."""

    code = "environment-invalid"
    subject: str
    reason: str
    advice: str = "Correct it and try again."

    @property
    def problem(self) -> str:
        """What is wrong, and in what."""
        return f"{self.subject}: {self.reason}."

    @property
    def remedy(self) -> str:
        """What to write instead."""
        return self.advice


@dataclass(eq=False)
class ReservedName(MooringError):
    """Names that begin with Microsoft or AzureML belong to curated environments."""

    code = "environment-name-reserved"
    name: str

    @property
    def problem(self) -> str:
        """The name as given."""
        return (
            f"Environment name {self.name!r} begins with a prefix that is reserved for curated environments."
        )

    @property
    def remedy(self) -> str:
        """How to keep the content under another name."""
        return 'Choose another name; environment.clone("my-environment") keeps the content.'


@dataclass(eq=False)
class EnvironmentNotFound(MooringError):
    """No such environment, or no such version of it."""

    code = "environment-not-found"
    name: str
    version: str | None = None
    known: list[str] = field(default_factory=list[str])

    @property
    def problem(self) -> str:
        """What was asked for."""
        asked = f"{self.name}:{self.version}" if self.version else self.name
        return (
            f"Environment {asked!r} is not registered in this workspace{did_you_mean(self.name, self.known)}."
        )

    @property
    def remedy(self) -> str:
        """What there is."""
        if not self.known:
            return "Register it first: environment.register(workspace)."
        return f"Use one of {', '.join(self.known)}."


@dataclass(eq=False)
class UnknownCuratedEnvironment(MooringError):
    """A curated name without a documented equivalent here."""

    code = "environment-not-curated"
    name: str
    known: list[str]

    @property
    def problem(self) -> str:
        """The name as given."""
        return (
            f"Curated environment {self.name!r} has no equivalent here{did_you_mean(self.name, self.known)}."
        )

    @property
    def remedy(self) -> str:
        """The names that have one."""
        return f"Use one of {', '.join(self.known)}, or define your own with Environment.from_conda_specification."


@dataclass(eq=False)
class CondaMissing(MooringError):
    """An existing conda environment can only be read by conda."""

    code = "conda-missing"
    environment: str

    @property
    def problem(self) -> str:
        """Which environment was asked for."""
        return (
            f"Conda environment {self.environment!r} can't be read: neither conda nor micromamba is on PATH."
        )

    @property
    def remedy(self) -> str:
        """The way round."""
        return "Run `conda env export --no-builds` where it lives, then use Environment.from_conda_specification."


@dataclass(eq=False)
class CondaExtraMissing(MooringError):
    """Packages shall come from conda's channels, but what installs them is not there."""

    code = "conda-extra-missing"
    packages: list[str]

    @property
    def problem(self) -> str:
        """Which packages need it."""
        names = ", ".join(map(repr, self.packages))
        return f"use_conda is on and {names} comes from a conda channel, but py-rattler, which installs it, is not here."

    @property
    def remedy(self) -> str:
        """Both ways out."""
        return 'Run `pip install "mooring[conda]"`, or turn use_conda off.'


@dataclass(eq=False)
class PythonNotAvailable(MooringError):
    """The Python asked for is neither on this machine nor to be fetched."""

    code = "python-not-available"
    wanted: str
    found: list[str]
    evidence: str = ""

    @property
    def problem(self) -> str:
        """Which version, and why it can't be had."""
        words = f" ({self.evidence})" if self.evidence else ""
        return f"Python {self.wanted} is not on this machine and could not be fetched{words}."

    @property
    def remedy(self) -> str:
        """Which versions are here."""
        here = f"; this machine has {', '.join(self.found)}" if self.found else ""
        return (
            f"Install Python {self.wanted} (uv python install {self.wanted}), or name another version{here}."
        )


@dataclass(eq=False)
class SubstitutionRefused(MooringError):
    """Strict mode: something asked for can't be had as written."""

    code = "environment-strict"
    findings: tuple[Finding, ...]

    @property
    def problem(self) -> str:
        """Every substitution that would have been made."""
        return "Strict environments are on, and these can't be had as written: " + " ".join(
            finding.problem for finding in self.findings
        )

    @property
    def remedy(self) -> str:
        """Both ways out."""
        return "Write the versions that exist, or turn strict_environments off to accept these replacements."


@dataclass(eq=False)
class ResolutionFailed(MooringError):
    """No set of packages satisfies the definition; `kind` says which of the known reasons it is.

    Attributes:
        kind: package-not-found, version-not-found, no-wheel, python-conflict, conflict, build-failed,
            hash-mismatch, network, offline, credentials, disk-full, permission, uv-missing or unknown; of conda's
            channels also channel-not-found and invalid.
        cause: One sentence.
        advice: One imperative sentence.
        evidence: uv's or py-rattler's own words, without secrets.
        packages: Names that the cause is about.
    """

    code = "environment-unresolvable"
    kind: str
    cause: str
    advice: str
    evidence: str = ""
    packages: tuple[str, ...] = ()

    @property
    def problem(self) -> str:
        """The cause."""
        return self.cause

    @property
    def remedy(self) -> str:
        """The way out."""
        return self.advice

    def to_dict(self) -> dict[str, Any]:
        """Code, problem and remedy, plus kind, packages and uv's own words."""
        return {
            **super().to_dict(),
            "kind": self.kind,
            "packages": list(self.packages),
            "evidence": self.evidence,
        }


@dataclass(eq=False)
class InstallationFailed(ResolutionFailed):
    """The locked packages could not be installed; same facts as `ResolutionFailed`."""

    code = "environment-not-installed"


@dataclass(eq=False)
class InterpreterUnusable(MooringError):
    """The interpreter that a user-managed environment names can't run a service."""

    code = "interpreter-unusable"
    interpreter: str
    reason: str

    @property
    def problem(self) -> str:
        """Which interpreter, and what is wrong with it."""
        return f"Interpreter {self.interpreter!r} can't be used: {self.reason}."

    @property
    def remedy(self) -> str:
        """What it should be."""
        return "Set python.interpreter_path to a Python 3.8 or newer, or list packages and let Mooring install them."
