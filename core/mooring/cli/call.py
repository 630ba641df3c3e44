"""One run of a verb: which workspace, which output format, and where people and programs read."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from mooring.workspace import Workspace


def _ignore() -> None:
    """Nobody waits for the moment a work is accepted."""


@dataclass(frozen=True)
class Typed:
    """What was typed, and who wants to know.

    Attributes:
        arguments: The words after `mooring`.
        tell_accepted: Called once a long work is checked, recorded, and sure to go on.
    """

    arguments: tuple[str, ...] = ()
    tell_accepted: Callable[[], None] = _ignore


_NOTHING = Typed()
typed: ContextVar[Typed] = ContextVar("typed", default=_NOTHING)


@dataclass
class Call:
    """What the flags that all verbs share say.

    Attributes:
        form: Output format.
        workspace_name: Workspace asked for; None takes the settings' one.
        is_verbose: Details and tracebacks are wanted.
        is_quiet: Neither progress nor notices are wanted; so for programs, to whom stderr is for errors alone.
        typed: What was typed.
    """

    form: str = "table"
    workspace_name: str | None = None
    is_verbose: bool = False
    is_quiet: bool = False
    typed: Typed = field(default_factory=typed.get)

    @cached_property
    def workspace(self) -> Workspace:
        """The workspace, opened when first needed."""
        from mooring.workspace import Workspace

        return Workspace.open(self.workspace_name)

    @property
    def out(self) -> TextIO:
        """Where answers go."""
        return sys.stdout

    @property
    def err(self) -> TextIO:
        """Where progress, notices and errors go, so that answers stay clean in a pipe."""
        return sys.stderr

    def note(self, text: str) -> None:
        """Tell people something that is no answer."""
        if not self.is_quiet:
            self.err.write(f"{text}\n")
            self.err.flush()

    def close(self) -> None:
        """Let go of the workspace."""
        opened = self.__dict__.pop("workspace", None)
        if opened is not None:
            opened.close()
