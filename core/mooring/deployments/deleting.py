"""Delete: nothing of the service stays, neither where it ran nor here."""

from __future__ import annotations

from dataclasses import replace

from mooring.deployments import failing
from mooring.deployments.beginning import existing, hold
from mooring.deployments.ownership import begin_operation
from mooring.deployments.parts import Parts


def delete(parts: Parts, name: str) -> None:
    """Stop and forget a service. The record goes last: a killed deletion is seen, and finished, by the next command.

    Raises:
        ServiceNotFound: There is none.
        ServiceBusy: Somebody changes it.
    """
    with hold(parts, name):
        record = existing(parts, name)
        parts.store.put(replace(record, operation=begin_operation("delete", 0), state="Transitioning"))
        parts.targets.named(record.target).stop(name)
        failing.forget(parts, name)
