"""Why pods don't serve: from their states, their events and what their supervisors wrote, one sure cause or none."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from mooring.deployments.container_failures import crash_told
from mooring.deployments.container_records import Record
from mooring.deployments.target import Crash
from mooring.targets.kubernetes.amounts import as_bytes
from mooring.targets.kubernetes.pods import CONTAINER
from mooring.targets.kubernetes.words import refusal_in

Json = dict[str, Any]

_PULLING = (
    "ErrImagePull",
    "ImagePullBackOff",
    "InvalidImageName",
    "ErrImageNeverPull",
    "RegistryUnavailable",
)
_NOT_MADE = ("CreateContainerConfigError", "CreateContainerError", "RunContainerError")
# Whole numbers: a digest may well have 403 in it.
_WANTS_LOGIN = re.compile(r"unauthorized|authentication required|(?<!permission )denied|\b40[13]\b")
_NOT_THERE = re.compile(r"not found|manifest unknown|\b404\b")
_SAMPLE = re.compile(r"Sample answered (\d+): (.*)", re.DOTALL)
_KILLED = 9
_PUT_OUT = "Evicted"
_STORES_LESS = (
    "Write less below /tmp, or have whoever runs the namespace raise its limit on ephemeral storage."
)
_NEEDS_ROOM = (
    "Free the node's disk or memory, or ask for what the pod needs (memoryInGB), so that it is planned for."
)


@dataclass(frozen=True)
class Sight:
    """A pod with what is known about it.

    Attributes:
        pod: As the API gives it.
        events: About it, oldest first.
        records: What its supervisor wrote, at the last start that failed if there was one.
    """

    pod: Json
    events: list[Json]
    records: list[Record]


def name_of(thing: Json) -> str:
    """An object's name."""
    return str(thing["metadata"]["name"])


def container_state(pod: Json) -> Json:
    """The status of the scoring container; empty before there is one."""
    found = (pod.get("status") or {}).get("containerStatuses") or []
    return next((each for each in found if each["name"] == CONTAINER), {})


def is_ready(pod: Json) -> bool:
    """Whether it gets requests."""
    conditions = (pod.get("status") or {}).get("conditions") or []
    ready = any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)
    return ready and not is_ending(pod)


def is_ending(pod: Json) -> bool:
    """Whether it was told to end."""
    return bool(pod["metadata"].get("deletionTimestamp"))


def has_ended(pod: Json) -> bool:
    """Whether its container ended, now or before the present try."""
    state = container_state(pod)
    return bool(
        (state.get("state") or {}).get("terminated") or (state.get("lastState") or {}).get("terminated")
    )


def needs_a_look(pod: Json) -> bool:
    """Whether something about it may be wrong for good: cheap, from the pod alone."""
    waiting = (container_state(pod).get("state") or {}).get("waiting") or {}
    is_put_out = (pod.get("status") or {}).get("phase") == "Failed"
    return (
        is_put_out
        or has_ended(pod)
        or waiting.get("reason") in (*_PULLING, *_NOT_MADE)
        or _unscheduled(pod) != ""
    )


def judge_pod(sight: Sight) -> Crash | None:
    """The sure reason why a pod does not serve; None while it may still come up."""
    pod = sight.pod
    return (
        _evicted(sight)
        or _unschedulable(pod)
        or _not_pulled(sight)
        or _not_made(sight)
        or _ended(sight)
        or _bad_sample(sight)
    )


def judge_set(deployment: Json, cluster: str) -> Crash | None:
    """Why no pod is even made: quota, policy, missing account.

    From the Deployment's own condition: events of its sets have the names of those of a Deployment that was deleted just
    before, and go on for as long as the cluster takes to remove these.
    """
    for condition in (deployment.get("status") or {}).get("conditions") or []:
        if condition["type"] != "ReplicaFailure" or condition["status"] != "True":
            continue
        words = str(condition.get("message") or "")
        trouble = refusal_in(words, cluster)
        if trouble is not None:
            return Crash(code=trouble.code, engine=trouble.cause, advice=trouble.advice)
        return Crash(code="cluster", engine=words, advice="Read `kubectl get events` in the namespace.")
    return None


def _evicted(sight: Sight) -> Crash | None:
    """The node says so in an event before the container ends, and in the pod's status some time after."""
    pod, status = sight.pod, sight.pod.get("status") or {}
    told = [str(event.get("message")) for event in sight.events if event.get("reason") == _PUT_OUT]
    has_ended_by_itself = bool((container_state(pod).get("state") or {}).get("terminated"))
    if status.get("reason") == _PUT_OUT or told:
        said = str(status.get("message") or (told or [_PUT_OUT])[-1])
    elif status.get("phase") == "Failed" and not has_ended_by_itself:
        said = str(status.get("message") or status.get("reason") or "Failed")
    else:
        return None
    if "resource: memory" in said:
        limit = _limit(pod)
        return Crash(signal=_KILLED, memory_limit_bytes=limit, engine=f"Node out of memory (oom): {said}")
    return Crash(
        code="pod-evicted",
        engine=f"The node put pod {name_of(pod)} out: {said}",
        advice=_STORES_LESS if "ephemeral" in said or "EmptyDir" in said else _NEEDS_ROOM,
    )


def _unscheduled(pod: Json) -> str:
    for each in (pod.get("status") or {}).get("conditions") or []:
        if (
            each["type"] == "PodScheduled"
            and each["status"] == "False"
            and each.get("reason") == "Unschedulable"
        ):
            return str(each.get("message") or "no node fits")
    return ""


def _unschedulable(pod: Json) -> Crash | None:
    words = _unscheduled(pod)
    return Crash(code="unschedulable", engine=words) if words else None


def _not_pulled(sight: Sight) -> Crash | None:
    waiting = (container_state(sight.pod).get("state") or {}).get("waiting") or {}
    if waiting.get("reason") not in _PULLING:
        return None
    words = _pull_words(sight) or str(waiting.get("message") or "")
    image = sight.pod["spec"]["containers"][0]["image"]
    registry = image.partition("/")[0]
    lower = words.lower()
    if not words and waiting.get("reason") == "ErrImagePull":
        return None
    if _WANTS_LOGIN.search(lower):
        code, cause = "registry-unauthorised", f"The cluster may not pull {image}: {registry} wants a login."
        advice = (
            f"Log in to it once, mooring image login --registry {registry} -u USER: its services get a pull secret. "
            "Or name one that is there: mooring computetarget update -n NAME --pull-secret SECRET."
        )
    elif _NOT_THERE.search(lower):
        code, cause = "image-not-found", f"The registry has no image {image}."
        advice = "Deploy again, which pushes it; or see that the cluster pulls from the registry that was pushed to."
    elif "no match for platform" in lower or "exec format" in lower:
        code, cause = "wrong-architecture", f"{image} is for another processor than the node's."
        advice = "Build on a base image for the nodes' processor."
    else:
        code, cause = "registry-unreachable", f"The node can't pull {image} from {registry}."
        advice = "See that the registry runs, and that the nodes reach it under this name and trust it."
    return Crash(code=code, engine=f"{cause} ({_short(words)})" if words else cause, advice=advice)


def _pull_words(sight: Sight) -> str:
    found = [str(event.get("message")) for event in sight.events if event.get("reason") == "Failed"]
    return next((words for words in reversed(found) if "pull" in words and "BackOff" not in words), "")


def _not_made(sight: Sight) -> Crash | None:
    waiting = (container_state(sight.pod).get("state") or {}).get("waiting") or {}
    if waiting.get("reason") not in _NOT_MADE:
        return None
    return Crash(
        code="engine",
        engine=f"The node can't make the container: {waiting.get('message') or waiting.get('reason')}",
        log_tail=crash_told(sight.records).log_tail,
    )


def _ended(sight: Sight) -> Crash | None:
    state = container_state(sight.pod)
    ended = (state.get("state") or {}).get("terminated") or (state.get("lastState") or {}).get("terminated")
    if not ended:
        return None
    crash = crash_told(sight.records)
    limit = _limit(sight.pod)
    if ended.get("reason") == "OOMKilled" or crash.code == "memory-exceeded":
        peak = crash.memory_peak_bytes or limit
        words = "The kernel ended it: out of memory (oom)"
        return replace(
            crash,
            code="",
            engine=words,
            signal=_KILLED,
            exit_code=None,
            boot_error=None,
            memory_limit_bytes=limit,
            memory_peak_bytes=peak,
        )
    if crash.boot_error or crash.exit_code or crash.signal or crash.timed_out_after_s:
        return replace(crash, memory_limit_bytes=crash.memory_limit_bytes or limit)
    probe = _probe_words(sight.events)
    if probe and ended.get("exitCode") in (0, 137, 143):
        return replace(
            crash,
            code="probe-failed",
            engine=f"The cluster ended the container: {probe}",
            advice="Look at what run() does at that time; give livenessProbeRequirements more timeoutSeconds or failureThreshold.",
        )
    words = str(ended.get("message") or ended.get("reason") or "")
    return replace(crash, exit_code=ended.get("exitCode"), engine=words, memory_limit_bytes=limit)


def _probe_words(events: list[Json]) -> str:
    for event in reversed(events):
        words = str(event.get("message") or "")
        if event.get("reason") == "Unhealthy" and words.startswith("Liveness"):
            return _short(words)
    return ""


def _bad_sample(sight: Sight) -> Crash | None:
    for event in reversed(sight.events):
        found = (
            _SAMPLE.search(str(event.get("message") or "")) if event.get("reason") == "Unhealthy" else None
        )
        if found:
            tail = crash_told(sight.records).log_tail
            return Crash(
                code="sample-failed",
                engine=f"The model's sample request was answered with {found[1]}: {_short(found[2])}",
                advice="Correct run(), or the sample that is registered with the model; run() is not called with "
                "anything else before it gets requests.",
                log_tail=tail,
            )
    return None


def _limit(pod: Json) -> int | None:
    text = (pod["spec"]["containers"][0].get("resources") or {}).get("limits", {}).get("memory")
    return as_bytes(text) if text else None


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= 240 else f"{line[:237]}…"  # noqa: PLR2004
