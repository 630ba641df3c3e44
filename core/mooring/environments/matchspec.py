"""Conda's way to write a requirement, turned into PEP 508.

Source: conda's documentation of match specifications. `=1.2` means any 1.2 release, a third part is a build
string, a prefix up to `::` is a channel, `|` separates alternatives.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from packaging.specifiers import InvalidSpecifier, SpecifierSet

_HEAD = re.compile(r"^(?:[^\s\[=<>!~]*::?)?(?P<name>[A-Za-z0-9_][\w.\-]*)\s*(?P<rest>.*)$", re.DOTALL)
_BRACKET = re.compile(r"\[(?P<inside>[^\]]*)\]")
_KEYED = re.compile(r"version\s*=\s*(?:'(?P<q1>[^']*)'|\"(?P<q2>[^\"]*)\"|(?P<bare>[^,\s]+))")
_CLAUSE = re.compile(r"^(?P<operator>===?|=|!=|~=|<=|>=|<|>)?\s*(?P<version>.+)$")


@dataclass(frozen=True)
class CondaRequirement:
    """One conda entry.

    Attributes:
        name: Lower case, `_` as `-`.
        specifier: In PEP 440's words; empty for any version.
        is_exact: Whether every part of the version could be kept.
    """

    name: str
    specifier: str
    is_exact: bool = True


def parse_conda_requirement(entry: str) -> CondaRequirement | None:
    """The entry taken apart, or None when it has no name."""
    found = _HEAD.match(entry.partition(" #")[0].strip())
    if found is None:
        return None
    rest = found["rest"].strip()
    bracket = _BRACKET.search(rest)
    if bracket is not None:
        keyed = _KEYED.search(bracket["inside"])
        rest = (keyed["q1"] or keyed["q2"] or keyed["bare"]) if keyed else rest[: bracket.start()].strip()
    name = (
        found["name"].lower().replace("_", "-")
        if not found["name"].startswith("_")
        else found["name"].lower()
    )
    specifier, is_exact = _to_specifier(rest)
    return CondaRequirement(name, specifier, is_exact)


def _to_specifier(text: str) -> tuple[str, bool]:
    alternatives = [part.strip() for part in text.split("|")]
    clauses = [_to_clause(_without_build(part)) for part in alternatives[-1].split(",") if part.strip()]
    specifier = ",".join(clause for clause in clauses if clause)
    try:
        SpecifierSet(specifier)
    except InvalidSpecifier:
        return "", False
    return specifier, len(alternatives) == 1


def _without_build(clause: str) -> str:
    """`=1.2=py38_0` and `1.2 py38_0` lose their build string; `==1.2` and `>= 1.2` stay."""
    clause = re.sub(r"([=<>!~])\s+", r"\1", clause.strip())
    first = clause.split()[0] if clause.split() else ""
    fuzzy = re.match(r"^(={1,2}[^=]+)=[^=]+$", first)
    return fuzzy[1] if fuzzy else first


def _to_clause(clause: str) -> str:
    found = _CLAUSE.match(clause)
    if found is None or found["version"] == "*":
        return ""
    operator, version = found["operator"] or "==", found["version"]
    if version.endswith("*"):
        stem = version.rstrip("*").rstrip(".")
        return (
            f"!={stem}.*"
            if operator == "!="
            else f"=={stem}.*"
            if operator in {"=", "=="}
            else f"{operator}{stem}"
        )
    # A single `=` fixes only the parts that are written.
    return f"=={version}.*" if operator == "=" else f"{operator}{version}"
