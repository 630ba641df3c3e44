"""The process of one job: reads its order from a pipe, does the work, writes down what happens.

`python -m mooring_jupyter.jobs.worker FILE`
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

from mooring_jupyter.jobs.record import now

_AT_MOST_EVERY_S = 0.2
"""People can't follow faster, and a build tells a thousand lines."""


class Notebook:
    """Writes a job's lines; told by the service desk what happens.

    Args:
        path: The job's file.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")
        self._lock = threading.Lock()
        self._told = 0.0

    def own(self) -> None:
        """Note that this process does the work."""
        from mooring.deployments.ownership import process_started

        pid = os.getpid()
        self._write(
            {
                "is": "owner",
                "pid": pid,
                "process_started": process_started(pid),
                "host": socket.gethostname(),
            }
        )

    def event(self, phase: str, text: str, *, data: dict[str, Any] | None = None) -> None:
        """A step is done."""
        del data
        self._write({"is": "event", "time": now(), "phase": phase, "text": text})

    def progress(self, phase: str, text: str, share: float | None = None) -> None:
        """A step goes on."""
        moment = time.monotonic()
        if moment - self._told >= _AT_MOST_EVERY_S:
            self._told = moment
            self._write({"is": "progress", "phase": phase, "text": text, "share": share})

    def moved(self, done: int, total: int) -> None:
        """Bytes were moved."""
        from mooring.cli.sizes import size

        share = done / total if total else 0.0
        self.progress("storing", f"{size(done)} of {size(total)}", share)

    def end(self, status: str, *, result: str | None = None, error: Any = None) -> None:
        """Nothing follows."""
        self._write({"is": "end", "time": now(), "status": status, "result": result, "error": error})

    def _write(self, item: dict[str, Any]) -> None:
        with self._lock:
            self._file.write(json.dumps(item) + "\n")
            self._file.flush()


def main(path: str) -> int:
    """Do one job; the exit status is for nobody."""
    # Kernels, and servers that a script put into the background, ignore it, and whom they start inherits that.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    notebook = Notebook(Path(path))
    notebook.own()
    try:
        order = json.load(sys.stdin)
        result = _do(order, notebook)
    except KeyboardInterrupt:
        notebook.end("cancelled")
    except Exception as error:  # noqa: BLE001 (whoever watches must hear of it)
        from mooring_jupyter.web.failures import problem_of

        notebook.end("failed", error=problem_of(error))
    else:
        notebook.end("done", result=result)
    return 0


def _do(order: dict[str, Any], notebook: Notebook) -> str:
    from mooring.workspace import Workspace
    from mooring_jupyter.jobs import doing

    with Workspace.open(order["workspace"]) as workspace:
        job = doing.Doing(workspace, Path(order["root"]), notebook)
        return doing.WORK[order["kind"]](job, **order["arguments"])


if __name__ == "__main__":
    with contextlib.suppress(IndexError):
        raise SystemExit(main(sys.argv[1]))
