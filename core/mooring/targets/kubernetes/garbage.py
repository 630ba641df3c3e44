"""What services that are gone left in the clusters of a workspace."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass

from mooring.targets.kubernetes.cluster import Cluster, Json
from mooring.targets.kubernetes.errors import KubernetesTrouble
from mooring.targets.kubernetes.kinds import CONFIG_MAP, DEPLOYMENT, SECRET, SERVICE, Kind
from mooring.targets.kubernetes.place import SCOPE
from mooring.targets.kubernetes.place import SERVICE as SERVICE_LABEL

_LOOKED_THROUGH = (CONFIG_MAP, DEPLOYMENT, SERVICE, SECRET)


@dataclass(frozen=True)
class KubernetesGarbage:
    """An object that may go; what it owns goes with it.

    Attributes:
        kind: For people: `Deployment in ml`.
        name: Of the object.
        size_bytes: 0: nobody knows.
        reason: Why it may go.
        cluster: It is in.
        namespace: It is in.
        of: Its kind.
    """

    kind: str
    name: str
    size_bytes: int
    reason: str
    cluster: Cluster
    namespace: str
    of: Kind


def find_garbage(
    clusters: Collection[tuple[Cluster, str]], scope: str, services: Collection[str]
) -> list[KubernetesGarbage]:
    """Objects of services that are gone; of clusters that can't be asked none are known.

    Args:
        clusters: Each with a namespace to look in when not all may be seen.
        scope: Of the workspace.
        services: Names of those there are in it.
    """
    found: dict[tuple[str, str, str, str], KubernetesGarbage] = {}
    for cluster, namespace in clusters:
        roots: set[tuple[str, str]] = set()
        for kind in _LOOKED_THROUGH:
            for item in _items(cluster, kind, namespace, scope):
                meta = item["metadata"]
                service = str(meta["labels"].get(SERVICE_LABEL))
                if service in services or meta.get("deletionTimestamp"):
                    continue
                if kind is CONFIG_MAP and meta["name"] == service:
                    roots.add((meta["namespace"], service))
                elif (meta["namespace"], service) in roots:
                    continue  # its root is named already, and takes it along
                garbage = _garbage(cluster, kind, meta)
                found.setdefault((cluster.server, garbage.namespace, kind.name, garbage.name), garbage)
    return list(found.values())


def _garbage(cluster: Cluster, kind: Kind, meta: Json) -> KubernetesGarbage:
    place = str(meta["namespace"])
    where = f"{kind.name} in {place}"
    return KubernetesGarbage(where, str(meta["name"]), 0, "its service is gone", cluster, place, kind)


def _items(cluster: Cluster, kind: Kind, namespace: str, scope: str) -> list[Json]:
    """Of all namespaces, or of one where not all may be seen."""
    with suppress(KubernetesTrouble):
        return cluster.items(kind, None, labels={SCOPE: scope})
    with suppress(KubernetesTrouble):
        return cluster.items(kind, namespace, labels={SCOPE: scope})
    return []


def remove_garbage(found: Collection[KubernetesGarbage]) -> None:
    """Remove it, and what it owns."""
    for item in found:
        item.cluster.delete(item.of, item.namespace, item.name)
