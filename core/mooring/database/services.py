"""Services, their revisions and their history, in SQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, Table, delete, func, insert, select, update

from mooring.database.tables import events, revisions, services
from mooring.deployments.values import (
    Event,
    EventKind,
    Excerpt,
    Failure,
    Operation,
    Revision,
    Service,
)

if TYPE_CHECKING:
    from mooring.database.engine import Database

# What has no column of its own lives in `definition`: nothing filters on it inside the database.
_SERVICE_DEFINITION = (
    "auth_enabled",
    "token_auth_enabled",
    "state",
    "scoring_uri",
    "swagger_uri",
    "port",
    "environment",
)
_REVISION_DEFINITION = ("created_by", "reason", "inference", "deployment", "environment_digest", "source")


class ServiceTable:
    """A `mooring.deployments.store.ServiceStore` over the database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, name: str) -> Service | None:
        """The record of a service, or None."""
        with self._database.reading() as connection:
            row = connection.execute(select(services).where(services.c.name == name)).first()
        return _service(row) if row else None

    def list(self) -> Sequence[Service]:
        """All records, by name."""
        with self._database.reading() as connection:
            return [_service(row) for row in connection.execute(select(services).order_by(services.c.name))]

    def put(self, service: Service) -> None:
        """Add or replace a record."""
        row = _service_row(service)
        with self._database.writing("services") as connection:
            _put(connection, services, {"name": service.name}, row)

    def remove(self, name: str) -> None:
        """Remove a service with its revisions and events."""
        with self._database.writing("services") as connection:
            connection.execute(delete(revisions).where(revisions.c.service == name))
            connection.execute(delete(events).where(events.c.service == name))
            connection.execute(delete(services).where(services.c.name == name))

    def put_revision(self, revision: Revision) -> None:
        """Add or replace a revision."""
        row = {
            "created_time": revision.created_time,
            "status": revision.status,
            "definition": {
                **{name: getattr(revision, name) for name in _REVISION_DEFINITION},
                "models": list(revision.models),
                "failure": _failure_document(revision.failure),
            },
        }
        with self._database.writing("services") as connection:
            _put(connection, revisions, {"service": revision.service, "number": revision.number}, row)

    def revisions(self, name: str) -> Sequence[Revision]:
        """All revisions of a service, oldest first."""
        wanted = select(revisions).where(revisions.c.service == name).order_by(revisions.c.number)
        with self._database.reading() as connection:
            return [_revision(row) for row in connection.execute(wanted)]

    def add_event(
        self,
        name: str,
        time: datetime,
        kind: EventKind,
        phase: str,
        text: str,
        data: dict[str, Any],
    ) -> Event:
        """Append to a service's history; sequence numbers rise by one."""
        with self._database.writing("services") as connection:
            # The row of the service is what keeps two writers on a server apart; SQLite has one writer anyway.
            connection.execute(select(services.c.name).where(services.c.name == name).with_for_update())
            last = connection.execute(select(func.max(events.c.seq)).where(events.c.service == name)).scalar()
            seq = (last or 0) + 1
            row = {"seq": seq, "time": time, "kind": kind, "phase": phase, "text": text, "data": data}
            connection.execute(insert(events).values(service=name, **row))
        return Event(seq=seq, time=time, service=name, kind=kind, phase=phase, text=text, data=data)

    def events(self, name: str, after: int = 0) -> Sequence[Event]:
        """Events with a sequence number above `after`, in order."""
        wanted = select(events).where(events.c.service == name, events.c.seq > after).order_by(events.c.seq)
        with self._database.reading() as connection:
            return [Event(**row._mapping) for row in connection.execute(wanted)]  # noqa: SLF001 (public, in spite of its name)  # pyright: ignore[reportPrivateUsage]  (SQLAlchemy's documented name)


def _put(connection: Connection, table: Table, key: Mapping[str, Any], row: Mapping[str, Any]) -> None:
    """Update or insert, in a way every database understands."""
    changed = connection.execute(update(table).filter_by(**key).values(**row))
    if changed.rowcount == 0:
        connection.execute(insert(table).values(**key, **row))


def _service_row(service: Service) -> dict[str, Any]:
    definition = {name: getattr(service, name) for name in _SERVICE_DEFINITION}
    definition["models"] = list(service.models)
    definition["failure"] = _failure_document(service.failure)
    return {
        "compute_type": service.compute_type,
        "target": service.target,
        "description": service.description,
        "created_time": service.created_time,
        "updated_time": service.updated_time,
        "created_by": service.created_by,
        "current_revision": service.revision,
        "tags": service.tags,
        "properties": service.properties,
        "definition": definition,
        "operation": _operation_document(service.operation),
    }


def _service(row: Row[Any]) -> Service:
    definition = dict(row.definition)
    models = tuple(definition.pop("models"))
    failure = _failure(definition.pop("failure"))
    return Service(
        name=row.name,
        compute_type=row.compute_type,
        target=row.target,
        created_time=row.created_time,
        updated_time=row.updated_time,
        created_by=row.created_by,
        description=row.description,
        tags=row.tags,
        properties=row.properties,
        revision=row.current_revision,
        models=models,
        failure=failure,
        operation=_operation(row.operation),
        **definition,
    )


def _revision(row: Row[Any]) -> Revision:
    definition = dict(row.definition)
    models = tuple(definition.pop("models"))
    failure = _failure(definition.pop("failure"))
    return Revision(
        service=row.service,
        number=row.number,
        status=row.status,
        created_time=row.created_time,
        models=models,
        failure=failure,
        **definition,
    )


def _failure_document(failure: Failure | None) -> dict[str, Any] | None:
    return asdict(failure) if failure else None


def _failure(document: dict[str, Any] | None) -> Failure | None:
    if document is None:
        return None
    excerpt = document["excerpt"]
    facts = dict(document)
    facts["evidence"] = tuple(document["evidence"])
    facts["excerpt"] = Excerpt(**excerpt) if excerpt else None
    return Failure(**facts)


def _operation_document(operation: Operation | None) -> dict[str, Any] | None:
    if operation is None:
        return None
    return {**asdict(operation), "started_time": operation.started_time.isoformat()}


def _operation(document: dict[str, Any] | None) -> Operation | None:
    if document is None:
        return None
    facts = dict(document)
    facts["started_time"] = datetime.fromisoformat(document["started_time"])
    return Operation(**facts)
