"""Reading pip's requirements files: comments, continued lines, `-r` and `-c` to other files."""

from __future__ import annotations

import re
from pathlib import Path

from mooring.environments.failures import InvalidEnvironment

_COMMENT = re.compile(r"(^|\s+)#.*$")
_INCLUDE = re.compile(r"^(?:-r|--requirement)[=\s]*(?P<path>\S.*)$")


def read_requirement_lines(path: Path, _seen: frozenset[Path] = frozenset()) -> list[str]:
    """Requirements and options of a file, one each, with the files it includes by `-r` in their place.

    Raises:
        InvalidEnvironment: The file, or one that it includes, is missing or includes itself.
    """
    resolved = path.resolve()
    if resolved in _seen:
        raise InvalidEnvironment(subject=f"Requirements file {str(path)!r}", reason="it includes itself")
    lines: list[str] = []
    for line in _logical_lines(path):
        include = find_include(line)
        if include is None:
            lines.append(line)
        else:
            lines.extend(read_requirement_lines(path.parent / include, _seen | {resolved}))
    return lines


def find_include(line: str) -> str | None:
    """The path of an `-r` line, or None for any other line."""
    found = _INCLUDE.match(line)
    return found["path"].strip() if found else None


def _logical_lines(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InvalidEnvironment(
            subject=f"Requirements file {str(path)!r}", reason=reason, advice="Check the path."
        ) from error
    joined = re.sub(r"\\\r?\n", " ", text)
    bare = (_COMMENT.sub("", line).strip() for line in joined.splitlines())
    return [line for line in bare if line]
