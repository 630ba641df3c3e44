"""Say once what an old call can't mean here; never twice, never as an exception."""

from __future__ import annotations

import logging

_log = logging.getLogger("mooring")
_said: set[str] = set()


def notice(topic: str, text: str) -> None:
    """Log one warning a process for each topic."""
    if topic not in _said:
        _said.add(topic)
        _log.warning(text)


def ignored(call: str, **arguments: object) -> None:
    """Say that some of a call's arguments mean nothing on one's own machines; quiet when none was given."""
    given = sorted(name for name, value in arguments.items() if value)
    if given:
        notice(f"{call}:{','.join(given)}", f"{call}: {', '.join(given)} has no meaning here and is ignored.")
