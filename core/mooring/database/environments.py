"""Registered environments in the database."""

from __future__ import annotations

import getpass
import hashlib
import json
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, func, insert, select

from mooring.database.tables import environments
from mooring.environments.registry import StoredEnvironment

if TYPE_CHECKING:
    from mooring.database.engine import Database


class EnvironmentTable:
    """The `EnvironmentStore` of a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, name: str, definition: dict[str, Any], *, version: str | None = None) -> StoredEnvironment:
        """Keep a definition; see `EnvironmentStore.add`."""
        digest = _digest(definition)
        with self._database.writing("environments") as connection:
            last = _find(connection, name, None)
            if version is None and last is not None and last.digest == digest:
                return _stored(last)
            taken = _find(connection, name, version) if version is not None else None
            if taken is not None:
                return _stored(taken)
            kept = StoredEnvironment(
                name=name,
                version=version or _next_version(connection, name),
                definition=definition,
                created_time=datetime.now(timezone.utc),
                created_by=_user(),
            )
            number = int(last.number) + 1 if last is not None else 1
            connection.execute(insert(environments).values(**vars(kept), number=number, digest=digest))
            return kept

    def find(self, name: str, version: str | None = None) -> StoredEnvironment | None:
        """A version, the one registered last by default."""
        with self._database.reading() as connection:
            row = _find(connection, name, version)
        return _stored(row) if row is not None else None

    def latest(self) -> list[StoredEnvironment]:
        """The version registered last of each name, by name."""
        newest = (
            select(environments.c.name, func.max(environments.c.number).label("number"))
            .group_by(environments.c.name)
            .subquery()
        )
        chosen = (environments.c.name == newest.c.name) & (environments.c.number == newest.c.number)
        with self._database.reading() as connection:
            rows = connection.execute(
                select(environments).join(newest, chosen).order_by(environments.c.name)
            ).all()
        return [_stored(row) for row in rows]

    def versions(self, name: str) -> list[StoredEnvironment]:
        """All versions of a name, oldest first."""
        asked = select(environments).where(environments.c.name == name).order_by(environments.c.number)
        with self._database.reading() as connection:
            return [_stored(row) for row in connection.execute(asked).all()]


def _find(connection: Connection, name: str, version: str | None) -> Row[Any] | None:
    asked = select(environments).where(environments.c.name == name)
    if version is not None:
        asked = asked.where(environments.c.version == version)
    return connection.execute(asked.order_by(environments.c.number.desc()).limit(1)).first()


def _next_version(connection: Connection, name: str) -> str:
    # Versions chosen by users need not be numbers; the next one is above all that are.
    taken = connection.execute(select(environments.c.version).where(environments.c.name == name)).scalars()
    return str(max((int(version) for version in taken if version.isdecimal()), default=0) + 1)


def _digest(definition: dict[str, Any]) -> str:
    canonical = json.dumps(definition, sort_keys=True, separators=(",", ":")).encode()
    return f"sha256:{hashlib.sha256(canonical).hexdigest()}"


def _stored(row: Row[Any]) -> StoredEnvironment:
    return StoredEnvironment(row.name, row.version, row.definition, row.created_time, row.created_by)


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no account for this uid, as in many containers
        return "unknown"
