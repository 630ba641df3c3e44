"""New keys for a service that runs."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from datetime import datetime, timezone

from mooring.targets.kubernetes.cluster import Cluster, Json
from mooring.targets.kubernetes.judging import is_ready, name_of
from mooring.targets.kubernetes.kinds import POD, SECRET
from mooring.targets.kubernetes.manifests import keys_object, owned
from mooring.targets.kubernetes.place import LABEL, KubernetesPlace
from mooring.targets.kubernetes.reaching import ask
from mooring.targets.kubernetes.root import Root

_WITHIN_S = 30.0
_LOOK_EVERY_S = 0.1
_ROUNDS = 3
_DENIED = 401


def apply_keys(
    cluster: Cluster, place: KubernetesPlace, root: Root, keys: bytes, pods: Iterable[Json]
) -> None:
    """Write the Secret, have each node bring it to its pods at once, and wait until they honour it.

    A node looks at Secrets once a minute unless something about a pod changes; so something does.
    """
    cluster.apply(SECRET, place.namespace, owned(keys_object(place, keys), root.object))
    ready = [pod for pod in pods if is_ready(pod)]
    note = {"metadata": {"annotations": {LABEL + "keys": datetime.now(timezone.utc).isoformat()}}}
    for pod in ready:
        cluster.merge(POD, place.namespace, name_of(pod), note)
    if root.address is None or not ready:
        return
    bearer = str(json.loads(keys).get("primary") or "")
    give_up = time.monotonic() + _WITHIN_S
    in_a_row = 0
    while in_a_row < _ROUNDS * len(ready) and time.monotonic() < give_up:
        status, _ = ask(root.address.base, "/swagger.json", bearer=bearer)
        in_a_row = in_a_row + 1 if status not in (0, _DENIED) else 0
        if not in_a_row:
            time.sleep(_LOOK_EVERY_S)
