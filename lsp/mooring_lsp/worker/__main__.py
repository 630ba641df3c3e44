"""`python -m mooring_lsp.worker`: one task as JSON on standard input, what becomes of it as lines of JSON.

Lines: `{"event": …}` and `{"progress": …}` while it goes on, then one of `{"done": …}`, `{"failed": …}` and
`{"cancelled": true}`. An interrupt (Ctrl-C's signal) undoes what was begun. Nobody needs to listen to the end.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from typing import Any

from mooring.errors import MooringError, facts_of_error
from mooring_lsp.command_line import take_standard_output
from mooring_lsp.worker.tasks import TASKS

log = logging.getLogger(__name__)


class Told:
    """Tells whoever listens; the reporter that the service desk talks to.

    Attributes:
        service: That is worked on; told with each event.
    """

    def __init__(self) -> None:
        self.service = ""
        self._output = take_standard_output()

    def event(self, phase: str, text: str, *, data: dict[str, Any] | None = None) -> None:
        """A phase is done."""
        self.say({"event": {"phase": phase, "text": text, "data": data or {}, "service": self.service}})

    def progress(self, phase: str, text: str) -> None:
        """A phase goes on."""
        self.say({"progress": {"phase": phase, "text": text}})

    def say(self, message: dict[str, Any]) -> None:
        """Write one line; the listener may be gone, and the work goes on all the same."""
        try:
            self._output.write(json.dumps(message, default=str).encode() + b"\n")
            self._output.flush()
        except OSError:
            # What is still buffered would fail again at every further line and at the end.
            self._output = open(os.devnull, "wb")  # noqa: PTH123, SIM115


def main() -> None:
    """Read the task and carry it out."""
    task = json.load(sys.stdin)
    told = Told()
    try:
        told.say({"done": TASKS[task["name"]](task, told)})
    except KeyboardInterrupt:
        told.say({"cancelled": True})
    except MooringError as error:
        told.say({"failed": {**facts_of_error(error), "service": getattr(error, "service", None)}})
    except Exception as error:
        log.exception("%s failed", task["name"])
        problem = f"Mooring stumbled over a fault of its own: {type(error).__name__}: {error}."
        remedy = "See the language server's output, and report it."
        told.say({"failed": {"code": "internal-error", "problem": problem, "remedy": remedy}})


if __name__ == "__main__":
    main()
