"""Makes people's JSON readable by a YAML parser without moving one character.

YAML 1.1 takes JSON, trailing commas included, but not tabs between tokens nor `//` and `/* */` comments. Those
become blanks of the same length, so that every position found afterwards is a position in the file.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Literal

SlipKind = Literal["comment", "trailing-comma"]

# Each alternative says where it ends, so that looking ahead past one can't take less or more than the whole of it.
_COMMENT = r"//[^\r\n]*(?![^\r\n])|/\*(?:(?!\*/).)*(?:\*/|\Z)"
_HASH = r"\#[^\r\n]*(?![^\r\n])"
# Quotes and slashes open something only after white space or punctuation: `http://host` and `it's` are plain words.
_TOKEN = re.compile(
    rf"""
      (?P<string>(?<![^\s,{{}}\[\]:])(?:"(?:\\.|[^"\\])*"?|'[^']*'?))
    | (?P<comment>(?<![^\s,{{}}\[\]"'])(?:{_COMMENT}))
    | (?P<hash>(?<!\S){_HASH})
    | (?P<tab>\t)
    | (?P<comma>,(?=(?:\s|{_COMMENT}|{_HASH})*[}}\]]))
    """,
    re.VERBOSE | re.DOTALL,
)
_OPENING = re.compile(rf"(?:\s|{_COMMENT}|{_HASH})*[{{\[]", re.DOTALL)
_VISIBLE = re.compile(r"[^\r\n]")


@dataclass(frozen=True)
class Slip:
    """Something that JSON does not allow and people write: offsets into the text, in code points."""

    kind: SlipKind
    start: int
    end: int


def is_json_like(text: str) -> bool:
    """True when the first thing in the text, comments aside, is a brace or a bracket."""
    return _OPENING.match(text) is not None


def relax_json(text: str) -> tuple[str, list[Slip]]:
    """The text with tabs and comments blanked, as long as before, and what was tolerated on the way."""
    slips: list[Slip] = []

    def blank(match: re.Match[str]) -> str:
        kind = match.lastgroup
        if kind == "comment":
            slips.append(Slip("comment", match.start(), match.end()))
            return _VISIBLE.sub(" ", match.group())
        if kind == "comma":
            slips.append(Slip("trailing-comma", match.start(), match.end()))
        return " " if kind == "tab" else match.group()

    return _TOKEN.sub(blank, text), slips


def find_missing_comma(relaxed: str, slips: list[Slip]) -> int | None:
    """Where a comma is missing: a YAML parser reads on over the line end and stumbles only later."""
    for slip in slips:
        if slip.kind == "trailing-comma":
            relaxed = f"{relaxed[: slip.start]} {relaxed[slip.end :]}"
    try:
        json.loads(relaxed, strict=False)
    except json.JSONDecodeError as error:
        return (
            error.pos
            if error.msg.startswith("Expecting ',' delimiter") and error.pos < len(relaxed)
            else None
        )
    except (ValueError, RecursionError):
        return None
    return None
