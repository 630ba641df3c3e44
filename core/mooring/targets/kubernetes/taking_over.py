"""When a new revision serves, the old one still may for a moment: until every proxy of the cluster has heard of it."""

from __future__ import annotations

import re
import time

from mooring.deployments.target import Reporter
from mooring.targets.kubernetes.cluster import Cluster
from mooring.targets.kubernetes.place import KubernetesPlace
from mooring.targets.kubernetes.reaching import Address, ask

_INFO = re.compile(rb'mooring_service_info\{revision="(\d+)"\}')
_WITHIN_S = 15.0
_IN_A_ROW = 8
_LOOK_EVERY_S = 0.05


def await_only(
    cluster: Cluster,
    place: KubernetesPlace,
    address: Address,
    revision: int,
    reporter: Reporter,
    *,
    is_update: bool,
) -> None:
    """Return once one revision alone answers at the address: several new connections in a row say so.

    A service that hides its numbers can't be asked; then its pods' readiness has to do.
    """
    _ = cluster, place
    began = time.monotonic()
    in_a_row = 0
    while in_a_row < (_IN_A_ROW if is_update else 1) and time.monotonic() - began < _WITHIN_S:
        status, page = ask(address.base, "/metrics")
        found = _INFO.search(page)
        if status and found is None:
            break
        in_a_row = in_a_row + 1 if found and int(found[1]) == revision else 0
        if not in_a_row:
            time.sleep(_LOOK_EVERY_S)
    if is_update:
        seconds = time.monotonic() - began
        text = (
            f"revision {revision} alone answers, {seconds:.1f} s after it was ready; the one before it drains"
        )
        reporter.event("switch", text, data={"seconds": round(seconds, 3)})
