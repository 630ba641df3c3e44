"""What a job is to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Kind = Literal["register", "deploy", "update", "reload", "rollback", "delete", "demo"]


@dataclass(frozen=True)
class Work:
    """One piece of long work.

    Attributes:
        subject: The model or service it is about.
        title: What people see: `Deploying scorer`.
        arguments: For the function in `doing` that does it. May hold keys: they reach the process through a pipe
            and are never written down.
    """

    kind: Kind
    subject: str
    title: str
    arguments: dict[str, Any] = field(default_factory=dict[str, Any], repr=False)
