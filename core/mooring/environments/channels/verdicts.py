"""Reading py-rattler's error into one cause and one remedy. Its own words stay as evidence.

The sentences matched here are those of py-rattler 0.28; what is not recognised becomes a verdict `unknown` that
shows its words.
"""

from __future__ import annotations

import re
from typing import Any

from mooring.environments.failures import InstallationFailed, ResolutionFailed
from mooring.errors import did_you_mean

_NO_CANDIDATE = re.compile(
    r"No candidates were found for (?P<name>[^\s\[]+)(?P<rest>[^\n]*?)\.?\n?$", re.MULTILINE
)
_URL = re.compile(r"(?:https?|file)://[^\s'`)]+")
_CHANNEL = re.compile(r"could not find subdir '[^']*' in channel '([^']+)'")
_FILE = re.compile(r"[\w.\-]+\.(?:tar\.bz2|conda)\b")
_IN_CHANNEL = re.compile(r"/(?:noarch|(?:linux|osx|win)-\w+)/[^/]*$")
_MOST_VERSIONS = 6

_PLAIN: dict[str, tuple[str, ...]] = {
    "disk-full": ("No space left on device", "os error 28", "Disk quota exceeded"),
    "permission": ("Permission denied", "os error 13", "Read-only file system"),
    "hash-mismatch": ("hash mismatch",),
    "credentials": ("401 Unauthorized", "403 Forbidden"),
    "channel-not-found": ("could not find subdir",),
    "url-not-found": ("404 ", "410 ", "No such file or directory"),
    "network": (
        "error sending request",
        "dns error",
        "Connection refused",
        "timed out",
        "client error (Connect)",
    ),
    "conflict": ("Cannot solve the request",),
    "invalid": ("unable to parse", "invalid channel", "invalid version", "invalid match spec"),
}


def failure_of(answer: dict[str, Any], channels: str, *, installing: bool = False) -> ResolutionFailed:
    """The error that a user sees.

    Args:
        answer: Of `rattler_child`: `error` holds its words, `known` the versions that channels have.
        channels: Their names.
        installing: Whether the choice was made before.
    """
    words, known = str(answer["error"]), dict(answer.get("known") or {})
    missing = _NO_CANDIDATE.search(words)
    if missing is not None:
        kind, cause, advice, packages = _missing(missing, known, channels)
    else:
        kind = next(
            (kind for kind, signs in _PLAIN.items() if any(sign in words for sign in signs)), "unknown"
        )
        (cause, advice), packages = _sentences(kind, words, channels), ()
    make = InstallationFailed if installing else ResolutionFailed
    return make(kind=kind, cause=cause, advice=advice, evidence=words, packages=packages)


def _missing(
    found: re.Match[str], known: dict[str, list[str]], channels: str
) -> tuple[str, str, str, tuple[str, ...]]:
    name, asked = found["name"], f"{found['name']}{found['rest']}".strip()
    versions = known.get(name, [])
    if name == "python":
        cause = (
            f"Channels {channels} have no Python {found['rest'].strip().removesuffix('.*')} for this system."
        )
        return "version-not-found", cause, "Add conda-forge to the channels, or ask for another Python.", ()
    if versions:
        some = ", ".join(versions[-_MOST_VERSIONS:])
        cause = f"Conda channels {channels} have no {asked!r} for this system; they have {some}."
        advice = (
            f"Write a version of {name} that exists, without a build string, or add the channel that has it."
        )
        return "version-not-found", cause, advice, (name,)
    cause = f"Neither PyPI nor conda channels {channels} have a package {name!r}{did_you_mean(name, list(known))}."
    advice = "Correct the name, add the channel that has it to `channels`, or remove the entry."
    return "package-not-found", cause, advice, (name,)


def _sentences(kind: str, words: str, channels: str) -> tuple[str, str]:
    named = _CHANNEL.search(words)
    place = named[1] if named else _address(words, channels)
    about = {
        "channel-not-found": (
            f"There is no conda channel at {place.rstrip('/')}.",
            "Correct the channel in the conda file.",
        ),
        "url-not-found": (
            f"The channel no longer has {_file_name(words)}.",
            "Ask for another version, which is resolved anew, or ask the channel's keeper for the file.",
        ),
        "credentials": (
            f"Conda channel {place} refused the credentials.",
            "Correct the user, password or token in the channel's address.",
        ),
        "network": (f"{place} can't be reached.", "Check network, proxy and channel, and try again."),
        "conflict": (
            f"The conda packages can't be installed together: {_reason(words)}.",
            "Loosen the version of one of them; versions in the pip list bind conda's packages, too.",
        ),
        "hash-mismatch": (
            f"Conda package {_file_name(words)} differs from the one that was locked.",
            "Do not use it before you know why; resolving anew would lock the file that is there now.",
        ),
        "disk-full": ("The disk is full.", "Free some space (mooring gc) and try again."),
        "permission": (
            "A file or folder of the environment can't be written.",
            "Make MOORING_HOME writable, or choose another one.",
        ),
        "invalid": (
            f"A conda entry can't be understood: {_first_line(words)}.",
            "Write `name=version`, and a name or a URL for each channel.",
        ),
    }
    unknown = (
        f"py-rattler failed: {_first_line(words)}.",
        "Look at the evidence; the package may be broken.",
    )
    return about.get(kind, unknown)


def _address(words: str, channels: str) -> str:
    """The channel that the words are about: what comes after it is conda's business."""
    found = _URL.search(words)
    return _IN_CHANNEL.sub("", found[0]) if found else channels


def _file_name(words: str) -> str:
    """Of the package that the words are about."""
    found = _FILE.search(words)
    return found[0] if found else "file"


def _reason(words: str) -> str:
    """The tree of reasons as one line."""
    lines = [re.sub(r"^[\s│├└─]+", "", line).strip() for line in words.splitlines()[1:]]
    return "; ".join(line.removesuffix(":") for line in lines if line) or _first_line(words)


def _first_line(words: str) -> str:
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    return (lines or ["no reason given"])[0].rstrip(".")
