"""Asking uv for a lock: exact versions with hashes, for one Python on this platform."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from packaging.utils import canonicalize_name

from mooring.environments.redaction import redact
from mooring.environments.specification import IndexOptions, Wanted
from mooring.environments.uv_process import UvOutcome, run_uv

_LOCKED = re.compile(r"^(?P<name>[A-Za-z0-9][\w.\-]*)(?:\[[^\]]*\])?==(?P<version>[^\s\\;]+)")
_PYLOCK_VERSION = re.compile(r'^version = "(?P<version>[^"]+)"', re.MULTILINE)


@dataclass(frozen=True)
class Lock:
    """A resolved set.

    Attributes:
        text: uv's requirements text, with the reason for each package, without credentials.
        requirements: One line each, with hashes; may hold credentials.
        versions: By normalised name, where there is one.
    """

    text: str
    requirements: tuple[str, ...] = field(repr=False)
    versions: dict[str, str]


@dataclass(frozen=True)
class LockRequest:
    """What uv is asked.

    Attributes:
        python: Interpreter that tells uv about this system.
        buildable: May be built from source; everything else comes as a wheel.
        bounds: Versions that nobody asked for but everything has to keep to.
        python_version: Resolve for this version when it is not the interpreter's own.
    """

    python: Path
    wanted: tuple[Wanted, ...]
    options: IndexOptions
    buildable: frozenset[str] = frozenset()
    bounds: tuple[str, ...] = ()
    python_version: str = ""


def lock(request: LockRequest, scratch: Path) -> Lock | UvOutcome:
    """A lock, or how uv refused."""
    with tempfile.TemporaryDirectory(dir=scratch, prefix=".resolve-") as folder:
        here = Path(folder)
        _write(here / "requirements.in", request)
        constraints = [*request.options.constraints, *request.bounds]
        (here / "constraints.in").write_text("\n".join(constraints))
        arguments = [
            *("pip", "compile", "requirements.in"),
            *(("--constraints", "constraints.in") if constraints else ()),
            *("--output-file", "requirements.txt"),
            *_python_arguments(request),
            *("--generate-hashes", "--no-header"),
            *_binary_arguments(request),
        ]
        outcome = run_uv(arguments, working_dir=here)
        return parse_lock((here / "requirements.txt").read_text()) if outcome.is_ok else outcome


@dataclass(frozen=True)
class Release:
    """One release that uv chose. `is_pure` = its wheel has no compiled part."""

    version: str
    is_pure: bool


def find_release(
    request: LockRequest, specifier: str, scratch: Path, *, lowest: bool = False
) -> Release | None:
    """The highest (or lowest) release of the one package in `request` that has a wheel for its Python."""
    only = request.wanted[0].with_specifier(specifier)
    narrowed = LockRequest(request.python, (only,), request.options, python_version=request.python_version)
    with tempfile.TemporaryDirectory(dir=scratch, prefix=".resolve-") as folder:
        here = Path(folder)
        _write(here / "requirements.in", narrowed)
        arguments = [
            *("pip", "compile", "requirements.in", "--output-file", "pylock.toml", "--format", "pylock.toml"),
            *_python_arguments(request),
            *("--no-deps", "--quiet"),
            *("--resolution", "lowest" if lowest else "highest"),
            *_binary_arguments(narrowed),
        ]
        if not run_uv(arguments, working_dir=here).is_ok:
            return None
        written = (here / "pylock.toml").read_text()
    version = _PYLOCK_VERSION.search(written)
    return Release(version["version"], "-none-any.whl" in written) if version else None


def parse_lock(text: str) -> Lock:
    """The lock in uv's requirements text."""
    joined = re.sub(r"\s*\\\n\s*", " ", text)
    lines = [line for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    versions: dict[str, str] = {}
    for found in filter(None, map(_LOCKED.match, lines)):
        versions[canonicalize_name(found["name"])] = found["version"]
    return Lock(redact(text), tuple(lines), versions)


def write_private(path: Path, lines: Sequence[str]) -> None:
    """Write a file that only its owner can read: index URLs may hold credentials."""
    path.touch(mode=0o600)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write(path: Path, request: LockRequest) -> None:
    write_private(path, [*request.options.lines, *(entry.line for entry in request.wanted)])


def _python_arguments(request: LockRequest) -> list[str]:
    version = ["--python-version", request.python_version] if request.python_version else []
    return ["--python", str(request.python), *version]


def _binary_arguments(request: LockRequest) -> list[str]:
    built = [part for name in sorted(request.buildable) for part in ("--no-binary", name)]
    has_local = any(not entry.name or " @ " in entry.text for entry in request.wanted)
    # A folder or a repository is always built; uv needs its name to allow that, which is not known before.
    binary = [] if has_local else ["--only-binary", ":all:", *built]
    return [*binary, *request.options.arguments]
