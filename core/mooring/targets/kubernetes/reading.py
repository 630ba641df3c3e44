"""What a service's pods wrote: each container's records, those before its last restart included."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from mooring.deployments.container_records import Record, parse_records
from mooring.targets.kubernetes.cluster import Cluster
from mooring.targets.kubernetes.judging import container_state, name_of
from mooring.targets.kubernetes.place import REVISION
from mooring.targets.kubernetes.pods import CONTAINER

Json = dict[str, Any]


def read_pod(cluster: Cluster, namespace: str, pod: Json, after: int = 0) -> list[Record]:
    """Records of a pod above `after`, in order, each with the pod's name and revision."""
    state = container_state(pod)
    current = state.get("state") or {}
    if not state or ("waiting" in current and not state.get("lastState")):
        return []
    name = name_of(pod)
    found: list[Record] = []
    if state.get("lastState") and not _is_older(state["lastState"], after):
        found += parse_records(cluster.read_log(namespace, name, CONTAINER, previous="true").splitlines())
    if "waiting" not in current:
        since = {"sinceTime": _time_of(after)} if after else {}
        found += parse_records(cluster.read_log(namespace, name, CONTAINER, **since).splitlines())
    revision = int(pod["metadata"]["labels"].get(REVISION) or 0)
    return [{**record, "pod": name, "revision_seen": revision} for record in found if record["seq"] > after]


def read_last_failure(cluster: Cluster, namespace: str, pod: Json) -> list[Record]:
    """Records of the last time its container ended; of the present time when it never did."""
    state = container_state(pod)
    name = name_of(pod)
    if (state.get("state") or {}).get("terminated") or not (state.get("lastState") or {}).get("terminated"):
        raw = cluster.read_log(namespace, name, CONTAINER)
    else:
        raw = cluster.read_log(namespace, name, CONTAINER, previous="true")
    return list(parse_records(raw.splitlines()))


def _is_older(last: Json, after: int) -> bool:
    """Whether the container's last try ended before a record that was seen."""
    ended = str((last.get("terminated") or {}).get("finishedAt") or "")
    try:
        finished = datetime.fromisoformat(ended.replace("Z", "+00:00"))
    except ValueError:
        return False
    return after > 0 and (finished.timestamp() + 2) * 1_000_000 < after


def _time_of(number: int) -> str:
    """The second a record's number falls into, as the API wants times."""
    moment = datetime.fromtimestamp(max(0, number // 1_000_000 - 1), tz=timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
