"""Which Python a service gets: the one asked for, the one the model was made with, or the nearest that works."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from mooring.environments.ring import DEFAULT_PYTHON, NEWEST_PYTHON, OLDEST_PYTHON, SUPPORTED_PYTHONS
from mooring.findings import Finding

_MOST_PATCHES = 40


@dataclass(frozen=True)
class PythonChoice:
    """The version (`3.8`), how it came about, and whether the specification asked for it."""

    minor: str
    findings: tuple[Finding, ...] = ()
    is_asked_for: bool = False
    is_substituted: bool = False


def choose_python(specifier: str, hint: str | None) -> PythonChoice:
    """The Python for a specification.

    Args:
        specifier: In PEP 440's words, empty when the specification says nothing.
        hint: Version the model was registered with.
    """
    usual = _usual(hint)
    if not specifier:
        return PythonChoice(usual)
    allowed = SpecifierSet(specifier)
    fitting = [minor for minor in SUPPORTED_PYTHONS if _allows(allowed, minor)]
    if fitting:
        chosen = usual if usual in fitting else fitting[-1]
        return PythonChoice(chosen, _patch_finding(specifier, chosen), is_asked_for=True)
    return _nearest(specifier, usual)


def fall_back(choice: PythonChoice) -> PythonChoice | None:
    """What to take when a Python that only the model suggests can't be had; None when there is nothing else."""
    usual = _usual(None)
    if choice.is_asked_for or choice.minor == usual:
        return None
    finding = Finding(
        "python-substituted",
        "warning",
        f"Python {choice.minor}, which the model was registered with, can't be had; Python {usual} takes its place.",
        f"Install Python {choice.minor}, or check that the model works with {usual} and write python={usual}.",
        data={"asked": choice.minor, "used": usual},
    )
    return PythonChoice(usual, (finding,), is_substituted=True)


def _usual(hint: str | None) -> str:
    if hint:
        minor = ".".join(hint.split(".")[:2])
        if minor in SUPPORTED_PYTHONS:
            return minor
    running = "{}.{}".format(*sys.version_info[:2])
    return running if running in SUPPORTED_PYTHONS else DEFAULT_PYTHON


def _allows(allowed: SpecifierSet, minor: str) -> bool:
    return any(allowed.contains(f"{minor}.{patch}") for patch in range(_MOST_PATCHES))


def _nearest(specifier: str, usual: str) -> PythonChoice:
    versions = [Version(text) for text in re.findall(r"\d+(?:\.\d+)*", specifier)]
    asked = max(versions, default=Version(usual))
    if asked.release[:2] < OLDEST_PYTHON:
        chosen = SUPPORTED_PYTHONS[0]
    elif asked.release[:2] > NEWEST_PYTHON:
        chosen = SUPPORTED_PYTHONS[-1]
    else:
        chosen = usual
    finding = Finding(
        "python-substituted",
        "warning",
        f"Python {_plain(specifier)} can't run the scoring server; Python {chosen} takes its place.",
        f"Check that score.py works with it, then write python={chosen}.",
        data={"asked": _plain(specifier), "used": chosen},
    )
    return PythonChoice(chosen, (finding,), is_asked_for=True, is_substituted=True)


def _patch_finding(specifier: str, chosen: str) -> tuple[Finding, ...]:
    exact = re.fullmatch(r"==(\d+\.\d+\.\d+)(?:\.\*)?", specifier)
    if exact is None:
        return ()
    return (
        Finding(
            "python-patch-open",
            "information",
            f"Python {exact[1]} is asked for; any bug-fix release of Python {chosen} is taken.",
            f"Write python={chosen}.",
        ),
    )


def _plain(specifier: str) -> str:
    exact = re.fullmatch(r"==([\d.]+?)(?:\.\*)?", specifier)
    return exact[1] if exact else specifier
