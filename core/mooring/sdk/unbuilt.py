"""Calls of v1 that Mooring knows by name and does not offer yet."""

from __future__ import annotations

from dataclasses import dataclass

from mooring.errors import MooringError


@dataclass(eq=False)
class NotBuiltYet(MooringError, NotImplementedError):
    """A v1 call that has no counterpart here yet."""

    code = "not-built-yet"
    call: str
    instead: str = ""

    @property
    def problem(self) -> str:
        """Which call."""
        return f"{self.call} is known from v1 and not built here yet."

    @property
    def remedy(self) -> str:
        """What to do instead."""
        return self.instead or "Deploy to a local process instead: ProcessWebservice.deploy_configuration()."
