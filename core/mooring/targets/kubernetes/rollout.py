"""Waiting for a revision to take over: its pods are watched until all serve, or until one surely never will."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mooring.deployments.container_failures import crash_told
from mooring.deployments.container_records import Record
from mooring.deployments.target import Crash, Reporter
from mooring.targets.kubernetes.cluster import Cluster
from mooring.targets.kubernetes.judging import (
    Sight,
    container_state,
    is_ending,
    is_ready,
    judge_pod,
    judge_set,
    name_of,
    needs_a_look,
)
from mooring.targets.kubernetes.kinds import DEPLOYMENT, EVENT, POD
from mooring.targets.kubernetes.place import REVISION, KubernetesPlace
from mooring.targets.kubernetes.reading import read_last_failure, read_pod
from mooring.targets.kubernetes.room import explain_unschedulable

Json = dict[str, Any]

_LOOK_EVERY_S = 0.2
_EVENTS_EVERY_S = 1.0
_GRACE_S = 20.0  # beyond what the supervisor allows: it reports a time-out by itself
_UNSCHEDULABLE_FOR_S = 8.0
_SCALES_UP = ("TriggeredScaleUp", "NominatedNode")


class Rollout:
    """One revision on its way.

    Args:
        cluster: It is in.
        place: Of the service.
        deployment: Name of its Deployment.
        revision: Its number.
        reporter: Told what the cluster does.
        hear: Told each record of the revision's first pod.
    """

    def __init__(
        self,
        cluster: Cluster,
        place: KubernetesPlace,
        deployment: str,
        revision: int,
        *,
        reporter: Reporter,
        hear: Callable[[Record], None],
    ) -> None:
        self._cluster = cluster
        self._place = place
        self._deployment = deployment
        self._revision = revision
        self._reporter = reporter
        self._hear = hear
        self._heard = 0
        self._first = ""
        self._events: list[Json] = []
        self._events_at = 0.0
        self._unschedulable_since: float | None = None

    def wait(self, within_s: float) -> Crash | None:
        """None once every replica of the revision serves, and no other does; else why not."""
        give_up = time.monotonic() + within_s + _GRACE_S
        while True:
            is_over, crash = self._look(within_s, is_late=time.monotonic() > give_up)
            if is_over:
                return crash
            time.sleep(_LOOK_EVERY_S)

    def _look(self, within_s: float, *, is_late: bool) -> tuple[bool, Crash | None]:
        """Whether it is over, and if so why it failed."""
        deployment = self._cluster.find(DEPLOYMENT, self._place.namespace, self._deployment)
        if deployment is None:
            return True, Crash(code="killed", engine="The Deployment was deleted while it started")
        pods = self.pods()
        self._listen(pods)
        if is_rolled_out(deployment) and pods and all(is_ready(pod) for pod in pods):
            return True, None
        crash = self._judge(pods, deployment)
        if crash is not None:
            return True, crash
        if is_late:
            return True, self._timed_out(pods, within_s)
        self._tell(deployment, pods)
        return False, None

    def pods(self) -> list[Json]:
        """The revision's pods that are not ending, oldest first."""
        labels = {**self._place.labels, REVISION: str(self._revision)}
        found = self._cluster.items(POD, self._place.namespace, labels=labels)
        return sorted(
            (pod for pod in found if not is_ending(pod)),
            key=lambda pod: (pod["metadata"]["creationTimestamp"], name_of(pod)),
        )

    # ---- looking ----------------------------------------------------------------------------------------------------

    def _listen(self, pods: list[Json]) -> None:
        if not pods:
            return
        pod = next((each for each in pods if name_of(each) == self._first), pods[0])
        self._first = name_of(pod)
        for record in read_pod(self._cluster, self._place.namespace, pod, self._heard):
            self._heard = record["seq"]
            self._hear(record)

    def _judge(self, pods: list[Json], deployment: Json) -> Crash | None:
        suspects = [pod for pod in pods if needs_a_look(pod)]
        if not suspects and time.monotonic() - self._events_at < _EVENTS_EVERY_S:
            return None
        self._read_events()
        crash = None if pods else judge_set(deployment, self._cluster.name)
        if crash is not None:
            return crash
        for pod in pods:
            crash = judge_pod(self._sight(pod))
            if crash is not None and crash.code == "unschedulable":
                crash = self._unschedulable(pod, crash.engine)
            if crash is not None:
                return crash
        if not suspects:
            self._unschedulable_since = None
        return None

    def _unschedulable(self, pod: Json, words: str) -> Crash | None:
        """Sure after a while: old pods may be leaving just now, or a node be on its way."""
        now = time.monotonic()
        self._unschedulable_since = self._unschedulable_since or now
        self._reporter.progress("started", words)
        comes = any(event.get("reason") in _SCALES_UP for event in self._events_about(pod))
        if comes or now - self._unschedulable_since < _UNSCHEDULABLE_FOR_S:
            return None
        return explain_unschedulable(self._cluster, pod, words)

    def _timed_out(self, pods: list[Json], within_s: float) -> Crash:
        if not pods:
            return Crash(timed_out_after_s=within_s, engine="No pod was made")
        pod = next((each for each in pods if not is_ready(each)), pods[0])
        crash = crash_told(self._sight(pod).records)
        words = [
            str(event.get("message")) for event in self._events_about(pod) if event.get("type") == "Warning"
        ]
        return replace(crash, timed_out_after_s=within_s, engine=words[-1] if words else "")

    def _tell(self, deployment: Json, pods: list[Json]) -> None:
        wanted = deployment["spec"].get("replicas", 1)
        ready = sum(is_ready(pod) for pod in pods)
        waiting = [_doing(pod) for pod in pods if not is_ready(pod)]
        doing = f": {waiting[0]}" if waiting and waiting[0] else ""
        self._reporter.progress("started", f"{ready} of {wanted} replicas ready{doing}")

    # ---- events -----------------------------------------------------------------------------------------------------

    def _read_events(self) -> None:
        self._events_at = time.monotonic()
        found = self._cluster.items(EVENT, self._place.namespace)
        mine = [
            event
            for event in found
            if str(event["involvedObject"].get("name", "")).startswith(self._deployment)
        ]
        self._events = sorted(mine, key=_when)

    def _events_about(self, pod: Json) -> list[Json]:
        uid = pod["metadata"]["uid"]
        return [event for event in self._events if event["involvedObject"].get("uid") == uid]

    def _sight(self, pod: Json) -> Sight:
        records = read_last_failure(self._cluster, self._place.namespace, pod) if container_state(pod) else []
        return Sight(pod, self._events_about(pod), records)


def is_rolled_out(deployment: Json) -> bool:
    """Whether all replicas are of the present template and available, and no others are left."""
    status, wanted = deployment.get("status") or {}, deployment["spec"].get("replicas", 1)
    return bool(
        status.get("observedGeneration", 0) >= deployment["metadata"]["generation"]
        and status.get("updatedReplicas", 0) == wanted
        and status.get("replicas", 0) == wanted
        and status.get("availableReplicas", 0) == wanted
    )


def _doing(pod: Json) -> str:
    state = (container_state(pod).get("state") or {}).get("waiting") or {}
    if state.get("reason"):
        return str(state["reason"])
    return str((pod.get("status") or {}).get("phase") or "")


def _when(event: Json) -> str:
    return str(event.get("lastTimestamp") or event.get("eventTime") or event["metadata"]["creationTimestamp"])
