"""How every operation begins: alone, on a service whose last operation is over or cleared away."""

from __future__ import annotations

from contextlib import ExitStack

from mooring.deployments.errors import ServiceBusy, ServiceNotFound
from mooring.deployments.ownership import try_lock
from mooring.deployments.parts import Parts
from mooring.deployments.recovering import recover
from mooring.deployments.values import Service


def hold(parts: Parts, name: str) -> ExitStack:
    """The service's lock, to be let go by closing what is returned.

    Raises:
        ServiceBusy: Somebody else changes the service.
    """
    held = ExitStack()
    if held.enter_context(try_lock(parts.lock_path(name))):
        return held
    held.close()
    raise _busy(parts, name)


def settled(parts: Parts, name: str) -> Service | None:
    """The record of a service we hold, after clearing away what a dead operation left; None when there is none."""
    record = parts.store.find(name)
    if record is not None and record.operation is not None:
        recover(parts, record)
        record = parts.store.find(name)
    return record


def existing(parts: Parts, name: str) -> Service:
    """As `settled`.

    Raises:
        ServiceNotFound: There is none.
    """
    record = settled(parts, name)
    if record is None:
        parts.lock_path(name).unlink(missing_ok=True)
        raise not_found(parts, name)
    return record


def not_found(parts: Parts, name: str) -> ServiceNotFound:
    """The error, with the names there are."""
    return ServiceNotFound(name=name, known=[record.name for record in parts.store.list()])


def _busy(parts: Parts, name: str) -> ServiceBusy:
    record = parts.store.find(name)
    operation = record.operation if record else None
    if operation is None:
        return ServiceBusy(name=name)
    since = f"{operation.started_time.astimezone():%H:%M:%S}"
    return ServiceBusy(name=name, doing=operation.kind, user=operation.user, pid=operation.pid, since=since)
