"""The database itself: opening it, and the two kinds of transaction that every store is written with.

    with database.reading() as connection:      # one consistent view, never waits for writers
        ...
    with database.writing("models") as connection:  # alone until it ends; commits, or undoes everything
        ...

A store is a small class around `Database` in a file of its own, handed out as a property of `Database`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Generator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, select, update
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError

from mooring.database.errors import DatabaseUnusable, explain
from mooring.database.tables import changes

if TYPE_CHECKING:
    from mooring.deployments.store import ServiceStore
    from mooring.environments import EnvironmentStore
    from mooring.packaging.records import ImageStore
    from mooring.registry import ModelStore
    from mooring.watching import ChangeKind

BUSY_TIMEOUT_S = 60.0
"""How long a writer waits for the one before it. Fifty processes at once need about a second."""

_BEGIN = "mooring_begin"


class Database:
    """One open database. Safe to share between threads; open it anew in another process."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @property
    def place(self) -> str:
        """File, or URL without its password; for messages."""
        url = self.engine.url
        return str(url.database) if self.is_sqlite else url.render_as_string(hide_password=True)

    @property
    def is_sqlite(self) -> bool:
        """Whether this is a file rather than a server."""
        return self.engine.dialect.name == "sqlite"

    @cached_property
    def models(self) -> ModelStore:
        """Models, their versions and who uses them."""
        from mooring.database.models import ModelTable

        return ModelTable(self)

    @cached_property
    def environments(self) -> EnvironmentStore:
        """Registered environments."""
        from mooring.database.environments import EnvironmentTable

        return EnvironmentTable(self)

    @cached_property
    def services(self) -> ServiceStore:
        """Services, their revisions and their history."""
        from mooring.database.services import ServiceTable

        return ServiceTable(self)

    @cached_property
    def images(self) -> ImageStore:
        """Registered images."""
        from mooring.database.images import ImageTable

        return ImageTable(self)

    @contextmanager
    def reading(self) -> Generator[Connection]:
        """A transaction that sees one moment of the database and holds nobody up.

        Raises:
            DatabaseUnusable: The database failed.
        """
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def writing(self, kind: ChangeKind | None = None) -> Generator[Connection]:
        """A transaction that commits at the end of the block and undoes everything when the block raises.

        With a `kind`, its change number rises by one; at the very end, so that two writers on a server wait for each
        other no longer than a commit takes.

        On SQLite it is the only writer from its first moment, so what it reads stays true until it commits. On a
        server, lock the rows you build on with `select(...).with_for_update()`.

        Raises:
            DatabaseUnusable: The database failed, or another writer held it for `BUSY_TIMEOUT_S`.
        """
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection
            if kind is not None:
                raised = {"number": changes.c.number + 1}
                connection.execute(update(changes).where(changes.c.kind == kind).values(raised))

    def change_numbers(self) -> dict[str, int]:
        """The number of each `ChangeKind`; equal numbers mean that nothing was written. One short query."""
        with self.reading() as connection:
            return {row.kind: row.number for row in connection.execute(select(changes))}

    @contextmanager
    def _transaction(self, begin: str) -> Generator[Connection]:
        try:
            with self.engine.connect() as connection:
                connection = connection.execution_options(**{_BEGIN: begin})  # noqa: PLW2901
                with connection.begin():
                    yield connection
        except DBAPIError as error:
            raise explain(self.place, str(error.orig)) from error
        except sqlite3.Error as error:  # from `_set_up_connection`, where SQLAlchemy does not wrap
            raise explain(self.place, str(error)) from error

    def close(self) -> None:
        """Let go of the file or the server's connections."""
        self.engine.dispose()


def open_database(url: str, *, create: bool = True) -> Database:
    """The database at `url`, with today's tables.

    Args:
        url: A SQLAlchemy URL such as `sqlite:////home/me/.mooring/…/registry.db` or `postgresql+psycopg://host/db`.
        create: Whether a missing SQLite file, and its folder, may be made.

    Raises:
        DatabaseUnusable: It can't be opened, is damaged, read-only, or newer than this Mooring.
    """
    from mooring.database.schema import prepare

    engine = _engine(url, create=create)
    database = Database(engine)
    try:
        prepare(database)
    except BaseException:
        database.close()
        raise
    return database


def _engine(url: str, *, create: bool) -> Engine:
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            _make_folder(parsed, create=create)
            return _sqlite_engine(parsed)
        return create_engine(parsed, pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise DatabaseUnusable(
            _without_password(url),
            f"can't be understood: {str(error).splitlines()[0]}",
            "Write MOORING_DATABASE_URL like `sqlite:////path/to/file.db`, or like "
            "`postgresql+psycopg://user@host/name` with its driver installed (`pip install psycopg[binary]`).",
        ) from error


def _without_password(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rpartition('@')[2]}" if rest else repr(url)


def _make_folder(url: URL, *, create: bool) -> None:
    if not url.database or url.database == ":memory:":
        raise DatabaseUnusable("in memory", "can't be shared", "Name a file: `sqlite:////path/to/file.db`.")
    path = Path(url.database)
    if path.exists() or url.database.startswith(
        "file:"
    ):  # SQLite's own kind of address says itself what may be made
        return
    if not create:
        raise DatabaseUnusable(str(path), "does not exist", "Create the workspace first.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise explain(str(path), str(error)) from error


def _sqlite_engine(url: URL) -> Engine:
    engine = create_engine(url, connect_args={} if "timeout" in url.query else {"timeout": BUSY_TIMEOUT_S})
    event.listen(engine, "connect", _set_up_connection)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up_connection(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver's own BEGIN comes too late to keep two writers apart; `_begin` says when instead.
    connection.isolation_level = None
    connection.execute("PRAGMA foreign_keys = ON")
    # FULL: what was said to be committed outlives a power cut too.
    connection.execute("PRAGMA synchronous = FULL")


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))
