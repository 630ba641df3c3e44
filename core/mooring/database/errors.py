"""What can be wrong with the database, said without SQLAlchemy's own words."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from mooring.errors import MooringError


@dataclass(eq=False)
class DatabaseUnusable(MooringError):
    """The database can't be opened, read or written.

    Attributes:
        place: File, or URL without its password.
        reason: What is wrong, as a clause.
        way_out: One imperative sentence.
    """

    code = "database-unusable"
    place: str
    reason: str
    way_out: str

    @property
    def problem(self) -> str:
        """Where, and what is wrong."""
        return f"The database {self.place} {self.reason}."

    @property
    def remedy(self) -> str:
        """The way out."""
        return self.way_out


_RULES = (
    (
        ("file is not a database", "malformed", "file is encrypted"),
        "is damaged, or is no SQLite file",
        "Restore it from a backup, or move it away to begin an empty one; the models' files are not lost with it.",
    ),
    (
        ("readonly database", "read-only", "permission denied"),
        "is read-only for this user",
        "Make the file and its folder writable, or choose another place with MOORING_HOME.",
    ),
    (
        ("unable to open database file",),
        "can't be opened",
        "Check that its folder exists and may be written, or choose another place with MOORING_HOME.",
    ),
    (
        ("database or disk is full", "no space left"),
        "can't be used: the disk is full",
        "Free a little space on that disk and run the command again; `mooring gc` then finds more.",
    ),
    (
        ("database is locked", "database table is locked", "lock timeout"),
        "is being written by another process for too long",
        "Wait for the other command to end, then run this one again.",
    ),
    (
        ("locking protocol", "disk i/o error"),
        "lies on a disk that can't lock or keep it, as network folders often can't",
        "Choose a local folder with MOORING_HOME, or a PostgreSQL server with MOORING_DATABASE_URL.",
    ),
    (
        ("could not connect", "connection refused", "connection failed", "could not translate host name"),
        "can't be reached",
        "Check that the server runs and that MOORING_DATABASE_URL names it.",
    ),
    (
        ("password authentication failed", "authentication"),
        "refused the user or password",
        "Correct the user and password in MOORING_DATABASE_URL.",
    ),
)


# What SQLite says when it can't make the files beside the database, whatever the cause.
_SIGNS_OF_ANY_DISK = ("disk i/o error", "unable to open database file")
_ROOM_NEEDED = 65536  # the smallest such file has 32 KiB


def explain(place: str, message: str) -> DatabaseUnusable:
    """The error for what the database's driver said."""
    said = message.lower()
    if any(sign in said for sign in _SIGNS_OF_ANY_DISK) and _is_full(place):
        said = "no space left"
    for signs, reason, way_out in _RULES:
        if any(sign in said for sign in signs):
            return DatabaseUnusable(place, reason, way_out)
    first_line = message.strip().splitlines()[0] if message.strip() else "no reason given"
    return DatabaseUnusable(place, f"failed: {first_line}", "Run the command again; report it if it stays.")


def _is_full(place: str) -> bool:
    """Whether the database's disk has no room for the files SQLite needs beside it."""
    try:
        return shutil.disk_usage(Path(place).parent).free < _ROOM_NEEDED
    except (OSError, ValueError):  # no file of this machine
        return False
