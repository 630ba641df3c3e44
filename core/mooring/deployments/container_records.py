"""The log of a service in containers: records its supervisors wrote, and what was saved of containers that are gone.

Records are numbered in microseconds since 1970 by the supervisor that wrote them, so they have one order over all
containers of a service, and a number is a cursor.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterable, Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from mooring.deployments.values import LogLine

Record = dict[str, Any]

_SAVED_KEPT = 10


def parse_records(lines: Iterable[bytes]) -> Iterator[Record]:
    """Records; what is none (an interpreter that could not start) becomes one, numbered after the one before it."""
    number = 0
    for line in lines:
        if not line.strip():
            continue
        try:
            record = json.loads(line)
            number = int(record["seq"])
        except (ValueError, KeyError, TypeError):
            number += 1
            text = line.decode("utf-8", "replace")
            record = {"seq": number, "time": None, "kind": "line", "stream": "stderr", "text": text}
        yield record


class SavedRecords:
    """Records of containers that are gone.

    Args:
        folder: One file a container, named by the number of its first record.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def save(self, records: list[Record]) -> None:
        """Keep the records of a container that is about to go; the oldest files go as new ones come."""
        if not records:
            return
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self._folder / f"{records[0]['seq']:020d}.jsonl"
        temporary = path.with_suffix(".new")
        text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
        temporary.touch(mode=0o600)
        temporary.write_text(text, encoding="utf-8")
        temporary.replace(path)
        for old in self._files()[:-_SAVED_KEPT]:
            old.unlink(missing_ok=True)

    def read(self, after: int = 0) -> Iterator[Record]:
        """Records above `after`, in order."""
        streams = [self._read_file(path, after) for path in self._files()]
        return heapq.merge(*streams, key=lambda record: record["seq"])

    def _files(self) -> list[Path]:
        return sorted(self._folder.glob("*.jsonl")) if self._folder.is_dir() else []

    def _read_file(self, path: Path, after: int) -> Iterator[Record]:
        try:
            lines = path.read_bytes().splitlines()
        except FileNotFoundError:
            return
        for line in lines:
            record: Record = json.loads(line)
            if record["seq"] > after:
                yield record


def as_line(record: Record, app_root: str) -> LogLine:
    """A record for people; paths inside the container become those of the laid-out copy on this machine."""
    worker = record.get("worker")
    written = record.get("time")
    return LogLine(
        time=datetime.fromtimestamp(written, tz=timezone.utc) if written else None,
        text=str(record["text"]).replace("/var/azureml-app", app_root) if app_root else str(record["text"]),
        stream=record.get("stream", "system"),
        source=f"worker-{worker}" if worker else "supervisor",
        cursor=str(record["seq"]),
    )
