"""Telling a file that was not touched since it was checked from one that may have been.

A file is sealed by setting its time of modification to a fixed moment in the past once its content is known to be
right. Whatever writes to it later, also through a hard link elsewhere, moves that time, and its content is read and
checked again before anybody gets it. What a seal can't see is a disk that changes bits by itself, and somebody who
sets the time back on purpose.
"""

from __future__ import annotations

import os
from pathlib import Path

SEALED_AT_NS = 946_684_800 * 1_000_000_000
"""2000-01-01: in the past of every registration, and representable in every file system and archive."""


def seal(target: int | Path) -> None:
    """Say that the content is right, and that nobody should write it."""
    os.utime(target, ns=(SEALED_AT_NS, SEALED_AT_NS))
    os.chmod(target, 0o444)  # noqa: PTH101 (a descriptor has no Path)


def is_sealed(status: os.stat_result) -> bool:
    """Whether nobody wrote since `seal`."""
    return status.st_mtime_ns == SEALED_AT_NS
