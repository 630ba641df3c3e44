"""What is short when a pod fits on no node, and what would fit."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import Any

from mooring.deployments.target import Crash
from mooring.targets.kubernetes.amounts import as_number
from mooring.targets.kubernetes.cluster import Cluster
from mooring.targets.kubernetes.errors import KubernetesTrouble
from mooring.targets.kubernetes.kinds import NODE, POD

Json = dict[str, Any]

_NODES = re.compile(
    r"(\d+)/(\d+) nodes are available: (.*?)(?:\. (?:preemption|no new claims).*)?$", re.DOTALL
)
_SHORT = re.compile(r"(\d+) Insufficient ([\w./-]*\w)")
_NAMES = {"cpu": "CPU", "memory": "memory", "ephemeral-storage": "disk"}
_GIB = 1024**3


def explain_unschedulable(cluster: Cluster, pod: Json, words: str) -> Crash:
    """Which resource is short on how many nodes, and what would fit, as far as nodes and their pods may be seen."""
    found = _NODES.search(words)
    short = _SHORT.findall(words)
    cause = f"No node has room for the pod: {words}"
    if found and short:
        said = ", ".join(f"{_NAMES.get(name, name)} on {count} of {found[2]}" for count, name in short)
        cause = f"No node has room for the pod ({_asked(pod)}): too little {said} node{'s' if found[2] != '1' else ''}."
    elif found:
        cause = f"None of {found[2]} nodes takes the pod: {found[3].strip().rstrip('.')}."
    return Crash(
        code="unschedulable", engine=cause, advice=_advice(_room(cluster), [name for _, name in short])
    )


def _asked(pod: Json) -> str:
    requests = _requests(pod)
    said = [
        f"{name} {value}"
        for name, value in (pod["spec"]["containers"][0]["resources"].get("requests") or {}).items()
    ]
    said += [f"{name} {requests[name]:g}" for name in requests if "/" in name]
    return "asks for " + ", ".join(said) if said else "asks for nothing"


def _advice(room: list[dict[str, float]], short: list[str]) -> str:
    if not room:
        return "Ask for less (cpu, memoryInGB, gpuCores), delete what is not needed, or add a node."
    best = max(
        room,
        key=lambda free: (min(free.get(name, 0.0) > 0 for name in short) if short else True, free["cpu"]),
    )
    fits = [f"cpu {_down(best['cpu']):g}", f"memoryInGB {_down(best['memory'] / _GIB):g}"]
    fits += [f"{name} {int(best.get(name, 0))}" for name in short if "/" in name]
    return f"The node with most room would take {', '.join(fits)}; ask for that, delete what is not needed, or add a node."


def _down(number: float) -> float:
    return max(0.0, int(number * 10) / 10)


def _room(cluster: Cluster) -> list[dict[str, float]]:
    """What is free on each node; nothing when it may not be seen."""
    with suppress(KubernetesTrouble, ValueError, KeyError):
        nodes = {
            node["metadata"]["name"]: _amounts(node["status"]["allocatable"])
            for node in cluster.items(NODE, None)
        }
        for pod in cluster.items(POD, None):
            free = nodes.get(pod["spec"].get("nodeName"))
            if free is None or (pod.get("status") or {}).get("phase") in ("Succeeded", "Failed"):
                continue
            for name, amount in _requests(pod).items():
                free[name] = free.get(name, 0.0) - amount
        return list(nodes.values())
    return []


def _requests(pod: Json) -> dict[str, float]:
    total: dict[str, float] = {}
    for container in pod["spec"]["containers"]:
        wanted = container.get("resources") or {}
        asked = {**(wanted.get("limits") or {}), **(wanted.get("requests") or {})}
        for name, amount in _amounts(asked).items():
            total[name] = total.get(name, 0.0) + amount
    return total


def _amounts(raw: dict[str, str]) -> dict[str, float]:
    return {name: as_number(str(amount)) for name, amount in raw.items()}
