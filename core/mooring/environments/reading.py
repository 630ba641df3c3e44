"""Reading an environment's definition into a `Specification`, conda and pip alike."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name

from mooring.environments.conda import CondaDependencies
from mooring.environments.environment import Environment
from mooring.environments.failures import InvalidEnvironment
from mooring.environments.matchspec import CondaRequirement, parse_conda_requirement
from mooring.environments.pip_lines import PipLines
from mooring.environments.redaction import redact
from mooring.environments.replaced import is_replaced, replacement_finding
from mooring.environments.specification import ChannelPackage, Specification, Wanted
from mooring.environments.twins import TWINS, find_advice_without_twin, find_twin, is_runtime_library
from mooring.findings import Finding, Span
from mooring.settings import InvalidSettings, load_settings


def read_environment(environment: Environment) -> Specification:
    """What an environment asks for; nothing is run or fetched.

    Raises:
        InvalidEnvironment: An entry can't be understood, or a file that it names is missing.
    """
    conda = environment.python.conda_dependencies
    if conda is None:
        return Specification(source=environment.name)
    specification = read_conda(conda, subject=f"Environment {environment.name!r}")
    return replace(specification, source=environment.name)


def read_conda(conda: CondaDependencies, subject: str = "Conda file") -> Specification:
    """What a conda specification asks for.

    Raises:
        InvalidEnvironment: An entry can't be understood, or a file that it names is missing.
    """
    base_dir = conda.source_path.parent if conda.source_path is not None else Path()
    reader = _Reader(PipLines(base_dir, subject), subject)
    for entry in conda.as_dict().get("dependencies") or []:
        reader.read_entry(entry)
    findings = [_placed(finding, conda.source_path) for finding in reader.findings]
    return Specification(
        python=reader.python,
        wanted=tuple(_without_repetition(reader.pip.wanted)),
        options=reader.pip.options,
        findings=tuple(_unique(findings)),
        source=str(conda.source_path or subject),
        channel_packages=tuple(
            replace(package, finding=_placed(package.finding, conda.source_path))
            for package in reader.channel_packages.values()
        ),
        channels=tuple(map(str, conda.conda_channels)),
        base_dir=base_dir.absolute(),
    )


def check_environment(environment: Environment, *, use_conda: bool | None = None) -> list[Finding]:
    """What would be left out or replaced, found without running or fetching anything.

    Args:
        environment: The definition.
        use_conda: Whether services take from conda's channels what PyPI has no twin of; None asks the settings.
    """
    try:
        specification = read_environment(environment)
        takes = load_settings().use_conda if use_conda is None else use_conda
    except (InvalidEnvironment, InvalidSettings) as error:
        return [Finding(error.code, "error", error.problem, error.remedy)]
    packages = specification.channel_packages
    return [
        *specification.findings,
        *(_will_be_taken(package, specification) if takes else package.finding for package in packages),
    ]


@dataclass
class _Reader:
    pip: PipLines
    subject: str
    python: str = ""
    conda_notes: list[Finding] = field(default_factory=list[Finding])
    channel_packages: dict[str, ChannelPackage] = field(default_factory=dict[str, ChannelPackage])

    @property
    def findings(self) -> list[Finding]:
        return [*self.conda_notes, *self.pip.findings]

    def read_entry(self, entry: Any) -> None:
        if isinstance(entry, str):
            self._read_conda_entry(entry)
        elif isinstance(entry, dict):
            for key, value in entry.items():
                self._read_group(str(key), [value] if isinstance(value, str) else list(value or []))
        else:
            raise InvalidEnvironment(self.subject, f"dependency {entry!r} is neither a text nor a pip list")

    def _read_group(self, key: str, entries: list[Any]) -> None:
        if key == "pip":
            self.pip.read([str(entry) for entry in entries])
        elif key == "conda":
            self._note(
                "conda-group",
                "A `conda:` list inside `dependencies` is not conda's own syntax; its entries are read all the same.",
                "Move the entries up, into `dependencies` itself.",
            )
            for entry in entries:
                self.read_entry(entry)
        else:
            self._note(
                "dependency-group-ignored",
                f"The list `{key}:` inside `dependencies` means nothing.",
                "Rename it to pip.",
            )

    def _read_conda_entry(self, raw: str) -> None:
        parsed, entry = parse_conda_requirement(raw), redact(raw)
        if parsed is None:
            raise InvalidEnvironment(
                self.subject, f"{entry!r} is no conda requirement", "Write `name=version`."
            )
        if parsed.name == "python":
            self.python = parsed.specifier
        elif is_replaced(parsed.name):
            self.conda_notes.append(replacement_finding(parsed.name))
        elif is_runtime_library(parsed.name):
            self._note(
                "conda-library-left-out",
                f"Conda package {entry!r} is left out: the wheels of the other packages bring what they need.",
                "Nothing to do.",
                name=parsed.name,
            )
        else:
            self._want(raw.partition(" #")[0].strip(), parsed)

    def _want(self, raw: str, parsed: CondaRequirement) -> None:
        advice, entry = find_advice_without_twin(parsed.name), redact(raw)
        if advice is not None:
            finding = without_twin(entry, parsed.name, advice)
            self.channel_packages[parsed.name] = ChannelPackage(raw, finding)
            return
        if not parsed.is_exact:
            self._note(
                "pin-substituted",
                f"The version of conda package {entry!r} can't be said in pip's words; {parsed.specifier or 'any'} is taken.",
                f"Write one version of {parsed.name}.",
                is_warning=True,
            )
        twin = find_twin(parsed.name)
        if TWINS.get(parsed.name) and canonicalize_name(twin) != parsed.name:
            self._note(
                "conda-package-mapped",
                f"Conda package {parsed.name!r} is {twin!r} on PyPI.",
                "",
                name=parsed.name,
            )
        self.pip.wanted.append(Wanted(f"{twin}{parsed.specifier}", "conda", entry))

    def _note(
        self, code: str, problem: str, remedy: str, *, name: str = "", is_warning: bool = False
    ) -> None:
        data = {"package": name} if name else {}
        self.conda_notes.append(
            Finding(code, "warning" if is_warning else "information", problem, remedy, data=data)
        )


def without_twin(entry: str, name: str, advice: str) -> Finding:
    """A conda package that PyPI can't provide."""
    return Finding(
        "conda-package-without-twin",
        "warning",
        f"Conda package {entry!r} is left out: PyPI has nothing of that name.",
        f"{advice[0].upper()}{advice[1:]}, or remove it from the file if score.py does not need it."
        " With use_conda on, services in processes get it from its channel.",
        data={"package": name},
    )


def _will_be_taken(package: ChannelPackage, specification: Specification) -> Finding:
    channels = ", ".join(map(redact, specification.channels)) or "conda-forge"
    return replace(
        package.finding,
        code="conda-package-from-channel",
        severity="information",
        problem=f"Conda package {redact(package.text)!r} has no twin on PyPI: services in processes get it from its"
        f" channel ({channels}); images leave it out.",
        remedy="For an image, install it with extraDockerfileSteps, or use a base image that has it.",
    )


def _without_repetition(wanted: list[Wanted]) -> list[Wanted]:
    """As pip installs after conda, so its word counts where both name a package."""
    by_pip = {entry.name for entry in wanted if entry.origin == "pip" and entry.name}
    return [entry for entry in wanted if entry.origin != "conda" or entry.name not in by_pip]


def _unique(findings: list[Finding]) -> list[Finding]:
    seen: dict[tuple[str, str], Finding] = {}
    for finding in findings:
        seen.setdefault((finding.code, finding.problem), finding)
    return list(seen.values())


def _placed(finding: Finding, path: Path | None) -> Finding:
    """The finding with file, line and columns of the first quoted word of its problem, where there is a file."""
    if path is None:
        return finding
    quoted = finding.problem.split("'")
    word = quoted[1] if len(quoted) > 2 else ""  # noqa: PLR2004
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError:
        return finding
    for number, line in enumerate(lines, start=1):
        column = line.find(word) + 1 if word else 0
        if column:
            return replace(finding, path=str(path), span=Span(number, column, number, column + len(word)))
    return replace(finding, path=str(path))
