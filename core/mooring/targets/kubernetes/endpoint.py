"""An endpoint: several versions of a service behind one address, and who gets how many requests."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

from mooring.deployments.target import Reporter
from mooring.settings import Settings
from mooring.targets.kubernetes.applying import Applier
from mooring.targets.kubernetes.cluster import Cluster
from mooring.targets.kubernetes.errors import KubernetesTrouble
from mooring.targets.kubernetes.kinds import DEPLOYMENT
from mooring.targets.kubernetes.rollout import is_rolled_out
from mooring.targets.kubernetes.root import Root
from mooring.targets.kubernetes.router import (
    MOST_VERSIONS,
    default_of,
    pushed_proxy,
    render_config,
    router_objects,
    ways_to,
)

_ROUTED_WITHIN_S = 90.0
_LOOK_EVERY_S = 0.2
_NODES_KNOW_AFTER_S = 3.0
"""Nodes hear of new routers a moment after they are there; until then a connection may still reach an old one."""
_HUNDRED = 100.0


class TrafficRefused(KubernetesTrouble):
    """Requests can't be shared out so."""

    code = "traffic-invalid"


class VersionUnknown(KubernetesTrouble):
    """The endpoint has no such version."""

    code = "version-not-found"


class Endpoint:
    """The versions of one endpoint.

    Args:
        cluster: They are in.
        root: Of the endpoint.
        settings: For the router's image.
    """

    def __init__(self, cluster: Cluster, root: Root, settings: Settings) -> None:
        self._cluster = cluster
        self._root = root
        self._settings = settings
        self._place = replace(root.place, version="")

    def with_version(self, version: str, wanted: dict[str, Any]) -> dict[str, Any]:
        """The traffic table once a version has what is wanted: `traffic`, `default`, `control`; None leaves it.

        Raises:
            TrafficRefused: More than everything would be assigned, or there are too many versions.
        """
        table = {name: dict(facts) for name, facts in self._root.traffic.items()}
        facts = table.setdefault(version, {"traffic": 0.0, "default": not table, "control": not table})
        if wanted.get("traffic") is not None:
            facts["traffic"] = float(wanted["traffic"])
        for mark in ("default", "control"):
            if wanted.get(mark):
                for other in table.values():
                    other[mark] = False
                facts[mark] = True
        if len(table) > MOST_VERSIONS:
            raise TrafficRefused(
                f"{self._place.service} has {MOST_VERSIONS} versions, which is the most.",
                f"Delete one first: {', '.join(sorted(self._root.traffic))}.",
            )
        total = sum(float(each["traffic"]) for each in table.values())
        if total > _HUNDRED:
            said = ", ".join(f"{name} {each['traffic']:g}" for name, each in sorted(table.items()))
            raise TrafficRefused(
                f"More than everything would be assigned: {total:g} % ({said}).",
                "Lower the trafficPercentile of a version.",
            )
        return table

    def without_version(self, version: str) -> dict[str, Any]:
        """The traffic table once a version is gone.

        Raises:
            VersionUnknown: There is none of that name.
            TrafficRefused: It is the default, or the only one.
        """
        table = {name: dict(facts) for name, facts in self._root.traffic.items()}
        self.require(version)
        if default_of(table) == version:
            others = ", ".join(sorted(name for name in table if name != version))
            way = f"Make another the default first ({others})" if others else "Delete the endpoint instead"
            raise TrafficRefused(f"{version} is the default version of {self._place.service}.", f"{way}.")
        del table[version]
        return table

    def require(self, version: str) -> None:
        """Accept the name of a version that is there.

        Raises:
            VersionUnknown: There is none.
        """
        if version not in self._root.traffic:
            known = ", ".join(sorted(self._root.traffic)) or "none"
            raise VersionUnknown(
                f"{self._place.service} has no version {version!r}.", f"Use one of its versions: {known}."
            )

    def route(self, table: dict[str, Any], reporter: Reporter | None) -> None:
        """Share requests out by the table; returns once the routers do.

        Raises:
            KubernetesTrouble: The routers don't come up.
        """
        places = [replace(self._place, version=version) for version in table]
        config = render_config(ways_to(self._cluster, places), table)
        image = pushed_proxy(self._settings, self._place.compute)
        objects = router_objects(self._place, image, config)
        Applier(self._cluster, self._place, self._root, reporter).apply_all(objects)
        self._root.note_traffic(table)
        give_up = time.monotonic() + _ROUTED_WITHIN_S
        while time.monotonic() < give_up:
            found = self._cluster.find(DEPLOYMENT, self._place.namespace, self._place.routes)
            if found is not None and is_rolled_out(found):
                time.sleep(_NODES_KNOW_AFTER_S)
                return
            time.sleep(_LOOK_EVERY_S)
        raise KubernetesTrouble(
            f"The routers of {self._place.service} did not come up within {_ROUTED_WITHIN_S:g} s.",
            f"Look at them: kubectl -n {self._place.namespace} describe deployment {self._place.routes}.",
        )

    def delete(self, version: str) -> None:
        """Remove a version, after nothing is sent to it any more."""
        table = self.without_version(version)
        self.route(table, None)
        place = replace(self._place, version=version)
        view = self._root.of_version(version)
        Applier(self._cluster, place, view, None).remove_version()
        view.forget_version()


def traffic_wanted(deployment: dict[str, Any]) -> dict[str, Any]:
    """What a deployment config says about the traffic of its version."""
    return {
        "traffic": deployment.get("trafficPercentile"),
        "default": deployment.get("isDefault"),
        "control": deployment.get("isControlVersionType"),
    }
