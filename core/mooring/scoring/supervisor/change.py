"""One change of version: start the new one beside the old, try it, move traffic, let the old one finish."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Callable

from mooring.scoring.supervisor.generation import Generation
from mooring.scoring.supervisor.spec import GenerationSpec

if TYPE_CHECKING:
    from mooring.scoring.supervisor.master import Master

__all__ = ["Change"]


class Change:
    """From the order to start a version until the one before has finished its requests, or the new one has failed.

    Args:
        master: Whose service changes.
        number: Of the new generation.
        spec: Of the new generation.
    """

    def __init__(self, master: Master, number: int, spec: GenerationSpec) -> None:
        self.replies: list[Callable[[dict[str, Any]], None]] = []
        self._master = master
        self._switched = 0.0
        self.generation = Generation(number, spec, master.staff, self._ready, self._failed)

    def begin(self) -> None:
        """Start the new version."""
        self.generation.start()

    def cancel(self, reason: str) -> None:
        """Give the new version up, unless it serves already."""
        if self.generation is not self._master.current:
            self._master.book.event("change-cancelled", reason, generation=self.generation.number)
            self._failed(self.generation, {"engine": reason, "code": "interrupted"})

    def _ready(self, new: Generation) -> None:
        old = self._master.switched(new)
        new.open()
        self._switched = time.monotonic()
        text = f"Generation {new.number} serves."
        self._master.book.event("switched", text, generation=new.number, revision=new.spec.revision)
        if old:
            old.drain(old.spec.drain_s, lambda: self._drained(old), lambda: self._master.gone(old))
        else:
            self._done()

    def _drained(self, old: Generation) -> None:
        seconds = time.monotonic() - self._switched
        text = f"Generation {old.number} finished its requests in {seconds:.2f} s."
        self._master.book.event("drained", text, generation=old.number, seconds=round(seconds, 3))
        self._done()

    def _done(self) -> None:
        self._master.changed(self.replies, None)
        self._master.staff.warm_up(self.generation)

    def _failed(self, new: Generation, facts: dict[str, Any]) -> None:
        """What served before still does."""
        new.kill(lambda: self._master.changed(self.replies, facts))
