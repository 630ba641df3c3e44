"""A command line that can't be understood, with the one to write instead."""

from __future__ import annotations

from dataclasses import dataclass

from mooring.errors import MooringError


@dataclass(eq=False)
class UsageMistake(MooringError):
    """What was typed means nothing."""

    code = "usage"
    told: str
    instead: str

    @property
    def problem(self) -> str:
        """What was typed, and why it means nothing."""
        return self.told

    @property
    def remedy(self) -> str:
        """What to type instead."""
        return self.instead
