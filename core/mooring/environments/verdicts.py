"""Reading uv's error into one cause and one remedy. uv's own words stay as evidence.

The sentences matched here are those of uv 0.5 to 0.13; what is not recognised becomes a verdict `unknown` that
shows uv's words, so a change of wording loses precision, not truth.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from packaging.utils import canonicalize_name

from mooring.environments.failures import InstallationFailed, ResolutionFailed
from mooring.environments.known_packages import suggest_package

_NAME = r"[A-Za-z0-9][\w.\-]*"
_NOT_FOUND = re.compile(
    rf"({_NAME})(?:\[[^\]]*\])? was not found in the (?:package registry|provided package locations)"
)
_NO_VERSION = re.compile(rf"there (?:is|are) no versions? of ({_NAME})")
_NO_WHEEL = re.compile(rf"(?:all versions of )?({_NAME})\S* (?:\([^)]*\) )?has no (?:usable )?wheels")
_ALL_NO_WHEEL = re.compile(rf"all versions of ({_NAME}) have no (?:usable )?wheels")
_WHEEL_HINT = re.compile(r"Wheels are (?:required|not available) for `([^`]+)`")
_ONLY = re.compile(rf"only (?:the following versions of )?({_NAME})\S* (?:is|are) available")
_PYTHON = re.compile(
    rf"(?:requested|current) Python version \(([\d.]+)\) does not satisfy Python\S+ and ({_NAME})\S* depends on"
)
_BUILD = re.compile(rf"Failed to (?:build|download and build|prepare|resolve|parse|read)[^`\n]*`({_NAME})")
_HASH = re.compile(rf"Hash mismatch for `({_NAME})")
_URL = re.compile(r"https?://[^\s)`]+")
_MENTION = re.compile(rf"\b({_NAME}?)(?:\[[^\]]*\])?(?:\{{[^}}]*\}})?(?:[=<>!~]=?|===)[\d.]")
_DEPENDS = re.compile(rf"\bdepends on ({_NAME})")
_REQUIRE = re.compile(rf"you require ({_NAME})")


@dataclass(frozen=True)
class Verdict:
    """Why uv refused.

    Attributes:
        kind: As in `ResolutionFailed`.
        packages: Normalised names that it is about, most to blame first.
        words: uv's own words.
    """

    kind: str
    packages: tuple[str, ...]
    words: str


def judge(words: str) -> Verdict:
    """The reason in uv's words."""
    flat = " ".join(words.split())
    for kind, signs in _PLAIN.items():
        if any(sign in flat for sign in signs):
            return Verdict(kind, (), words)
    for kind, pattern in _ABOUT_PACKAGES:
        names = tuple(dict.fromkeys(canonicalize_name(name) for name in pattern.findall(flat)))
        if names:
            return Verdict(kind, names, words)
    python = _PYTHON.search(flat)
    if python is not None:
        return Verdict("python-conflict", (canonicalize_name(python[2]),), words)
    if "No solution found" in flat:
        only = tuple(canonicalize_name(name) for name in _ONLY.findall(flat))
        return Verdict("conflict", _mentioned(flat) or only, words)
    return Verdict("unknown", (), words)


_PLAIN: dict[str, tuple[str, ...]] = {
    "url-not-found": ("404 Not Found",),
    "disk-full": ("No space left on device", "os error 28", "Disk quota exceeded"),
    "permission": ("Permission denied", "os error 13", "Read-only file system"),
    "credentials": ("401 Unauthorized", "403 Forbidden"),
    "network": (
        "error sending request",
        "dns error",
        "Connection refused",
        "operation timed out",
        "Failed to fetch",
        "Could not connect",
    ),
    "offline": ("the network was disabled", "network connectivity is disabled"),
}
_ABOUT_PACKAGES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("hash-mismatch", _HASH),
    ("package-not-found", _NOT_FOUND),
    ("build-failed", _BUILD),
    ("no-wheel", _ALL_NO_WHEEL),
    ("no-wheel", _WHEEL_HINT),
    ("no-wheel", _NO_WHEEL),
    ("version-not-found", _NO_VERSION),
)


def failure_of(verdict: Verdict, python: str, *, installing: bool = False) -> ResolutionFailed:
    """The error that a user sees for a verdict."""
    cause, advice = _sentences(verdict, python)
    make = InstallationFailed if installing else ResolutionFailed
    return make(
        kind=verdict.kind, cause=cause, advice=advice, evidence=verdict.words, packages=verdict.packages
    )


def _sentences(verdict: Verdict, python: str) -> tuple[str, str]:
    first = verdict.packages[0] if verdict.packages else ""
    if verdict.kind == "package-not-found":
        hint = suggest_package(first)
        return (
            f"The package index has no package {first!r}{hint}.",
            "Correct the name, or name the index that has it with --extra-index-url.",
        )
    if verdict.kind == "network":
        return (
            f"{_address(verdict.words)} can't be reached.",
            "Check network, proxy and index URL, and try again.",
        )
    if verdict.kind == "url-not-found":
        return f"There is nothing at {_address(verdict.words)}.", "Correct the URL."
    if verdict.kind == "conflict":
        return _conflict(verdict)
    about = {
        "version-not-found": (
            f"The package index has no such version of {first!r}.",
            "Write a version that exists, or leave it out.",
        ),
        "no-wheel": (
            f"No version of {first!r} that is allowed has a ready wheel for Python {python} on this system.",
            "Allow another version of it, or ask for another Python.",
        ),
        "python-conflict": (
            f"The version of {first!r} that is asked for does not run on Python {python}.",
            "Ask for another version of it, or for another Python.",
        ),
        "build-failed": (
            f"{first!r} has no ready wheel for Python {python} on this system, and building it failed.",
            "Ask for a version with a wheel, or install what its build needs and use a user-managed Python.",
        ),
        "hash-mismatch": (
            f"The file of {first!r} that was downloaded differs from the one that was locked.",
            "Do not use it before you know why; resolving anew would lock the file that is there now.",
        ),
        "offline": (
            "The network is switched off for uv, and not all packages are in its cache.",
            "Unset UV_OFFLINE, or resolve once while connected.",
        ),
        "credentials": (
            "The package index refused the credentials.",
            "Correct the user and password of the index URL.",
        ),
        "disk-full": ("The disk is full.", "Free some space (mooring gc, uv cache clean) and try again."),
        "permission": (
            "A file or folder of the environment can't be written.",
            "Make MOORING_HOME writable, or choose another one.",
        ),
    }
    return about.get(
        verdict.kind,
        (f"uv failed: {_first_line(verdict.words)}", "Run the command again with -v for all of uv's words."),
    )


def _conflict(verdict: Verdict) -> tuple[str, str]:
    flat = re.sub(r"\{[^}]*\}", "", " ".join(verdict.words.split()))
    names = verdict.packages
    loosen = f"Loosen the version of {names[0] if names else 'one of them'}, or of what it conflicts with."
    own = re.search(rf"you require ({_NAME})(\S*) and \1(\S*?),? ", flat)
    if own is not None:
        return f"The requirements contradict each other: {own[1]}{own[2]} and {own[1]}{own[3]}.", loosen
    between = " and ".join(repr(name) for name in names[:2]) or "The requirements"
    return f"{between} can't be installed together{_reason_of_conflict(flat)}.", loosen


def _reason_of_conflict(flat: str) -> str:
    """`: a==1 depends on b>=2, but b==1 is required`, where uv says so."""
    for needs, other, bound in re.findall(rf"(\S+) depends on ({_NAME})(\S*?)[,.]? ", f"{flat} "):
        required = re.search(rf"you require {re.escape(other)}([^\s,]+)", flat)
        if required is not None and required[1] != bound:
            return f": {needs} depends on {other}{bound}, but {other}{required[1]} is required"
    return ""


def _mentioned(flat: str) -> tuple[str, ...]:
    """Packages of a conflict: those required directly come first."""
    required = _REQUIRE.findall(flat)
    others = [*_MENTION.findall(flat), *_DEPENDS.findall(flat)]
    names = [canonicalize_name(name) for name in [*required, *others] if name]
    return tuple(name for name in dict.fromkeys(names) if name not in {"python", "your"})


def _address(words: str) -> str:
    found = _URL.search(words)
    return found[0] if found else "The package index"


def _first_line(words: str) -> str:
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("error:")]
    return (errors or lines or ["no reason given"])[0].removeprefix("error: ").rstrip(".") + "."
