"""Attach, size up, detach and delete clusters: what a compute target goes through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from mooring.findings import Finding
from mooring.settings import Settings
from mooring.targets.kubernetes.amounts import as_number
from mooring.targets.kubernetes.cluster import Cluster, contexts
from mooring.targets.kubernetes.computes import Compute, ComputeInUse, Computes, InvalidCompute, check_compute
from mooring.targets.kubernetes.errors import KubernetesTrouble, NoKubeconfig
from mooring.targets.kubernetes.kinds import NAMESPACE, NODE
from mooring.targets.kubernetes.local_clusters import delete_cluster
from mooring.targets.kubernetes.permissions import missing_rules
from mooring.targets.kubernetes.place import Places
from mooring.targets.kubernetes.sharing import lack

_PRODUCTION_CORES = 12
_DEV_CORES = 2


@dataclass(frozen=True)
class ClusterFacts:
    """What a cluster is, as far as we may see it.

    Attributes:
        server: Address of its API server.
        version: Of Kubernetes.
        nodes: How many; None when they may not be seen.
        cores: Of all nodes together.
        memory_bytes: Likewise.
    """

    server: str
    version: str
    nodes: int | None = None
    cores: float | None = None
    memory_bytes: int | None = None

    def to_dict(self) -> dict[str, Any]:
        """JSON form."""
        return {
            "server": self.server,
            "version": self.version,
            "nodes": self.nodes,
            "cores": self.cores,
            "memoryBytes": self.memory_bytes,
        }


def attach(settings: Settings, compute: Compute) -> list[Finding]:
    """Remember a cluster under a name; what about it may become a problem.

    Raises:
        ComputeExists, InvalidCompute: It can't be remembered so.
        KubernetesTrouble: Its context is not known, or nobody answers there.
    """
    check_compute(compute)
    known, active = contexts(compute.kubeconfig)
    names = [str(each["name"]) for each in known]
    wanted = replace(compute, context=compute.context or str(active.get("name") or ""))
    if wanted.context not in names:
        raise NoKubeconfig(
            f"The kubeconfig has no context {wanted.context!r}.", f"Use one of {', '.join(names) or 'none'}."
        )
    findings = size_up(settings, wanted)
    Computes(settings).add(wanted)
    return findings


def size_up(settings: Settings, compute: Compute) -> list[Finding]:
    """Whether the cluster is big enough for its purpose, has the namespace, and lets us do what is needed.

    Raises:
        KubernetesTrouble: Nobody answers there.
    """
    cluster = Cluster(compute.context, compute.kubeconfig)
    facts = fetch_facts(cluster)
    namespace = compute.namespace or cluster.default_namespace
    found: list[Finding] = []
    least = _PRODUCTION_CORES if compute.purpose == "FastProd" else _DEV_CORES
    if facts.cores is not None and facts.cores < least:
        problem = f"{compute.name} has {facts.cores:g} cores; {compute.purpose} asks for {least} or more."
        remedy = "Add nodes, or attach it with cluster_purpose DevTest (--cluster-purpose DevTest)."
        found.append(_warning("cluster-small", problem, remedy))
    way = lack(cluster, compute, namespace)
    if way is not None:
        found.append(_warning(way.code, way.problem, way.remedy))
    if not _has_namespace(cluster, namespace):
        problem = f"There is no namespace {namespace!r} in {cluster.name} yet."
        found.append(
            _warning("namespace-missing", problem, f"Create it: kubectl create namespace {namespace}.")
        )
        return found
    missing = missing_rules(cluster, namespace)
    if missing:
        problem = f"You may not do all that is needed in namespace {namespace}: {', '.join(missing[:4])}, …"
        remedy = (
            f"Have an administrator apply what `mooring computetarget role --namespace {namespace}` prints."
        )
        found.append(_warning("rbac-forbidden", problem, remedy))
    if not (compute.registry or settings.docker_registry):
        problem = "It is not known from which registry the cluster pulls images."
        found.append(_warning("registry-not-set", problem, "Name it with --registry HOST:PORT/PATH."))
    return found


def fetch_facts(cluster: Cluster) -> ClusterFacts:
    """What the cluster is.

    Raises:
        KubernetesTrouble: Nobody answers there.
    """
    version = str((cluster.ask("GET", "/version") or {}).get("gitVersion") or "")
    try:
        nodes = cluster.items(NODE, None)
    except KubernetesTrouble:  # a namespace's user need not see nodes
        return ClusterFacts(cluster.server, version)
    room = [node["status"]["allocatable"] for node in nodes]
    return ClusterFacts(
        cluster.server,
        version,
        len(nodes),
        sum(as_number(each["cpu"]) for each in room),
        round(sum(as_number(each["memory"]) for each in room)),
    )


def services_on(settings: Settings, name: str, services: Sequence[str]) -> list[str]:
    """Those of the services that run there."""
    places = Places(settings)
    known = ((service, places.known(service)) for service in services)
    return [service for service, place in known if place is not None and place.compute.name == name]


def detach(settings: Settings, name: str, services: Sequence[str]) -> None:
    """Forget a cluster; the cluster itself goes on.

    Raises:
        ComputeNotFound: None of that name is attached.
        ComputeInUse: Services run there.
    """
    Computes(settings).get(name)
    used = services_on(settings, name, services)
    if used:
        raise ComputeInUse(name=name, services=used)
    Computes(settings).remove(name)


def delete(settings: Settings, name: str, services: Sequence[str]) -> None:
    """Delete a cluster that `create` made, and forget it.

    Raises:
        ComputeNotFound: None of that name is attached.
        ComputeInUse: Services run there.
        InvalidCompute: It was attached, not made here.
    """
    compute = Computes(settings).get(name)
    used = services_on(settings, name, services)
    if used:
        raise ComputeInUse(name=name, services=used)
    if not compute.made_with:
        raise InvalidCompute(
            reason=f"{name} was attached, not created here: deleting it would delete somebody's cluster.",
            fix=f"Detach it: mooring computetarget detach -n {name}.",
        )
    delete_cluster(compute)
    Computes(settings).remove(name)


def _has_namespace(cluster: Cluster, namespace: str) -> bool:
    try:
        return cluster.find(NAMESPACE, None, namespace) is not None
    except KubernetesTrouble:
        return True


def _warning(code: str, problem: str, remedy: str) -> Finding:
    return Finding(code=code, severity="warning", problem=problem, remedy=remedy)
