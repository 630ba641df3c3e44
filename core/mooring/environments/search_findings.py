"""What a resolution says about each thing that is not as written."""

from __future__ import annotations

from mooring.environments.bounds import Bound
from mooring.environments.specification import Wanted
from mooring.findings import Finding


def substitution(entry: Wanted, version: str, minor: str, *, gave_way: bool) -> Finding:
    """A pin that was replaced: it had no wheel, or it `gave_way` to the other packages."""
    written = entry.written or entry.text
    why = (
        f"does not go with the other packages on Python {minor}"
        if gave_way
        else f"can't be had for Python {minor}"
    )
    return Finding(
        "pin-substituted",
        "warning",
        f"{written!r} {why} on this system; {entry.name} {version} takes its place.",
        f"Check that the model works with it, then write {entry.name}=={version}.",
        data={"package": entry.name, "asked": written, "used": version},
    )


def holding(bound: Bound, version: str) -> Finding:
    """A dependency held below what it declares to allow."""
    return Finding(
        "dependency-held-back",
        "information",
        f"{bound.other!r} is held at {version} because {bound.package}{bound.releases} does not work with later ones:"
        f" {bound.why}.",
        f"Pin {bound.other} to choose its version yourself.",
        data={"package": bound.other, "used": version},
    )


def built(name: str, version: str) -> Finding:
    """A package without a wheel."""
    return Finding(
        "built-from-source",
        "information",
        f"{name!r} {version} has no wheel and is built from source.",
        "Nothing to do while the build works.",
        data={"package": name, "used": version},
    )


def left_out(name: str) -> Finding:
    """A package that only the scoring server wanted."""
    return Finding(
        "scoring-package-left-out",
        "information",
        f"{name!r}, which speeds up the scoring server, does not go with the other packages and is left out.",
        "Nothing to do: the server has a slower way.",
        data={"package": name},
    )
