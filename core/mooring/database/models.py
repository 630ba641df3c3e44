"""The store of models: versions, their labels, and the services that use them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, insert, select, text, tuple_, update

from mooring.database.model_queries import fetch_rows
from mooring.database.model_rows import CHANGEABLE, from_row, to_row
from mooring.database.tables import model_properties, model_tags, model_uses, model_versions, models
from mooring.registry import ModelInUse, ModelNotFound, ModelQuery, ModelVersion

if TYPE_CHECKING:
    from mooring.database.engine import Database

_V = model_versions.c
_LABELS = {"tags": model_tags, "properties": model_properties}
_FIRST_SEEN = text("INSERT INTO models (name, last_version) VALUES (:name, 0) ON CONFLICT (name) DO NOTHING")


class ModelTable:
    """`ModelStore` over a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, draft: ModelVersion, *, confirm: Callable[[], None] | None = None) -> ModelVersion:
        """See `ModelStore.add`."""
        with self._database.writing("models") as connection:
            connection.execute(_FIRST_SEEN, {"name": draft.name})
            last, latest = _lock_name(connection, draft.name)
            version = dataclasses.replace(draft, version=last + 1)
            if latest is not None:
                _mark(connection, draft.name, latest, is_latest=False)
            _insert(connection, version)
            _set_counts(connection, draft.name, last_version=last + 1, latest_version=last + 1)
            if confirm is not None:
                confirm()
        return version

    def find(self, name: str, version: int | None = None) -> ModelVersion | None:
        """See `ModelStore.find`."""
        with self._database.reading() as connection:
            row = _find(connection, name, version)
        return from_row(row) if row is not None else None

    def select(self, query: ModelQuery) -> list[ModelVersion]:
        """See `ModelStore.select`."""
        with self._database.reading() as connection:
            return [from_row(row) for row in fetch_rows(connection, query)]

    def change(self, name: str, version: int, edit: Callable[[ModelVersion], ModelVersion]) -> ModelVersion:
        """See `ModelStore.change`."""
        with self._database.writing("models") as connection:
            _lock_name(connection, name)
            row = _get(connection, name, version)
            before = from_row(row)
            edited = edit(before)
            after = dataclasses.replace(before, **{field: getattr(edited, field) for field in CHANGEABLE})
            values = to_row(after)
            connection.execute(
                update(model_versions)
                .where(_V.id == row["id"])
                .values({field: values[field] for field in CHANGEABLE})
            )
            for kind, table in _LABELS.items():
                connection.execute(delete(table).where(table.c.version_id == row["id"]))
                _insert_labels(connection, row["id"], kind, values[kind], is_latest=row["is_latest"])
        return after

    def remove(self, name: str, version: int) -> ModelVersion:
        """See `ModelStore.remove`."""
        with self._database.writing("models") as connection:
            last, latest = _lock_name(connection, name)
            row = _get(connection, name, version)
            services = _users(connection, name, version)
            if services:
                raise ModelInUse(f"{name}:{version}", tuple(services))
            connection.execute(delete(model_versions).where(_V.id == row["id"]))
            if version == latest:
                left = max(_versions(connection, name), default=None)
                if left is not None:
                    _mark(connection, name, left, is_latest=True)
                _set_counts(connection, name, last_version=last, latest_version=left)
        return from_row(row)

    def names(self, prefix: str = "", *, limit: int = 50) -> list[str]:
        """See `ModelStore.names`."""
        statement = (
            select(models.c.name)
            .where(models.c.latest_version.is_not(None))
            .where(models.c.name.startswith(prefix, autoescape=True) if prefix else text("1 = 1"))
            .order_by(models.c.name)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return list(connection.execute(statement).scalars())

    def versions(self, name: str) -> list[int]:
        """See `ModelStore.versions`."""
        with self._database.reading() as connection:
            return _versions(connection, name)

    def claim(self, service: str, models: Collection[tuple[str, int]]) -> None:
        """See `ModelStore.claim`."""
        with self._database.writing("models") as connection:
            for name, version in sorted(set(models)):
                _lock_name(connection, name)
                _get(connection, name, version)
                if service not in _users(connection, name, version):
                    connection.execute(insert(model_uses).values(service=service, name=name, version=version))

    def release(self, service: str, *, keep: Collection[tuple[str, int]] = ()) -> None:
        """See `ModelStore.release`."""
        uses = model_uses.c
        statement = delete(model_uses).where(uses.service == service)
        if keep:
            statement = statement.where(tuple_(uses.name, uses.version).not_in(list(keep)))
        with self._database.writing("models") as connection:
            connection.execute(statement)

    def users(self, name: str, version: int) -> list[str]:
        """See `ModelStore.users`."""
        with self._database.reading() as connection:
            return _users(connection, name, version)

    def unused_digests(self, digests: Collection[str]) -> frozenset[str]:
        """See `ModelStore.unused_digests`."""
        with self._database.reading() as connection:
            return frozenset(digests) - _used_digests(connection, after=0)

    def release_digests(self, digests: Collection[str], free: Callable[[frozenset[str]], None]) -> None:
        """See `ModelStore.release_digests`."""
        with self._database.reading() as connection:
            newest = _newest_id(connection)
            unused = frozenset(digests) - _used_digests(connection, after=0)
        with self._database.writing("models") as connection:
            _keep_out_writers(connection)
            # The long walk is done; only what was registered since then is left to look at.
            free(unused - _used_digests(connection, after=newest))


def _newest_id(connection: Connection) -> int:
    """Every version added from now on has a higher id; 0 where a server can't promise that."""
    if connection.dialect.name != "sqlite":
        return 0  # ids are given before the transaction commits, so a lower one may still appear
    return connection.execute(select(_V.id).order_by(_V.id.desc()).limit(1)).scalar() or 0


def _lock_name(connection: Connection, name: str) -> tuple[int, int | None]:
    """Last version ever given and the newest that is there; nobody else can change the name from here on."""
    statement = select(models.c.last_version, models.c.latest_version).where(models.c.name == name)
    row = connection.execute(statement.with_for_update()).one_or_none()
    return (row[0], row[1]) if row is not None else (0, None)


def _set_counts(connection: Connection, name: str, **counts: int | None) -> None:
    connection.execute(update(models).where(models.c.name == name).values(**counts))


def _insert(connection: Connection, version: ModelVersion) -> None:
    values = to_row(version)
    result = connection.execute(insert(model_versions).values(**values, is_latest=True))
    keys = result.inserted_primary_key
    assert keys is not None  # noqa: S101
    for kind in _LABELS:
        _insert_labels(connection, keys[0], kind, values[kind], is_latest=True)


def _insert_labels(
    connection: Connection, version_id: int, kind: str, labels: dict[str, str], *, is_latest: bool
) -> None:
    rows = [
        {"version_id": version_id, "key": key, "value": value, "is_latest": is_latest}
        for key, value in labels.items()
    ]
    if rows:
        connection.execute(insert(_LABELS[kind]), rows)


def _mark(connection: Connection, name: str, version: int, *, is_latest: bool) -> None:
    """Say whether a version is the newest of its name, wherever lists look for that."""
    row = _get(connection, name, version)
    connection.execute(update(model_versions).where(_V.id == row["id"]).values(is_latest=is_latest))
    for table in _LABELS.values():
        connection.execute(update(table).where(table.c.version_id == row["id"]).values(is_latest=is_latest))


def _find(connection: Connection, name: str, version: int | None) -> dict[str, Any] | None:
    wanted = select(model_versions).where(_V.name == name)
    if version is None:
        newest = select(models.c.latest_version).where(models.c.name == name).scalar_subquery()
        wanted = wanted.where(_V.version == newest)
    else:
        wanted = wanted.where(_V.version == version)
    row = connection.execute(wanted).mappings().one_or_none()
    return dict(row) if row is not None else None


def _get(connection: Connection, name: str, version: int) -> dict[str, Any]:
    row = _find(connection, name, version)
    if row is None:
        raise ModelNotFound(f"{name}:{version}", versions=tuple(_versions(connection, name)))
    return row


def _versions(connection: Connection, name: str) -> list[int]:
    statement = select(_V.version).where(_V.name == name).order_by(_V.version)
    return list(connection.execute(statement).scalars())


def _users(connection: Connection, name: str, version: int) -> list[str]:
    uses = model_uses.c
    statement = select(uses.service).where(uses.name == name, uses.version == version).order_by(uses.service)
    return list(connection.execute(statement).scalars())


def _used_digests(connection: Connection, *, after: int) -> set[str]:
    manifests: Iterable[list[list[Any]]] = connection.execute(
        select(_V.manifest).where(_V.id > after)
    ).scalars()
    return {digest for manifest in manifests for _, digest, _ in manifest}


def _keep_out_writers(connection: Connection) -> None:
    # SQLite has one writer anyway.
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("LOCK TABLE model_versions IN SHARE MODE")
