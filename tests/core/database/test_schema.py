"""The two ways to a database of today, made at once or by migrations, must end at the same tables."""

import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, inspect
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from mooring.database import DatabaseUnusable, open_database
from mooring.database.engine import Database, _engine
from mooring.database.indexes import metadata
from mooring.database.migrate import upgrade
from mooring.database.model_queries import _conditions, _statement
from mooring.database.tables import SCHEMA_VERSION
from mooring.registry import ModelQuery


def _url(path):
    return f"sqlite:///{path}"


def _described(path):
    """Every table and index as SQLite itself describes it, free of how the statement was spelled."""
    connection = sqlite3.connect(path)
    try:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        indexes = connection.execute("SELECT name, sql FROM sqlite_master WHERE type='index'").fetchall()
        return {
            "columns": {
                name: connection.execute(f"PRAGMA table_info('{name}')").fetchall() for name in names
            },
            "keys": {
                name: sorted(connection.execute(f"PRAGMA foreign_key_list('{name}')").fetchall())
                for name in names
            },
            "rowid": {name: connection.execute(f"PRAGMA table_list('{name}')").fetchall() for name in names},
            "indexes": sorted((name, (sql or "").replace('"', "")) for name, sql in indexes),
        }
    finally:
        connection.close()


def test_migrations_lead_to_the_same_tables_as_a_fresh_database(tmp_path):
    open_database(_url(tmp_path / "fresh.db")).close()
    migrated = Database(_engine(_url(tmp_path / "migrated.db"), create=True))
    with migrated.writing() as connection:
        upgrade(connection)
    migrated.close()

    assert _described(tmp_path / "migrated.db") == _described(tmp_path / "fresh.db")


def _described_by_server(url):
    engine = create_engine(url)
    try:
        seen = inspect(engine)
        return {
            name: {
                "columns": [
                    repr(column | {"type": str(column["type"])}) for column in seen.get_columns(name)
                ],
                "indexes": sorted(map(repr, seen.get_indexes(name))),
                "keys": [seen.get_pk_constraint(name), seen.get_foreign_keys(name)],
                "unique": sorted(map(repr, seen.get_unique_constraints(name))),
            }
            for name in seen.get_table_names()
        }
    finally:
        engine.dispose()


def test_migrations_lead_to_the_same_tables_on_a_server(postgresql_url):
    open_database(postgresql_url).close()
    fresh = _described_by_server(postgresql_url)
    engine = create_engine(postgresql_url)
    with engine.begin() as connection:
        metadata.drop_all(connection)
        connection.exec_driver_sql("DROP TABLE alembic_version")
        upgrade(connection)
    engine.dispose()

    assert _described_by_server(postgresql_url) == fresh


def test_every_table_can_be_made_on_postgresql():
    dialect = postgresql.dialect()
    for table in metadata.sorted_tables:
        assert (
            str(CreateTable(table).compile(dialect=dialect)).strip().startswith(f"CREATE TABLE {table.name}")
        )
        for index in table.indexes:
            assert index.name in str(CreateIndex(index).compile(dialect=dialect))


def test_the_list_of_models_can_be_asked_of_postgresql():
    query = ModelQuery(
        name="m",
        tags=(("a", None),),
        properties=(("p", "1"),),
        framework="Onnx",
        run_id="r",
        latest=True,
        limit=5,
    )
    for leading in (conditions := _conditions(query)):
        others = [condition for condition in conditions if condition is not leading]

        text = str(_statement(leading, others, below=7, limit=5).compile(dialect=postgresql.dialect()))

        assert "is_latest IS true" in text
        assert text.count("EXISTS") >= 2


def test_the_newest_migration_is_the_version_that_a_fresh_database_gets(tmp_path):
    database = Database(_engine(_url(tmp_path / "a.db"), create=True))
    with database.writing() as connection:
        upgrade(connection)
        stamped = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    database.close()

    assert stamped == SCHEMA_VERSION


def test_an_unprepared_database_is_upgraded_when_opened(tmp_path):
    path = tmp_path / "old.db"
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    connection.commit()
    connection.close()

    database = open_database(_url(path))
    tables = inspect(database.engine).get_table_names()
    database.close()

    assert "model_versions" in tables


def test_a_database_of_a_newer_mooring_is_refused(tmp_path):
    path = tmp_path / "new.db"
    open_database(_url(path)).close()
    connection = sqlite3.connect(path)
    connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.commit()
    connection.close()

    with pytest.raises(DatabaseUnusable, match="another Mooring"):
        open_database(_url(path))


def test_opening_a_current_database_does_not_load_alembic(tmp_path):
    open_database(_url(tmp_path / "a.db")).close()
    script = (
        "import sys; from mooring.database import open_database;"
        f"open_database({_url(tmp_path / 'a.db')!r}).close();"
        "open_database(sys.argv[1]).close(); print([m for m in sys.modules if m.startswith('alembic')])"
    )

    answer = subprocess.run(
        [sys.executable, "-c", script, _url(tmp_path / "fresh.db")],
        capture_output=True,
        text=True,
        check=True,
    )

    assert answer.stdout.strip() == "[]"


def test_many_processes_can_open_a_fresh_database_at_once(tmp_path):
    script = "import sys; from mooring.database import open_database; open_database(sys.argv[1]).close()"
    url = _url(tmp_path / "shared.db")
    with ThreadPoolExecutor(6) as pool:
        answers = list(
            pool.map(
                lambda _: subprocess.run(
                    [sys.executable, "-c", script, url], capture_output=True, text=True, check=False
                ),
                range(6),
            )
        )

    assert [(answer.returncode, answer.stderr) for answer in answers] == [(0, "")] * 6
