"""From a definition to a lock: exact packages with hashes, once per definition, Python and platform."""

from __future__ import annotations

import hashlib
import json
import os
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from mooring.environments.channels.records import CondaRecord
from mooring.environments.channels.share import CondaShare, describe_taken
from mooring.environments.defaults import assumed_specification, recorded_packages, runs_here
from mooring.environments.environment import Environment
from mooring.environments.failures import PythonNotAvailable, SubstitutionRefused
from mooring.environments.python_choice import PythonChoice, choose_python, fall_back
from mooring.environments.reading import read_environment
from mooring.environments.redaction import redact
from mooring.environments.ring import SCORING_REQUIREMENTS
from mooring.environments.specification import IndexOptions, Specification, Wanted
from mooring.environments.uv_process import Progress
from mooring.findings import Finding
from mooring.settings import Settings

SUBSTITUTIONS = frozenset(
    {"python-substituted", "pin-substituted", "conda-package-without-twin", "azureml-package-missing"}
)
"""Codes of findings that a strict resolution refuses."""

_FORMAT = 1  # raise it when the same inputs should be resolved anew
_INDEX_VARIABLES = (
    "UV_DEFAULT_INDEX",
    "UV_INDEX",
    "UV_INDEX_URL",
    "UV_EXTRA_INDEX_URL",
    "UV_FIND_LINKS",
    "UV_EXCLUDE_NEWER",
)
_DIGEST_LENGTH = 24  # keeps `#!` lines of scripts below the 127 bytes that Linux reads


@dataclass(frozen=True)
class Resolution:
    """An environment, exactly.

    Attributes:
        digest: Names the ready environment; equal locks have equal digests.
        python_version: Minor version, `3.8`.
        requirements: Locked, with hashes, one each, without credentials.
        lock_text: The same as a requirements file, with the reason for each package.
        findings: Everything that is not as written.
        source: Where the packages come from: the environment's name, `assumed, …` or `user-managed`.
        interpreter: Only when user-managed: the interpreter to use as it is.
        is_reused: Whether the lock was known before.
        conda: Packages from conda's channels, Python among them; empty when Python comes from this machine.
    """

    digest: str
    python_version: str
    requirements: tuple[str, ...] = ()
    lock_text: str = field(default="", repr=False)
    findings: tuple[Finding, ...] = ()
    source: str = ""
    interpreter: str = ""
    is_reused: bool = False
    conda: tuple[CondaRecord, ...] = ()
    options: IndexOptions = field(default_factory=IndexOptions, repr=False, compare=False)
    secret_lines: tuple[str, ...] = field(default=(), repr=False, compare=False)
    conda_credentials: dict[str, Any] = field(default_factory=dict[str, Any], repr=False, compare=False)

    @property
    def is_user_managed(self) -> bool:
        """Whether an interpreter is used as it is."""
        return bool(self.interpreter)

    @property
    def contents(self) -> str:
        """How many packages of which kind, for people."""
        count = len(self.requirements)
        text = f"{count} package{'' if count == 1 else 's'}"
        return f"{text}, {len(self.conda)} from conda" if self.conda else text

    @property
    def substitutions(self) -> tuple[Finding, ...]:
        """Findings that a strict resolution would have refused."""
        return tuple(finding for finding in self.findings if finding.code in SUBSTITUTIONS)


def resolve(
    environment: Environment | None,
    *,
    settings: Settings,
    python_hint: str | None = None,
    models: Sequence[Any] = (),
    strict: bool | None = None,
    portable: bool = False,
    progress: Progress | None = None,
) -> Resolution:
    """Decide on exact packages.

    Args:
        environment: None assumes what the models were registered with.
        settings: For the folder of environments and whether substitutions are refused.
        python_hint: Python of the models' registration; by default the first model's `python_version`.
        models: Registered models; their `packages` and `framework` are read when no environment is given.
        strict: Refuse substitutions; None takes the setting's word.
        portable: The result is for another machine or an image: no interpreter of this machine is used as it is.
        progress: Called with a phase and a line.

    Raises:
        InvalidEnvironment: The definition can't be understood.
        PythonNotAvailable: The Python is not here and can't be fetched.
        ResolutionFailed: No set of packages satisfies it; says why.
        SubstitutionRefused: Strict, and something can't be had as written.
    """
    hint = python_hint or next(
        (str(m.python_version) for m in models if getattr(m, "python_version", None)), None
    )
    if environment is not None and environment.python.user_managed_dependencies:
        from mooring.environments.user_managed import use_interpreter

        return use_interpreter(environment.python.interpreter_path, portable=portable)
    if environment is None and not portable and _suits_running_python(models, hint):
        from mooring.environments.user_managed import use_interpreter

        return use_interpreter("python", portable=False)
    takes_conda = settings.use_conda and not portable
    resolution = _resolve_packages(environment, hint, models, settings, progress, takes_conda=takes_conda)
    if (settings.strict_environments if strict is None else strict) and resolution.substitutions:
        raise SubstitutionRefused(findings=resolution.substitutions)
    return resolution


def find_resolved(environment: Environment, settings: Settings) -> Resolution | None:
    """What an environment was resolved to before; nothing is run or fetched. None when it never was.

    Environments that take packages from conda are left out: only a solver knows what those are.

    Raises:
        InvalidEnvironment: The definition can't be understood.
    """
    if environment.python.user_managed_dependencies or settings.use_conda:
        return None
    specification = read_environment(environment)
    choice = choose_python(specification.python, None)
    task = _Task(specification, choice, _ring(choice), None, settings, None)
    return _LockFile(settings.environments_dir / "locks", task.digest()).load()


def _ring(choice: PythonChoice) -> tuple[Wanted, ...]:
    return tuple(Wanted(text, "scoring", text) for text in SCORING_REQUIREMENTS[choice.minor])


def _resolve_packages(
    environment: Environment | None,
    hint: str | None,
    models: Sequence[Any],
    settings: Settings,
    progress: Progress | None,
    *,
    takes_conda: bool,
) -> Resolution:
    if environment is None:
        choice = choose_python("", hint)
        specification = assumed_specification(models, choice.minor)
    else:
        specification = read_environment(environment)
        choice = choose_python(specification.python, hint)
    try:
        return _resolve_for(specification, choice, settings, progress, takes_conda=takes_conda)
    except PythonNotAvailable:
        # A model's own Python is a wish; one that the specification names is not.
        fallback = fall_back(choice)
        if fallback is None:
            raise
        return _resolve_for(specification, fallback, settings, progress, takes_conda=takes_conda)


def _resolve_for(
    specification: Specification,
    choice: PythonChoice,
    settings: Settings,
    progress: Progress | None,
    *,
    takes_conda: bool,
) -> Resolution:
    is_conda = specification.channel_packages or any(each.origin == "conda" for each in specification.wanted)
    share = None
    if takes_conda and is_conda:
        share = CondaShare(specification, choice.minor, settings.environments_dir, progress)
    task = _Task(specification, choice, _ring(choice), share, settings, progress)
    known = _LockFile(settings.environments_dir / "locks", task.digest())
    found = known.load()
    if found is None:
        from mooring.environments.flight import single_flight

        with single_flight(settings.environments_dir, f"resolve-{known.digest}", progress, "resolves"):
            found = known.load()
            if found is None:
                return task.finish(task.search(known))
    return task.finish(replace(found, is_reused=True))


@dataclass(frozen=True)
class _Task:
    """One definition to be resolved for one Python. `share` is what comes from conda's channels, if anything may."""

    specification: Specification
    choice: PythonChoice
    ring: tuple[Wanted, ...]
    share: CondaShare | None
    settings: Settings
    progress: Progress | None

    def search(self, known: _LockFile) -> Resolution:
        """Resolve anew, and keep what was found."""
        from mooring.environments.search import Search

        asked, choice, share = self.specification, self.choice, self.share
        if self.progress is not None:
            self.progress(
                "environment", f"Resolving {len(asked.wanted)} requirements for Python {choice.minor}"
            )
        if share is not None and share.wanted:
            share.solve()
        named = {wanted.name for wanted in asked.wanted}
        search = Search(
            python=self._python(),
            minor=choice.minor,
            wanted=[*asked.wanted, *_implied(asked, choice)],
            ring=[entry for entry in self.ring if entry.name not in named],
            options=asked.options,
            scratch=self.settings.environments_dir,
            is_python_substituted=choice.is_substituted,
            share=share,
            progress=self.progress,
        )
        lock = search.run()
        requirements = tuple(redact(line) for line in lock.requirements)
        conda = share.records if share is not None else ()
        resolution = Resolution(
            digest=_lock_digest(requirements, choice.minor, conda),
            python_version=choice.minor,
            requirements=requirements,
            lock_text="".join(f"# conda: {record.line}\n" for record in conda) + lock.text,
            findings=tuple(search.findings),
            conda=conda,
        )
        known.save(resolution)
        return resolution

    def _python(self) -> Path:
        """What uv asks about this system; where conda brings the Python itself, any will do."""
        from mooring.environments.pythons import find_python, get_python

        if self.share is not None and self.share.records:
            return find_python(self.choice.minor) or Path(sys.executable)
        return get_python(self.choice.minor, self.progress)

    def finish(self, found: Resolution) -> Resolution:
        """Add what belongs to this definition and must not be kept in the lock: places and credentials."""
        asked = self.specification
        packages = asked.channel_packages
        is_taken = self.share is not None
        about = describe_taken(packages, found.conda) if is_taken else (each.finding for each in packages)
        return replace(
            found,
            findings=(*self.choice.findings, *found.findings, *asked.findings, *about),
            source=asked.source,
            options=asked.options,
            secret_lines=_with_credentials(found.requirements, asked),
            conda_credentials=self.share.channels.credentials if self.share is not None else {},
        )

    def digest(self) -> str:
        """Names the definition: everything that decides the outcome."""
        from mooring.environments.pip_configuration import read_pip_indexes

        own = {key: os.environ[key] for key in _INDEX_VARIABLES if key in os.environ}
        parts = [
            _FORMAT,
            self.specification.fingerprint(),
            self.choice.minor,
            self.choice.is_substituted,
            sysconfig.get_platform(),
            [entry.text for entry in self.ring],
            sorted((key, redact(value)) for key, value in {**read_pip_indexes(), **own}.items()),
            *([self.share.fingerprint()] if self.share is not None else []),
        ]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:_DIGEST_LENGTH]


def _implied(specification: Specification, choice: PythonChoice) -> list[Wanted]:
    """setuptools, which every conda and pip environment had before Python 3.12 and old packages import."""
    names = {entry.name for entry in specification.wanted}
    is_old = tuple(map(int, choice.minor.split("."))) < (3, 12)
    needs = is_old and "setuptools" not in names and specification.wanted
    return [Wanted("setuptools<81", "implied", "setuptools")] if needs else []


def _with_credentials(requirements: tuple[str, ...], specification: Specification) -> tuple[str, ...]:
    urls = {
        redact(url): url
        for entry in specification.wanted
        if (url := entry.text.partition(" @ ")[2].strip() or entry.text) != redact(url)
    }
    lines: list[str] = []
    for line in requirements:
        for shown, real in urls.items():
            line = line.replace(shown, real)  # noqa: PLW2901
        lines.append(line)
    return tuple(lines)


def _suits_running_python(models: Sequence[Any], hint: str | None) -> bool:
    running = choose_python("", None).minor
    return (hint is None or hint.startswith(running)) and runs_here(recorded_packages(models))


def _lock_digest(requirements: tuple[str, ...], minor: str, conda: tuple[CondaRecord, ...]) -> str:
    files = sorted([record.url, record.digest] for record in conda)
    parts = [_FORMAT, minor, sysconfig.get_platform(), sorted(requirements), *([files] if files else [])]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:_DIGEST_LENGTH]


@dataclass(frozen=True)
class _LockFile:
    """A resolution kept for next time, under the digest of what was asked."""

    folder: Path
    digest: str

    @property
    def path(self) -> Path:
        return self.folder / f"{self.digest}.json"

    def load(self) -> Resolution | None:
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
            findings = tuple(
                Finding(f["code"], f["severity"], f["problem"], f["remedy"], data=f["data"])
                for f in kept["findings"]
            )
            return Resolution(
                digest=kept["digest"],
                python_version=kept["python_version"],
                requirements=tuple(kept["requirements"]),
                lock_text=kept["lock_text"],
                findings=findings,
                conda=tuple(map(CondaRecord.of, kept.get("conda", []))),
            )
        except (OSError, ValueError, KeyError, TypeError):
            return None  # missing or damaged: resolving again costs a second

    def save(self, resolution: Resolution) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        kept = {
            "digest": resolution.digest,
            "python_version": resolution.python_version,
            "requirements": resolution.requirements,
            "lock_text": resolution.lock_text,
            "conda": [record.facts for record in resolution.conda],
            "findings": [
                {
                    "code": f.code,
                    "severity": f.severity,
                    "problem": f.problem,
                    "remedy": f.remedy,
                    "data": f.data,
                }
                for f in resolution.findings
            ],
        }
        handle, name = tempfile.mkstemp(dir=self.folder, prefix=".lock-")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(kept, file)
        Path(name).replace(self.path)
