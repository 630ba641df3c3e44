"""The log of a service: all replicas merged, those that are gone included, with a cursor for each replica."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from mooring.deployments.container_records import Record, SavedRecords, as_line
from mooring.deployments.values import LogLine
from mooring.targets.kubernetes.cluster import Cluster, Json
from mooring.targets.kubernetes.judging import name_of
from mooring.targets.kubernetes.place import KubernetesPlace
from mooring.targets.kubernetes.reading import read_pod

_CURSOR = re.compile(r"(\d+)((?:;[a-z0-9.-]+=\d+)*)\Z")
_JUST_BEFORE = 1_000_000  # microseconds
_LATE = 10_000_000  # microseconds a replica's record may come after a later one of another replica


@dataclass
class Cursor:
    """Where a reader is: after the latest record, and after one of each replica that is behind it.

    Attributes:
        latest: Number of the latest record seen.
        behind: By pod; only of pods whose last record seen is an earlier one.
    """

    latest: int = 0
    behind: dict[str, int] = field(default_factory=dict[str, int])

    @staticmethod
    def parse(text: str) -> Cursor:
        """A cursor that was given before; anything else begins at the start."""
        found = _CURSOR.match(text)
        if not found:
            return Cursor()
        pairs = (pair.split("=") for pair in found[2].split(";") if pair)
        return Cursor(int(found[1]), {pod: int(number) for pod, number in pairs})

    def after(self, pod: str) -> int:
        """The last record of a pod that was seen, or may have been."""
        return self.behind.get(pod, self.latest if not self.behind else max(0, self.latest - _LATE))

    def saw(self, record: Record) -> Cursor:
        """The cursor after one more record."""
        behind = {**self.behind, str(record["pod"]): int(record["seq"])}
        latest = max(self.latest, int(record["seq"]))
        return Cursor(
            latest, {pod: number for pod, number in behind.items() if number > latest - 100 * _LATE}
        )

    def __str__(self) -> str:
        return str(self.latest) + "".join(f";{pod}={number}" for pod, number in sorted(self.behind.items()))


def read_logs(
    cluster: Cluster, place: KubernetesPlace, pods: Iterable[Json], *, after: str, last_start: bool
) -> Iterator[LogLine]:
    """The lines there are now, in the order they were written, each with a cursor."""
    cursor = Cursor.parse(after)
    streams = [list(_saved(place, cursor))]
    streams += [
        read_pod(cluster, place.namespace, pod, cursor.after(name_of(pod)) if cursor.latest else 0)
        for pod in pods
    ]
    records: list[Record] = list(heapq.merge(*streams, key=lambda record: record["seq"]))
    if last_start:
        records = _since_last_start(records)
    for record in records:
        cursor = cursor.saw(record)
        revision = int(record.get("revision_seen") or 0)
        line = as_line(record, str(place.app_root(revision)) if revision else "")
        yield replace(line, replica=str(record["pod"]), cursor=str(cursor))


def _saved(place: KubernetesPlace, cursor: Cursor) -> Iterator[Record]:
    for record in SavedRecords(place.folder / "logs").read():
        if record["seq"] > (cursor.behind.get(record["pod"], cursor.latest) if cursor.latest else 0):
            yield record


def _since_last_start(records: list[Record]) -> list[Record]:
    """From the first start of the latest revision's latest try."""
    starts = [at for at, record in enumerate(records) if record.get("event") == "generation-starting"]
    if not starts:
        return records
    pod = records[starts[-1]]["pod"]
    begin = max(at for at in starts if records[at]["pod"] == pod)
    number = records[begin]["seq"]
    return [
        record for record in records if record["pod"] == pod and record["seq"] >= _first(records, pod, number)
    ]


def _first(records: list[Record], pod: str, number: int) -> int:
    """The supervisor says that it starts just before the generation does."""
    before = [record["seq"] for record in records if record["pod"] == pod and record["seq"] < number]
    return before[-1] if before and number - before[-1] < _JUST_BEFORE else number


def save_logs(cluster: Cluster, place: KubernetesPlace, pods: Iterable[Json]) -> None:
    """Keep what pods wrote that are about to go."""
    saved = SavedRecords(place.folder / "logs")
    for pod in pods:
        saved.save(read_pod(cluster, place.namespace, pod))
