"""Something that is made in the background while its maker can be watched: an image, a package."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable
from typing import Any

from mooring.errors import MooringError
from mooring.sdk.exceptions import WebserviceException
from mooring.sdk.webservice.work import Work

_LOOK_AGAIN_S = 0.1


class Making:
    """Runs a function that tells its phases, and keeps what they were.

    Args:
        make: Gets a reporter; what it returns is the result.
        name: Of the thread.
    """

    def __init__(self, make: Callable[[Any], Any], *, name: str) -> None:
        self._lines: list[str] = []
        self._result: Any = None
        self._make = make
        self._work = Work(self._run, name=name)

    @property
    def state(self) -> str:
        """v1's words: `Running`, `Succeeded`, `Failed`."""
        if not self._work.is_done:
            return "Running"
        return "Succeeded" if self._work.error is None else "Failed"

    @property
    def error(self) -> dict[str, Any] | None:
        """Code, message and remedy of what went wrong."""
        error = self._work.error if self._work.is_done else None
        if error is None:
            return None
        known = error if isinstance(error, MooringError) else None
        return {
            "code": known.code if known else type(error).__name__,
            "message": known.problem if known else str(error),
            "remedy": known.remedy if known else "",
        }

    @property
    def result_if_done(self) -> Any:
        """What was made; None until then."""
        return self._result if self.state == "Succeeded" else None

    @property
    def log(self) -> str:
        """The phases so far, a line each."""
        return "".join(f"{line}\n" for line in list(self._lines))

    def event(self, phase: str, text: str, *, data: dict[str, Any] | None = None) -> None:
        """A phase is done."""
        del data
        self._lines.append(f"  {phase.capitalize():<12} {text}")

    def progress(self, phase: str, text: str) -> None:
        """A phase goes on; kept only when it says something new."""
        line = f"  {phase.capitalize():<12} {text}"
        if not self._lines or self._lines[-1] != line:
            self._lines.append(line)

    def wait(self, *, show_output: bool) -> None:
        """Return once it is made; raise what went wrong in v1's clothes."""
        shown = 0
        while True:
            is_done = self._work.wait(_LOOK_AGAIN_S)
            if show_output:
                for line in self._lines[shown:]:
                    sys.stdout.write(f"{line}\n")
                    shown += 1
                with contextlib.suppress(ValueError):
                    sys.stdout.flush()
            if is_done:
                break
        try:
            self._work.result()
        except MooringError as error:
            raise WebserviceException.of(error) from error

    def _run(self) -> None:
        self._result = self._make(self)
