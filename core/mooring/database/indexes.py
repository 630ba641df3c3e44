"""The indexes that lists of models walk, each yielding newest first. Importing this module adds them to the tables.

They stand apart because only who creates tables needs them: to mention PostgreSQL in one makes SQLAlchemy load all it
has for that server, which takes longer than any query.
"""

from __future__ import annotations

from sqlalchemy import Index, Table

from mooring.database.tables import metadata, model_properties, model_tags, model_versions

__all__ = ["metadata"]


def _over_newest(name: str, table: Table, *columns: str) -> None:
    newest = table.c.is_latest.is_(True)  # worded as in the queries, or SQLite won't use it
    chosen = [table.c[column] for column in columns]
    Index(f"ix_{name}_latest", *chosen, sqlite_where=newest, postgresql_where=newest)


def _twice(name: str, table: Table, *columns: str) -> None:
    """Over all versions, and a far smaller one over the newest of each name, which is what most lists ask for."""
    Index(f"ix_{name}", *(table.c[column] for column in columns))
    _over_newest(name, table, *columns)


_over_newest("model_versions", model_versions, "id")
_twice("model_versions_framework", model_versions, "framework", "id")
_twice("model_versions_run_id", model_versions, "run_id", "id")
for _labels in (model_tags, model_properties):
    _twice(f"{_labels.name}_pair", _labels, "key", "value", "version_id")
    _twice(f"{_labels.name}_key", _labels, "key", "version_id")
