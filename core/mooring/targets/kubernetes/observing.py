"""How services are, as their clusters tell it: from one listing of everything that is ours."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from mooring.deployments.container_failures import as_seen_here, crash_told
from mooring.deployments.target import Crash, Observation, Running
from mooring.deployments.values import State
from mooring.targets.kubernetes.amounts import as_bytes, as_number
from mooring.targets.kubernetes.cluster import Cluster
from mooring.targets.kubernetes.errors import KubernetesTrouble
from mooring.targets.kubernetes.judging import (
    Sight,
    container_state,
    is_ending,
    is_ready,
    judge_pod,
    judge_set,
    name_of,
)
from mooring.targets.kubernetes.kinds import CONFIG_MAP, DEPLOYMENT, EVENT, POD, POD_METRICS
from mooring.targets.kubernetes.place import REVISION, ROLE, ROUTER, SERVICE, VERSION, KubernetesPlace
from mooring.targets.kubernetes.reaching import Address
from mooring.targets.kubernetes.reading import read_last_failure
from mooring.targets.kubernetes.room import explain_unschedulable
from mooring.targets.kubernetes.root import Root

Json = dict[str, Any]


@dataclass
class Found:
    """What a cluster has of one service."""

    root: Json | None = None
    deployments: list[Json] = field(default_factory=list[Json])
    pods: list[Json] = field(default_factory=list[Json])


def find_all(cluster: Cluster, namespace: str, labels: dict[str, str]) -> dict[str, Found]:
    """What there is with these labels, by service: three questions, however many services."""
    found: dict[str, Found] = {}
    for item in cluster.items(CONFIG_MAP, namespace, labels=labels):
        if name_of(item) == _service_of(item):  # an endpoint's router has one of its own
            found.setdefault(_service_of(item), Found()).root = item
    for item in cluster.items(DEPLOYMENT, namespace, labels=labels):
        found.setdefault(_service_of(item), Found()).deployments.append(item)
    for item in cluster.items(POD, namespace, labels=labels):
        found.setdefault(_service_of(item), Found()).pods.append(item)
    return found


def observe(cluster: Cluster, place: KubernetesPlace, found: Found | None) -> Observation:
    """What the cluster says about one service; that it can't be asked is part of the answer."""
    try:
        return _observe(cluster, place, found)
    except KubernetesTrouble as trouble:
        return out_of_reach(trouble)


def out_of_reach(trouble: KubernetesTrouble) -> Observation:
    """Nobody can know."""
    crash = Crash(code=trouble.code, engine=trouble.problem, advice=trouble.remedy)
    return Observation(present=True, state="Unhealthy", crash=crash)


@contextmanager
def out_of_reach_noted(seen: dict[str, Observation], service: str) -> Generator[None, None, None]:
    """Notes a service as out of reach when its place can't be told."""
    try:
        yield
    except KubernetesTrouble as trouble:
        seen[service] = out_of_reach(trouble)


def _observe(cluster: Cluster, place: KubernetesPlace, found: Found | None) -> Observation:
    if found is None:
        return Observation(present=False)
    if found.root is None:
        words = "Its root object was deleted; the rest is being cleaned up"
        pods_left = any(not is_ending(pod) for pod in found.pods)
        return Observation(present=pods_left, crash=Crash(code="not-running", engine=words))
    root = Root(cluster, place, found.root)
    known = [view.serving for view in (root.of_version(version) for version in root.versions)]
    serving = [each.revision for each in known if each is not None]
    if not serving:
        return Observation(present=True, state="Transitioning", details={"namespace": place.namespace})
    pods = [pod for pod in found.pods if not is_ending(pod) and pod["metadata"]["labels"].get(ROLE) != ROUTER]
    ready = [pod for pod in pods if is_ready(pod)]
    revision = max((each for each in serving if any(_revision(pod) == each for pod in ready)), default=None)
    seen = Observation(
        present=True,
        state="Unhealthy",
        revision=revision,
        running=running_at(root.address, place) if root.address else None,
        details={
            "namespace": place.namespace,
            "reached_by": root.address.how if root.address else "",
            **({"versions": root.traffic} if root.traffic else {}),
        },
    )
    if not found.deployments:
        return replace(
            seen, crash=Crash(code="not-running", engine=f"Its Deployment in {place.namespace} was deleted")
        )
    if ready:
        return replace(seen, state="Healthy")
    state, crash = _why(cluster, place, found.deployments[0], pods)
    if pods:
        crash = as_seen_here(crash, place.app_root(_revision(pods[0])))
    return replace(seen, state=state, crash=crash)


def _why(cluster: Cluster, place: KubernetesPlace, deployment: Json, pods: list[Json]) -> tuple[State, Crash]:
    if not deployment["spec"].get("replicas", 1):
        return "Unhealthy", Crash(code="not-running", engine="It was scaled to no replicas from outside")
    events = cluster.items(EVENT, place.namespace)
    for pod in pods:
        mine = [event for event in events if event["involvedObject"].get("uid") == pod["metadata"]["uid"]]
        records = read_last_failure(cluster, place.namespace, pod) if container_state(pod) else []
        crash = judge_pod(Sight(pod, mine, records))
        if crash is not None and crash.code == "unschedulable":
            return "Unschedulable", explain_unschedulable(cluster, pod, crash.engine)
        if crash is not None:
            return "Unhealthy", crash
        told = crash_told(records)
        if told.boot_error or told.signal:
            return "Unhealthy", told
    crash = None if pods else judge_set(deployment, cluster.name)
    return "Unhealthy", crash or Crash(code="not-running", engine="None of its replicas is ready")


def running_at(address: Address, place: KubernetesPlace) -> Running:
    """A service's address, as the desk knows it."""
    details = {"reached_by": address.how, "namespace": place.namespace, "compute": place.compute.name}
    return Running(f"{address.base}/score", f"{address.base}/swagger.json", None, details)


def replica_rows(cluster: Cluster, place: KubernetesPlace, pods: Iterable[Json]) -> list[Json]:
    """A row for each replica: state, node, restarts, CPU and memory where the cluster measures them."""
    try:
        measured = {
            name_of(item): item for item in cluster.items(POD_METRICS, place.namespace, labels=place.labels)
        }
    except KubernetesTrouble:
        measured = {}
    return [_row(pod, measured.get(name_of(pod))) for pod in sorted(pods, key=name_of)]


def _row(pod: Json, usage: Json | None) -> Json:
    state = container_state(pod)
    used = (usage or {}).get("containers") or []
    return {
        "name": name_of(pod),
        "state": pod_state(pod),
        "version": pod["metadata"]["labels"].get(VERSION) or "",
        "revision": _revision(pod),
        "node": pod["spec"].get("nodeName") or "",
        "restarts": state.get("restartCount", 0),
        "cpu": round(sum(as_number(each["usage"]["cpu"]) for each in used), 3) if used else None,
        "memory_bytes": sum(as_bytes(each["usage"]["memory"]) for each in used) if used else None,
        "started": (pod.get("status") or {}).get("startTime"),
    }


def pod_state(pod: Json) -> str:
    """One word for how a replica is."""
    if is_ending(pod):
        return "Terminating"
    if is_ready(pod):
        return "Ready"
    state = container_state(pod).get("state") or {}
    for kind in ("waiting", "terminated"):
        if state.get(kind):
            return str(state[kind].get("reason") or kind.capitalize())
    return "Starting" if state.get("running") else str((pod.get("status") or {}).get("phase") or "Pending")


def _service_of(item: Json) -> str:
    return str(item["metadata"]["labels"].get(SERVICE) or "")


def _revision(pod: Json) -> int:
    return int(pod["metadata"]["labels"].get(REVISION) or 0)
