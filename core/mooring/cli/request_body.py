"""The body of a request as `-d` gives it."""

from __future__ import annotations

import sys
from pathlib import Path

from mooring.cli.mistakes import UsageMistake


def read_body(given: str) -> bytes:
    """The text itself, the file after `@`, or stdin for `-`; never decoded, so that any bytes may be sent.

    Raises:
        UsageMistake: The file can't be read.
    """
    if given == "-":
        return sys.stdin.buffer.read()
    if given.startswith("@"):
        try:
            return Path(given[1:]).read_bytes()
        except OSError as error:
            raise UsageMistake(
                f"{given[1:]} can't be read: {error.strerror}.", "Name a file after the @."
            ) from error
    return given.encode()
