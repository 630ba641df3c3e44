"""What a start left, finished or not, brought to an end: it serves, what served before it is back, or nothing is left."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Collection
from typing import Any

from mooring.deployments.target import Reporter
from mooring.targets.kubernetes.applying import Applier
from mooring.targets.kubernetes.cluster import Cluster
from mooring.targets.kubernetes.errors import KubernetesTrouble
from mooring.targets.kubernetes.judging import is_ending, name_of
from mooring.targets.kubernetes.kinds import DEPLOYMENT, POD
from mooring.targets.kubernetes.logs import save_logs
from mooring.targets.kubernetes.place import APP, REVISION, ROLE, KubernetesPlace
from mooring.targets.kubernetes.reaching import find_address
from mooring.targets.kubernetes.rollout import is_rolled_out
from mooring.targets.kubernetes.root import Root, Serving

Json = dict[str, Any]

_LOOK_EVERY_S = 0.1
_GONE_WITHIN_S = 30.0


def pods_of(cluster: Cluster, place: KubernetesPlace, revision: int = 0) -> list[Json]:
    """The pods that score: of a service or of one version of it; of one revision when that is given."""
    labels = {**place.workload_labels, ROLE: APP, **({REVISION: str(revision)} if revision else {})}
    return cluster.items(POD, place.namespace, labels=labels)


def settle_all(cluster: Cluster, root: Root) -> Root | None:
    """What interrupted starts left of every version is settled; None when nothing serves then."""
    settled = [_settled(cluster, root.of_version(version)) for version in root.versions]
    return next((each for each in settled if each is not None), None)


def undo(cluster: Cluster, root: Root, before: Serving | None, reporter: Reporter) -> None:
    """Whatever this start made goes, except for its log; what served is put back."""
    with contextlib.suppress(KubernetesTrouble):
        tried = root.trial
        save_logs(cluster, root.place, pods_of(cluster, root.place, tried.revision if tried else 0))
        if before is None:
            _remove(cluster, root)
            return
        _put_back(cluster, root, before, reporter)


def await_gone(cluster: Cluster, place: KubernetesPlace, ended_before: Collection[str] = ()) -> None:
    """The name is free again when this returns, unless the cluster takes very long."""
    give_up = time.monotonic() + _GONE_WITHIN_S
    while time.monotonic() < give_up:
        pods = [pod for pod in pods_of(cluster, place) if name_of(pod) not in ended_before]
        if Root.find(cluster, place) is None and all(is_ending(pod) and _is_over(pod) for pod in pods):
            return
        time.sleep(_LOOK_EVERY_S)


def _settled(cluster: Cluster, root: Root) -> Root | None:
    """What an interrupted start left is finished, put back or removed; None when nothing serves then."""
    place, trial, serving = root.place, root.trial, root.serving
    if trial is None:
        if serving is None:
            _remove(cluster, root)
            return None
        return root
    deployment = cluster.find(DEPLOYMENT, place.namespace, place.workload)
    if deployment is not None and _serves(deployment, trial.revision) and is_rolled_out(deployment):
        address = root.lasting_address or find_address(cluster, place)
        if address is not None:
            root.note_serving(trial.revision, trial.objects, address)
            applier = Applier(cluster, place, root, None)
            applier.prune(serving.objects if serving else [], trial.objects, keep_revision=trial.revision)
            return root
    save_logs(cluster, place, pods_of(cluster, place, trial.revision))
    if serving is not None:
        _put_back(cluster, root, serving, None)
        return root
    _remove(cluster, root)
    return None


def _put_back(cluster: Cluster, root: Root, before: Serving, reporter: Reporter | None) -> None:
    tried = root.trial.objects if root.trial else []
    applier = Applier(cluster, root.place, root, reporter)
    applier.apply_all(before.objects, keeps_replicas=True)
    applier.prune(tried, before.objects, keep_revision=before.revision)
    root.forget_trial()


def _remove(cluster: Cluster, root: Root) -> None:
    """What never served goes: a version, or, when it was the only one, everything."""
    place = root.place
    others = [version for version in root.versions if version != place.version]
    if others:
        Applier(cluster, place, root, None).remove_version()
        root.forget_version()
    else:
        Applier(cluster, place, root, None).remove_all()
        await_gone(cluster, place)


def _serves(deployment: Json, revision: int) -> bool:
    return bool(deployment["spec"]["template"]["metadata"]["labels"].get(REVISION) == str(revision))


def _is_over(pod: Json) -> bool:
    """Whether nothing of an ending pod runs any more."""
    states = (pod.get("status") or {}).get("containerStatuses") or []
    return not any((each.get("state") or {}).get("running") for each in states)
