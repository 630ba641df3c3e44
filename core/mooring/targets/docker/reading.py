"""What a container wrote, as the engine keeps it."""

from __future__ import annotations

from mooring.deployments.container_records import Record, parse_records
from mooring.engine import Engine

_FIRST_TAIL = 200


def read_container(engine: Engine, container: str, after: int = 0) -> list[Record]:
    """Records a container wrote with a number above `after`, in order.

    The engine reads its files from the end, so that asking again for what is new stays cheap.
    """
    tail: int | str = _FIRST_TAIL if after else "all"
    while True:
        with engine.told(container):
            raw: bytes = engine.questions.logs(container, stdout=True, stderr=True, tail=tail)
        records = list(parse_records(raw.splitlines()))
        reaches_back = tail == "all" or (records and records[0]["seq"] <= after)
        if reaches_back or raw.count(b"\n") < int(tail):
            return [record for record in records if record["seq"] > after]
        tail = int(tail) * 8
