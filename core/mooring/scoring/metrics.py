"""Counters and histograms of one worker, and their sum over all workers of a service.

Numbers live in one flat array of doubles, so that counting costs well under a microsecond. With a metrics folder the
array is a memory-mapped file that other workers read; a worker that takes over the file of a dead one goes on
counting where that stopped, so that counters never fall.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import zlib
from array import array
from bisect import bisect_left
from pathlib import Path
from typing import Any, Iterator, Sequence

__all__ = ["BATCH_BOUNDS", "GAUGES", "SECONDS_BOUNDS", "Layout", "Metrics"]

SECONDS_BOUNDS = (
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0,
)  # fmt: skip
BATCH_BOUNDS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0)
GAUGES = ("in_flight", "queue_depth", "connections", "init_seconds", "resident_bytes", "stuck_runs")
FIRST_STATUS, STATUSES = 100, 500
LABEL_BYTES = 512


class Layout:
    """Where each number stands in the array; a histogram is its buckets (one over the last bound) and its sum."""

    WIDTH = len(SECONDS_BOUNDS) + 2
    WAIT = STATUSES * WIDTH
    RUN = WAIT + WIDTH
    BATCH = RUN + WIDTH
    GAUGE = BATCH + len(BATCH_BOUNDS) + 2
    SIZE = GAUGE + len(GAUGES)


class Metrics:
    """What one worker counts.

    Args:
        folder: Shared with the other workers of the service; None counts for this process alone.
        models: `name:version` of each model, the label of every series.
    """

    def __init__(self, folder: str | None = None, models: Sequence[str] = ()) -> None:
        self.label = ",".join(models)
        self._folder = Path(folder) if folder else None
        self._file: Any = None
        self._cells: Any = array("d", bytes(8 * Layout.SIZE))
        if self._folder is not None:
            self._claim_file(self._folder)
        for place in range(Layout.GAUGE, Layout.SIZE):
            self._cells[place] = 0.0

    def count(self, status: int, seconds: float) -> None:
        """A response of that status went out that long after its request was complete."""
        if FIRST_STATUS <= status < FIRST_STATUS + STATUSES:
            self._observe((status - FIRST_STATUS) * Layout.WIDTH, SECONDS_BOUNDS, seconds)

    def note_run(self, waited_s: float, run_s: float | None) -> None:
        """A request waited for its run, and the run took that long."""
        self._observe(Layout.WAIT, SECONDS_BOUNDS, waited_s)
        if run_s is not None:
            self._observe(Layout.RUN, SECONDS_BOUNDS, run_s)

    def note_batch(self, size: int) -> None:
        """So many requests were answered by one run."""
        self._observe(Layout.BATCH, BATCH_BOUNDS, float(size))

    def set_gauge(self, name: str, value: float) -> None:
        """The present value of one of GAUGES."""
        self._cells[Layout.GAUGE + GAUGES.index(name)] = value

    def tables(self) -> Iterator[tuple[str, Any, bool]]:
        """Every worker's label, numbers and whether it is alive; this one's first."""
        yield self.label, self._cells, True
        if self._folder is not None:
            own = self._file.name
            for path in sorted(self._folder.glob("*.metrics")):
                if str(path) != own:
                    yield from _read_table(path)

    def _observe(self, start: int, bounds: Sequence[float], value: float) -> None:
        cells = self._cells
        cells[start + bisect_left(bounds, value)] += 1.0
        cells[start + len(bounds) + 1] += value

    def _claim_file(self, folder: Path) -> None:
        """Take the first file of this label that no living worker holds."""
        folder.mkdir(parents=True, exist_ok=True)
        label = self.label.encode()[:LABEL_BYTES]
        number = 0
        while True:
            path = folder / f"{zlib.crc32(label):08x}-{number}.metrics"
            file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b", buffering=0)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                file.close()
                number += 1
                continue
            break
        size = LABEL_BYTES + 8 * Layout.SIZE
        file.truncate(size)
        pages = mmap.mmap(file.fileno(), size)
        pages[:LABEL_BYTES] = label.ljust(LABEL_BYTES, b"\0")
        self._file = _Held(str(path), file)
        self._cells = memoryview(pages)[LABEL_BYTES:].cast("d")


class _Held:
    """A locked file and its name; closing it gives the lock up."""

    def __init__(self, name: str, file: Any) -> None:
        self.name = name
        self.file = file


def _read_table(path: Path) -> Iterator[tuple[str, Any, bool]]:
    try:
        with path.open("rb") as file:
            is_alive = _is_locked(file)
            content = file.read()
    except OSError:
        return
    if len(content) == LABEL_BYTES + 8 * Layout.SIZE:
        cells = array("d")
        cells.frombytes(content[LABEL_BYTES:])
        yield content[:LABEL_BYTES].rstrip(b"\0").decode("utf-8", "replace"), cells, is_alive


def _is_locked(file: Any) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    fcntl.flock(file, fcntl.LOCK_UN)
    return False


def add_up(tables: Iterator[tuple[str, Any, bool]]) -> list[tuple[str, list[float], list[list[float]]]]:
    """Per label: the summed numbers, and the gauges of each living worker."""
    sums: dict[str, tuple[list[float], list[list[float]]]] = {}
    for label, cells, is_alive in tables:
        total, gauges = sums.setdefault(label, ([0.0] * Layout.GAUGE, []))
        for place in range(Layout.GAUGE):
            if cells[place]:
                total[place] += cells[place]
        if is_alive:
            gauges.append([cells[place] for place in range(Layout.GAUGE, Layout.SIZE)])
    return [(label, total, gauges) for label, (total, gauges) in sorted(sums.items())]
