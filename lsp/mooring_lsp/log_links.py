"""Where a log line names a place in a file of this machine: `File "…/score.py", line 9`, `score.py:9`."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from mooring_lsp.convert import width_of

_PLACE = re.compile(
    r"""File "(?P<quoted>[^"]+)", line (?P<line>\d+)|(?P<plain>[^\s"'():,]+\.py):(?P<number>\d+)"""
)


def links_in(text: str, original: Callable[[str], str]) -> list[dict[str, Any]]:
    """Every place that a line names and that is there; columns in UTF-16, lines from 1.

    Args:
        text: The line.
        original: Gives the user's own file for a path of the copy that runs.
    """
    found: list[dict[str, Any]] = []
    for match in _PLACE.finditer(text):
        path = original(match["quoted"] or match["plain"])
        uri = _uri_of(path)
        if uri is not None:
            start, end = width_of(text[: match.start()]), width_of(text[: match.end()])
            line = int(match["line"] or match["number"])
            found.append({"start": start, "end": end, "uri": uri, "line": line})
    return found


@lru_cache(maxsize=512)
def _uri_of(path: str) -> str | None:
    file = Path(path)
    try:
        return file.as_uri() if file.is_absolute() and file.is_file() else None
    except (OSError, ValueError):
        return None
