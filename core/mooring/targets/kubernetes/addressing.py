"""The address that a service keeps: found once it serves, held up by who looks, and moved when the cluster assigns one."""

from __future__ import annotations

import contextlib
from dataclasses import replace

from mooring.deployments.target import Observation, Reporter
from mooring.targets.kubernetes.cluster import Cluster
from mooring.targets.kubernetes.errors import KubernetesTrouble
from mooring.targets.kubernetes.forwarding import Forward
from mooring.targets.kubernetes.observing import running_at
from mooring.targets.kubernetes.place import APP, ROUTER, KubernetesPlace
from mooring.targets.kubernetes.reaching import FORWARD, Address, find_address, find_assigned, may_be_assigned
from mooring.targets.kubernetes.root import Root
from mooring.targets.kubernetes.sharing import refusal


def address_of(cluster: Cluster, place: KubernetesPlace, root: Root, reporter: Reporter) -> Address:
    """The one the service has; else, or exposed in another way since, what the cluster exposes, or a forward of this machine.

    Raises:
        KubernetesTrouble: Not even the forward comes up.
    """
    if root.lasting_address is not None:
        return root.lasting_address
    reporter.progress("address", "looking for an address that answers")
    found = find_address(cluster, place)
    if found is None:
        found = Address(_forward(place, has_versions=bool(place.version)).ensure(), FORWARD)
        if may_be_assigned(place.compute):
            why = refusal(cluster, place) or f"nothing in {cluster.name} has given it an address"
            text = f"the {place.compute.expose} of {place.service} is pending: {why}; the URL moves there once it has one"
            reporter.event("address", text, data={"pending": place.compute.expose})
    elif root.address is not None and root.address.how == FORWARD:
        _forward(place, has_versions=bool(root.traffic)).stop()
    text = f"{found.base}, by {found.how}" + (
        "; nobody answers there from here yet" if found.is_silent else ""
    )
    reporter.event("address", text, data={"reached_by": found.how})
    return found


def kept_address(cluster: Cluster, place: KubernetesPlace, seen: Observation) -> Observation:
    """The observation of a service whose address is held up.

    A forward of this machine ends with it: whoever looks starts it again, on its port; or moves on to the address
    that the cluster has assigned meanwhile.
    """
    if seen.details.get("reached_by") != FORWARD:
        return seen
    with contextlib.suppress(KubernetesTrouble):
        moved = find_assigned(cluster, place) if may_be_assigned(place.compute) else None
        root = Root.find(cluster, place) if moved else None
        forward = _forward(place, has_versions=bool(seen.details.get("versions")))
        if moved is not None and root is not None:
            root.note_address(moved)
            forward.stop()
            details = {**seen.details, "reached_by": moved.how}
            return replace(seen, running=running_at(moved, place), details=details)
        if forward.is_wanted:
            forward.ensure()
    return seen


def _forward(place: KubernetesPlace, *, has_versions: bool) -> Forward:
    return Forward(place, ROUTER if has_versions else APP)
