"""The book of jobs of a workspace: begin, read, cancel, and forget what is old."""

from __future__ import annotations

import json
import os
import re
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mooring.errors import MooringError
from mooring_jupyter.jobs.record import ENDED, Owner, now, read_job

if TYPE_CHECKING:
    from mooring.settings import Settings
    from mooring_jupyter.jobs.work import Work
    from mooring_jupyter.shapes import Job

_KEPT_S = 24 * 3600
_ID = re.compile(r"[0-9a-f]{12}-[0-9a-f]{6}\Z")
_START_PATIENCE_S = 10.0


@dataclass(eq=False)
class JobNotFound(MooringError):
    """No job of that id, or one that was forgotten after a day."""

    code = "job-not-found"
    job: str

    @property
    def problem(self) -> str:
        """The id."""
        return f"There is no job {self.job!r}."

    @property
    def remedy(self) -> str:
        """Jobs are kept a day."""
        return "List the jobs there are; each is kept for a day."


class JobBook:
    """Long work of one workspace.

    Args:
        settings: Of the workspace.
        root: The folder that paths of requests start from.
    """

    def __init__(self, settings: Settings, root: Path) -> None:
        self.folder = settings.workspace_dir / "jobs"
        self._settings = settings
        self._root = root

    def begin(self, work: Work, *, user: str) -> Job:
        """Start a piece of work and say how it is."""
        self._forget_old()
        path = self.folder / f"{_new_id()}.jsonl"
        head = {
            "is": "job",
            "time": now(),
            "kind": work.kind,
            "subject": work.subject,
            "title": work.title,
            "user": user,
        }
        self.folder.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(head) + "\n", encoding="utf-8")
        order = {
            "workspace": self._settings.workspace,
            "root": str(self._root),
            "kind": work.kind,
            "arguments": work.arguments,
        }
        try:
            self._start(path, order)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
        return self.get(path.stem)

    def get(self, job: str) -> Job:
        """How a job is.

        Raises:
            JobNotFound: There is none.
        """
        return self._read(job)[0]

    def find(self, *, changed_after_ns: int = 0, among: Collection[str] = ()) -> list[Job]:
        """Jobs of the last day, newest first; with a time, those that wrote something since then, and those `among` ids."""
        chosen = (
            path for path, changed_ns in self._files() if changed_ns >= changed_after_ns or path.stem in among
        )
        return [found[0] for found in map(read_job, chosen) if found is not None]

    def newest_change_ns(self) -> int:
        """When a job wrote something last, in the file system's time; 0 when none ever did."""
        return max((changed_ns for _, changed_ns in self._files()), default=0)

    def cancel(self, job: str) -> Job:
        """Interrupt a job, as Ctrl-C would; what it began is undone. Nothing happens to one that has ended.

        Raises:
            JobNotFound: There is none.
        """
        current, owner = self._read(job)
        deadline = time.monotonic() + _START_PATIENCE_S
        while owner is None and current["status"] not in ENDED and time.monotonic() < deadline:
            time.sleep(0.02)  # it was started a moment ago and will tell its process at once
            current, owner = self._read(job)
        if owner is not None and current["status"] not in ENDED and owner.is_alive():
            os.kill(owner.pid, signal.SIGINT)
        return self.get(job)

    def _start(self, path: Path, order: dict[str, Any]) -> None:
        environment = {**os.environ, "MOORING_HOME": str(self._settings.home)}
        child = subprocess.Popen(
            [sys.executable, "-m", "mooring_jupyter.jobs.worker", str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env=environment,
            cwd=self._root,
        )
        if child.stdin is None:
            raise RuntimeError("a pipe was asked for")
        child.stdin.write(json.dumps(order).encode())
        child.stdin.close()
        # Somebody has to take note of its end, or it would stay a zombie.
        threading.Thread(target=child.wait, name="mooring-job", daemon=True).start()

    def _read(self, job: str) -> tuple[Job, Owner | None]:
        found = read_job(self.folder / f"{job}.jsonl") if _ID.match(job) else None
        if found is None:
            raise JobNotFound(job=job)
        return found

    def _files(self) -> list[tuple[Path, int]]:
        """Files of jobs with the time each changed, newest job first."""
        try:
            entries = [(Path(entry.path), entry.stat().st_mtime_ns) for entry in os.scandir(self.folder)]
        except FileNotFoundError:
            return []
        return sorted(entries, reverse=True)

    def _forget_old(self) -> None:
        horizon = time.time_ns() - _KEPT_S * 10**9
        for path, changed_ns in self._files():
            found = read_job(path) if changed_ns < horizon else None
            if found is not None and found[0]["status"] in ENDED:
                path.unlink(missing_ok=True)


def _new_id() -> str:
    """Sorts by time."""
    return f"{time.time_ns() // 10**6:012x}-{secrets.token_hex(3)}"
