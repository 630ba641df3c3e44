"""The share of an environment that comes from conda's channels, solved anew whenever something is added to it."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from mooring.environments.channels.rattler_process import require_rattler, run_rattler
from mooring.environments.channels.records import CondaRecord
from mooring.environments.channels.sources import Channels, read_channels
from mooring.environments.channels.verdicts import failure_of
from mooring.environments.matchspec import parse_conda_requirement
from mooring.environments.reading import without_twin
from mooring.environments.redaction import redact
from mooring.environments.specification import ChannelPackage, Specification, Wanted
from mooring.environments.twins import ELSEWHERE
from mooring.environments.uv_process import Progress
from mooring.findings import Finding

_CHANNEL = re.compile(
    r"^(?P<channel>[^\s\[=<>!~]+?)(?:/(?:noarch|linux-\w+|osx-\w+|win-\w+))?::(?P<rest>.+)$"
)


@dataclass
class CondaShare:
    """Packages of channels, and the Python they run with.

    Attributes:
        specification: Names the channels, the packages that only they have, and what pip's side is asked for: channels
            may bring that, too, but only in versions that pip's side allows.
        minor: Python's version, `3.11`.
        scratch: Where temporary folders are made.
        wanted: What is asked for by name.
        records: Everything, exactly; empty until something is wanted.
    """

    specification: Specification
    minor: str
    scratch: Path
    progress: Progress | None = None
    wanted: list[ChannelPackage] = field(init=False)
    records: tuple[CondaRecord, ...] = field(default=(), init=False)

    def __post_init__(self) -> None:
        self.wanted = list(self.specification.channel_packages)

    def add(self, entry: Wanted) -> None:
        """Take a package from the channels that PyPI turned out not to have.

        Raises:
            CondaExtraMissing: The library for it is not installed.
            ResolutionFailed: The channels have no set of packages with it, or can't be read.
        """
        self.wanted.append(ChannelPackage(entry.written, without_twin(entry.written, entry.name, ELSEWHERE)))
        self.solve()

    def solve(self) -> None:
        """Choose the exact packages.

        Raises:
            CondaExtraMissing: The library for it is not installed.
            ResolutionFailed: The channels have no such set, or can't be read.
        """
        names, channels = [package.name for package in self.wanted], self.channels
        require_rattler(names)
        if self.progress is not None:
            self.progress("environment", f"Resolving {', '.join(names)} from {channels.names}")
        request = {
            "do": "solve",
            "channels": [[channel.name, *channel.urls] for channel in channels.listed],
            "specs": [f"python {self.minor}.*", *(_match_spec(each, channels) for each in self.wanted)],
            "constraints": _limits(self.specification.wanted, names),
        }
        with tempfile.TemporaryDirectory(dir=self.scratch, prefix=".resolve-") as folder:
            answer = run_rattler(
                request, Path(folder), credentials=channels.credentials, progress=self.progress
            )
        if "error" in answer:
            raise failure_of(answer, channels.names)
        self.records = tuple(sorted(map(CondaRecord.of, answer["records"]), key=lambda record: record.name))

    @property
    def channels(self) -> Channels:
        """Those of the conda file, then those that only one package is wanted from."""
        own = filter(None, (_split(package.text)[0] for package in self.wanted))
        asked = self.specification
        return read_channels([*asked.channels, *own], base_dir=asked.base_dir, subject=asked.source)

    @property
    def pins(self) -> tuple[str, ...]:
        """The Python distributions that the channels bring, for uv to build upon."""
        return tuple(filter(None, (record.pin for record in self.records)))

    @property
    def python_version(self) -> str:
        """Python's full version; empty while nothing comes from channels."""
        return next((record.version for record in self.records if record.name == "python"), "")

    def brings(self, name: str) -> str:
        """The version of a Python distribution that the channels bring; empty when they do not."""
        pins = (pin.split("==") for pin in self.pins)
        return next((version for pinned, version in pins if canonicalize_name(pinned) == name), "")

    def fingerprint(self) -> list[Any]:
        """Everything of this share that decides the outcome, without secrets."""
        wanted = [redact(package.text) for package in self.wanted]
        return [[channel.urls for channel in self.channels.listed], wanted]


def describe_taken(packages: Iterable[ChannelPackage], records: Iterable[CondaRecord]) -> Iterator[Finding]:
    """What was taken from which channel, in which version."""
    found = {record.name: record for record in records}
    for package in packages:
        record = found.get(_conda_name(package))
        if record is not None:
            yield _taken(package, record)


def _taken(package: ChannelPackage, record: CondaRecord) -> Finding:
    channel = str(record.facts.get("channel") or "").rstrip("/").removeprefix("https://conda.anaconda.org/")
    return replace(
        package.finding,
        code="conda-package-from-channel",
        severity="information",
        problem=f"{record.name} {record.version} comes from conda channel {channel!r}: PyPI has nothing of that name.",
        remedy="",
        data={"package": package.name, "used": record.version, "channel": channel},
    )


def _match_spec(package: ChannelPackage, channels: Channels) -> str:
    channel, rest = _split(package.text)
    return f"{channels.addresses[channel]}::{rest}" if channel else rest


def _conda_name(package: ChannelPackage) -> str:
    """The name as conda spells it: underscores count there."""
    return re.split(r"[\s\[=<>!~]", _split(package.text)[1], maxsplit=1)[0].lower()


def _split(entry: str) -> tuple[str, str]:
    """Channel, or nothing, and the rest of an entry."""
    found = _CHANNEL.match(entry)
    return (found["channel"], found["rest"]) if found else ("", entry)


def _limits(others: Iterable[Wanted], taken: Collection[str]) -> list[str]:
    """Versions that pip's side allows, as conda's match specifications."""
    limits: list[str] = []
    for entry in others:
        if not entry.name or " @ " in entry.text or entry.name in taken:
            continue
        requirement = Requirement(entry.text)
        clauses = [str(specifier) for specifier in requirement.specifier if specifier.operator != "==="]
        parsed = parse_conda_requirement(entry.written) if entry.origin == "conda" else None
        if clauses and requirement.marker is None:
            limits.append(f"{parsed.name if parsed else entry.name} {','.join(clauses)}")
    return limits
