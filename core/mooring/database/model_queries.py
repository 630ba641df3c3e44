"""The one query behind every list of models, built so that its time follows the answer, not the table.

Each condition can walk an index of its own, newest first. The condition with the fewest rows leads; the others
are looked up for each row that it yields, and the walk stops at the limit. SQLite keeps no statistics that would
let it choose so by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Integer,
    Select,
    and_,
    exists,
    func,
    literal_column,
    select,
)

from mooring.database.tables import model_properties, model_tags, model_versions
from mooring.registry import ModelNotFound, ModelQuery
from mooring.registry.names import parse_id

_V = model_versions.c

_PROBED_ROWS = 2000
"""Conditions are compared by counting up to here; beyond it both are long walks."""

_NO_LIMIT = 2**31 - 1
"""A limit keeps the leading condition in a subquery of its own, where the planner can't reorder it."""


@dataclass(frozen=True)
class _Condition:
    """A part of the query that an index of `table` answers.

    Attributes:
        holds: About a row of `table`.
        id: The column of `table` that is a version's id.
        order: What the index yields rows by, newest last.
    """

    table: FromClause
    holds: ColumnElement[bool]
    id: ColumnElement[int]
    order: ColumnElement[int]

    def size(self, connection: Connection) -> int:
        """How many rows hold, counted up to `_PROBED_ROWS`."""
        some = (
            select(literal_column("1", Integer)).select_from(self.table).where(self.holds).limit(_PROBED_ROWS)
        )
        return connection.execute(select(func.count()).select_from(some.subquery())).scalar_one()


def fetch_rows(connection: Connection, query: ModelQuery) -> list[dict[str, Any]]:
    """Rows of `model_versions` that satisfy `query`, newest registration first."""
    conditions = _conditions(query)
    if len(conditions) > 1:
        conditions.sort(key=lambda condition: condition.size(connection))
    below = _id_of(connection, query.before) if query.before is not None else None
    statement = _statement(conditions[0], conditions[1:], below=below, limit=query.limit)
    return [dict(row) for row in connection.execute(statement).mappings()]


def _statement(
    leading: _Condition, others: list[_Condition], *, below: int | None, limit: int | None
) -> Select[Any]:
    ids = select(leading.id.label("id")).where(leading.holds, *(_also(leading, other) for other in others))
    if below is not None:
        ids = ids.where(leading.id < below)
    ids = ids.order_by(leading.order.desc()).limit(_NO_LIMIT if limit is None else limit)
    chosen = ids.subquery("chosen")
    return select(model_versions).join(chosen, chosen.c.id == _V.id).order_by(_V.id.desc())


def _also(leading: _Condition, other: _Condition) -> ColumnElement[bool]:
    if other.table is leading.table is model_versions:
        return other.holds
    return exists().where(other.id == leading.id, other.holds)


def _id_of(connection: Connection, model_id: str) -> int:
    name, version = parse_id(model_id)
    place: int | None = connection.execute(
        select(_V.id).where(_V.name == name, _V.version == version)
    ).scalar()
    if place is None:
        raise ModelNotFound(model_id)
    return place


def _conditions(query: ModelQuery) -> list[_Condition]:
    """At least one; with none given, all versions lead in the order of their ids."""
    found = [_on_version(_V.name == query.name, _V.version, query)] if query.name is not None else []
    if query.framework is not None:
        found.append(_on_version(_V.framework == query.framework, _V.id, query))
    if query.run_id is not None:
        found.append(_on_version(_V.run_id == query.run_id, _V.id, query))
    found += [_on_label(model_tags, key, value, query) for key, value in query.tags]
    found += [_on_label(model_properties, key, value, query) for key, value in query.properties]
    return found or [_on_version(_V.id > 0, _V.id, query)]


def _on_version(holds: ColumnElement[bool], order: ColumnElement[int], query: ModelQuery) -> _Condition:
    if query.latest:
        holds = and_(holds, _V.is_latest.is_(True))
    return _Condition(model_versions, holds, _V.id, order)


def _on_label(table: FromClause, key: str, value: str | None, query: ModelQuery) -> _Condition:
    label = table.alias()
    holds: ColumnElement[bool] = label.c.key == key
    if value is not None:
        holds = and_(holds, label.c.value == value)
    if query.latest:
        holds = and_(holds, label.c.is_latest.is_(True))
    return _Condition(label, holds, label.c.version_id, label.c.version_id)
