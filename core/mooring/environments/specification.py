"""What an environment asks for, in one vocabulary: a Python and pip requirements, whoever wrote them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

from mooring.environments.redaction import redact
from mooring.findings import Finding

Origin = Literal["conda", "pip", "model", "scoring", "implied"]


@dataclass(frozen=True)
class Wanted:
    """One requirement.

    Attributes:
        text: PEP 508, a URL or an absolute path; may hold credentials, so it is kept out of `repr`.
        origin: Who asks for it.
        written: The entry as the user wrote it, without credentials.
        hashes: `--hash=…` options that came with it.
    """

    text: str = field(repr=False)
    origin: Origin
    written: str = ""
    hashes: str = field(default="", repr=False)

    @property
    def name(self) -> str:
        """Normalised name; empty for a URL or path without one."""
        try:
            return canonicalize_name(Requirement(self.text).name)
        except InvalidRequirement:
            return ""

    @property
    def line(self) -> str:
        """As a line of a requirements file."""
        return f"{self.text} {self.hashes}".strip()

    def with_specifier(self, specifier: str) -> Wanted:
        """The same package, extras and marker with another version specifier, and so without hashes."""
        old = Requirement(self.text)
        extras = f"[{','.join(sorted(old.extras))}]" if old.extras else ""
        marker = f" ; {old.marker}" if old.marker else ""
        return replace(self, text=f"{old.name}{extras}{specifier}{marker}", hashes="")


@dataclass(frozen=True)
class IndexOptions:
    """Where packages come from, as the pip list says; every URL may hold credentials."""

    index_url: str | None = field(default=None, repr=False)
    extra_index_urls: tuple[str, ...] = field(default=(), repr=False)
    find_links: tuple[str, ...] = field(default=(), repr=False)
    has_no_index: bool = False
    allows_prereleases: bool = False
    trusted_hosts: tuple[str, ...] = ()
    constraints: tuple[str, ...] = ()

    @property
    def lines(self) -> list[str]:
        """As option lines of a requirements file."""
        index = [f"--index-url {self.index_url}"] if self.index_url else []
        extra = [f"--extra-index-url {url}" for url in self.extra_index_urls]
        links = [f"--find-links {url}" for url in self.find_links]
        return [*index, *extra, *links, *(["--no-index"] if self.has_no_index else [])]

    @property
    def arguments(self) -> list[str]:
        """What a requirements file can't say, as arguments of uv; nothing secret."""
        pre = ["--prerelease", "allow"] if self.allows_prereleases else []
        # pip looks at all indexes alike, and these files were written for pip.
        strategy = ["--index-strategy", "unsafe-best-match"] if self.extra_index_urls else []
        trusted = [part for host in self.trusted_hosts for part in ("--allow-insecure-host", host)]
        return [*pre, *strategy, *trusted]


@dataclass(frozen=True)
class ChannelPackage:
    """A conda package that only conda's channels have.

    Attributes:
        text: The entry as written; may hold credentials of a channel.
        finding: What is said when it is left out.
    """

    text: str = field(repr=False)
    finding: Finding

    @property
    def name(self) -> str:
        """Normalised name."""
        return str(self.finding.data["package"])


@dataclass(frozen=True)
class Specification:
    """An environment, read.

    Attributes:
        python: Python's version specifier in PEP 440's words (`==3.6.2`), empty when nothing is said.
        wanted: Requirements, in order.
        options: Where packages come from.
        findings: What was left out, replaced or could not be understood.
        source: Where it was read from, for messages.
        channel_packages: What PyPI has no twin of.
        channels: Conda's channels as written; may hold credentials.
        base_dir: What relative channels are relative to.
    """

    python: str = ""
    wanted: tuple[Wanted, ...] = ()
    options: IndexOptions = field(default_factory=IndexOptions)
    findings: tuple[Finding, ...] = ()
    source: str = ""
    channel_packages: tuple[ChannelPackage, ...] = ()
    channels: tuple[str, ...] = field(default=(), repr=False)
    base_dir: Path = Path()

    def fingerprint(self) -> list[str]:
        """Everything that decides the outcome, without secrets; local files count by content."""
        wanted = [redact(entry.line) + _content_digest(entry.text) for entry in self.wanted]
        return [
            self.python,
            *wanted,
            *map(redact, self.options.lines),
            *self.options.arguments,
            *self.options.constraints,
        ]


def _content_digest(text: str) -> str:
    path = local_path(text)
    if path is None or not path.exists():
        return ""
    digest = hashlib.sha256()
    files = [path] if path.is_file() else sorted(path.rglob("*"))
    for file in files:
        if file.is_file() and not {".git", "__pycache__", "build"} & set(file.parts):
            digest.update(f"{file.relative_to(path)}\0".encode())
            digest.update(file.read_bytes())
    return f"#{digest.hexdigest()}"


def local_path(text: str) -> Path | None:
    """The file or folder that a requirement points to, or None when it is no local one."""
    target = text.partition(" @ ")[2] or text
    target = target.strip().removeprefix("file://")
    return Path(target.partition("[")[0]) if target.startswith("/") else None
