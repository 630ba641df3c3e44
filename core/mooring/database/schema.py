"""Bringing a database to today's tables: at once when it is new, by Alembic when it is older."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, get_args

from sqlalchemy import Connection, insert, inspect, text

from mooring.database.errors import DatabaseUnusable, explain
from mooring.database.tables import SCHEMA_VERSION, changes
from mooring.watching import ChangeKind

if TYPE_CHECKING:
    from mooring.database.engine import Database

_LOCK_KEY = 0x6D6F6F72
"""Any number will do, as long as every Mooring that shares a server uses the same."""

_STAMP = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL CONSTRAINT alembic_version_pkc PRIMARY KEY)"


def prepare(database: Database) -> None:
    """Create or upgrade the tables; a database of today's version costs one short query.

    Raises:
        DatabaseUnusable: It is damaged, read-only, or was written by a newer Mooring.
    """
    with database.reading() as connection:
        version = _version(connection)
    if version == SCHEMA_VERSION:
        return
    if version is None and database.is_sqlite:
        _choose_journal(database)
    with database.writing() as connection:
        _lock(connection)
        version = _version(connection)  # another process may have been first
        if version is None:
            _create(connection)
        elif version != SCHEMA_VERSION:
            _upgrade(connection, version, database.place)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    # Empty after a downgrade to before the first migration.
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() or ""


def _lock(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK_KEY})")


def _create(connection: Connection) -> None:
    from mooring.database.indexes import metadata

    metadata.create_all(connection)
    connection.exec_driver_sql(_STAMP)
    connection.execute(insert(changes), [{"kind": kind, "number": 0} for kind in get_args(ChangeKind)])
    connection.execute(text("INSERT INTO alembic_version VALUES (:version)"), {"version": SCHEMA_VERSION})


def _upgrade(connection: Connection, version: str, place: str) -> None:
    from alembic.util import CommandError

    from mooring.database.migrate import upgrade

    try:
        upgrade(connection)
    except CommandError as error:
        raise DatabaseUnusable(
            place,
            f"has the tables of another Mooring ({version}; this one knows up to {SCHEMA_VERSION})",
            "Upgrade Mooring: `pip install --upgrade mooring`.",
        ) from error


def _choose_journal(database: Database, *, within_s: float = 10.0) -> None:
    """Write-ahead logging lets readers and a writer work at once; it is kept in the file from then on."""
    deadline = time.monotonic() + within_s
    while True:
        connection = database.engine.raw_connection()
        try:
            connection.cursor().execute("PRAGMA journal_mode = WAL")
        except database.engine.dialect.loaded_dbapi.OperationalError as error:
            # Two first openers refuse each other at once instead of waiting; the loser tries again.
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise explain(database.place, str(error)) from error
            time.sleep(0.01)
        else:
            return
        finally:
            connection.close()
