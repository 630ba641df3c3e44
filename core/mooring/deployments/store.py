"""What the desk needs to remember, as a port; `mooring.database.services` is the real one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from mooring.deployments.values import Event, EventKind, Revision, Service


class ServiceStore(Protocol):
    """Services, their revisions and events. Every call is one transaction; safe from several threads."""

    def find(self, name: str) -> Service | None:
        """The record of a service, or None."""
        ...

    def list(self) -> Sequence[Service]:
        """All records, by name."""
        ...

    def put(self, service: Service) -> None:
        """Add or replace a record."""
        ...

    def remove(self, name: str) -> None:
        """Remove a service with its revisions and events; nothing happens when there is none."""
        ...

    def put_revision(self, revision: Revision) -> None:
        """Add or replace a revision."""
        ...

    def revisions(self, name: str) -> Sequence[Revision]:
        """All revisions of a service, oldest first."""
        ...

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
        ...

    def events(self, name: str, after: int = 0) -> Sequence[Event]:
        """Events with a sequence number above `after`, in order."""
        ...
