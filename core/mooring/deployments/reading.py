"""How a service is: what is written about it, folded with what the place says right now."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from mooring.deployments.parts import Parts
from mooring.deployments.target import Observation
from mooring.deployments.values import Failure, Service
from mooring.errors import MooringError

Label = str | tuple[str, str]
"""A tag or property to filter by: a key, or a key with its value."""


def get(parts: Parts, name: str) -> Service:
    """One service, as it is now.

    Raises:
        ServiceNotFound: There is none.
    """
    record = parts.store.find(name)
    current = _current(parts, [record]) if record is not None else []
    if not current:
        from mooring.deployments.beginning import not_found

        raise not_found(parts, name)
    return current[0]


def select(
    parts: Parts,
    *,
    compute_type: str | None,
    model_name: str | None,
    model_id: str | None,
    tags: Sequence[Label],
    properties: Sequence[Label],
) -> list[Service]:
    """Services that satisfy every condition given, as they are now, by name."""
    wanted = [
        record
        for record in parts.store.list()
        if (compute_type is None or record.compute_type == compute_type.lower())
        and _serves(record, model_name, model_id)
        and _has(record.tags, tags)
        and _has(record.properties, properties)
    ]
    return _current(parts, wanted)


def _serves(record: Service, model_name: str | None, model_id: str | None) -> bool:
    if model_name is not None and model_name not in {model.rpartition(":")[0] for model in record.models}:
        return False
    return model_id is None or model_id in record.models


def _has(labels: dict[str, str], wanted: Sequence[Label]) -> bool:
    return all(
        label in labels if isinstance(label, str) else labels.get(label[0]) == label[1] for label in wanted
    )


def replicas(parts: Parts, name: str) -> list[dict[str, Any]]:
    """What runs of a service, a row each; empty where the place has no replicas to show, or can't be asked."""
    with suppress(MooringError):  # how the place is, the service's state says
        return _told_by_target(parts, name, "replicas")
    return []


def manifest(parts: Parts, name: str) -> list[dict[str, Any]]:
    """The objects a service was made of, for places that are told by manifests.

    Raises:
        ServiceNotFound: There is none.
        NoManifest: Its place is told by none, or it never served.
    """
    found = _told_by_target(parts, name, "manifest")
    if not found:
        from mooring.deployments.manifesting import NoManifest

        record = parts.store.find(name)
        raise NoManifest(service=name, compute_type=record.compute_type if record else "")
    return found


def _told_by_target(parts: Parts, name: str, what: str) -> list[dict[str, Any]]:
    record = parts.store.find(name)
    if record is None:
        from mooring.deployments.beginning import not_found

        raise not_found(parts, name)
    tell = getattr(parts.targets.named(record.target), what, None)
    found: list[dict[str, Any]] = tell(name) if tell else []
    return found


def _current(parts: Parts, records: Sequence[Service]) -> list[Service]:
    """Without those of which it turned out that a deletion had to be finished."""
    settled = [record if record.operation is None else _settle(parts, record) for record in records]
    known = [record for record in settled if record is not None]
    seen = _observe(parts, [each for each in known if each.operation is None and each.revision is not None])
    return [_told(parts, record, seen.get(record.name)) for record in known]


def _told(parts: Parts, record: Service, seen: Observation | MooringError | None) -> Service:
    if seen is None:
        return record
    if isinstance(seen, Observation):
        return _fold(parts, record, seen)
    failure = Failure(code=seen.code, cause=seen.problem, remedy=seen.remedy)
    return replace(record, state="Unhealthy", failure=failure)


def _observe(parts: Parts, records: Sequence[Service]) -> dict[str, Observation | MooringError]:
    """What the places say; those that can be asked about several services at once are."""
    seen: dict[str, Observation | MooringError] = {}
    for target_name in dict.fromkeys(record.target for record in records):
        names = [record.name for record in records if record.target == target_name]
        try:
            target = parts.targets.named(target_name)
            at_once = getattr(target, "observe_many", None)
            seen |= at_once(names) if at_once else {name: target.observe(name) for name in names}
        except MooringError as error:  # its target was uninstalled, or the engine is out of reach
            seen |= dict.fromkeys(names, error)
    return seen


def _settle(parts: Parts, record: Service) -> Service | None:
    """The record, with a dead operation cleared away."""
    from mooring.deployments.ownership import is_alive, try_lock

    operation = record.operation
    if operation is None or (is_alive(operation) and operation.host != _host()):
        return record
    with try_lock(parts.lock_path(record.name)) as is_ours:
        # Who has the lock is at work; its record, read a moment ago, is the truth.
        if not is_ours:
            return record
        fresh = parts.store.find(record.name)
        if fresh is not None and fresh.operation is not None:
            from mooring.deployments.recovering import recover

            recover(parts, fresh)
            fresh = parts.store.find(record.name)
        return fresh


def _host() -> str:
    import socket

    return socket.gethostname()


def _fold(parts: Parts, record: Service, seen: Observation) -> Service:
    if not seen.present:
        return replace(record, state="Unhealthy", failure=_not_running(record))
    running = seen.running
    current = replace(
        record,
        state=seen.state,
        scoring_uri=running.scoring_uri if running else record.scoring_uri,
        swagger_uri=running.swagger_uri if running else record.swagger_uri,
        port=running.port if running else record.port,
    )
    if seen.state == "Healthy" or seen.crash is None:
        return current
    return replace(current, failure=_verdict(parts, record, seen))


def _verdict(parts: Parts, record: Service, seen: Observation) -> Failure | None:
    from mooring.deployments import records
    from mooring.deployments.failing import scene_of
    from mooring.deployments.verdict import judge

    revision = records.find_revision(parts.store.revisions(record.name), record.revision)
    if revision is None or seen.crash is None:
        return record.failure
    return judge(seen.crash, scene_of(parts, revision))


def _not_running(record: Service) -> Failure:
    return Failure(
        code="not-running",
        cause=f"{record.name} should run, but nothing of it does: the machine was restarted, or its processes ended.",
        remedy=f"Start it again: mooring service update -n {record.name}.",
    )
