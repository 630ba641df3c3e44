"""What keeps a service from running in a cluster, found before anything is made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mooring.deployments.releasing import auth_mode
from mooring.errors import MooringError
from mooring.findings import Finding
from mooring.targets.kubernetes.cluster import Cluster
from mooring.targets.kubernetes.errors import (
    GatewayMissing,
    KubernetesTrouble,
    NamespaceFixed,
    RegistryNotSet,
    RuleMissing,
)
from mooring.targets.kubernetes.kinds import CONFIG_MAP, NAMESPACE
from mooring.targets.kubernetes.permissions import missing_rules
from mooring.targets.kubernetes.place import SCOPE, KubernetesPlace
from mooring.targets.kubernetes.root import taken
from mooring.targets.kubernetes.sharing import lack
from mooring.targets.kubernetes.words import namespace_missing

if TYPE_CHECKING:
    from mooring.configs import DeploymentConfig

_SHOWN = 4


def check_deployment(
    cluster: Cluster, place: KubernetesPlace, before: KubernetesPlace | None, deployment: DeploymentConfig
) -> list[Finding]:
    """Findings about cluster, namespace, rights, registry and name.

    Args:
        cluster: To deploy to.
        place: That is wanted.
        before: Where the service is now; None when it is new.
        deployment: The config.
    """
    findings = [_as_finding(trouble) for trouble in _troubles(cluster, place, before)]
    if not findings and place.compute.expose != "port-forward" and auth_mode(deployment) == "off":
        problem = "The service answers everybody who reaches the cluster's address: authentication is off."
        remedy = "Set authEnabled or tokenAuthEnabled, unless something in front of it asks who comes."
        findings.append(
            Finding(code="exposed-without-auth", severity="warning", problem=problem, remedy=remedy)
        )
    return findings


def _troubles(
    cluster: Cluster, place: KubernetesPlace, before: KubernetesPlace | None
) -> list[KubernetesTrouble]:
    try:
        return _look(cluster, place, before)
    except KubernetesTrouble as trouble:
        return [trouble]


def _look(
    cluster: Cluster, place: KubernetesPlace, before: KubernetesPlace | None
) -> list[KubernetesTrouble]:
    found: list[KubernetesTrouble] = []
    if not place.compute.registry:
        found.append(
            RegistryNotSet(
                "It is not known from which registry the cluster pulls images.",
                "Name it: mooring computetarget update -n NAME --registry HOST:PORT/PATH, or MOORING_DOCKER_REGISTRY.",
            )
        )
    if before is not None and (before.namespace, before.compute.name) != (
        place.namespace,
        place.compute.name,
    ):
        found.append(
            NamespaceFixed(
                f"{place.service} runs in namespace {before.namespace} of {before.compute.name or 'the current cluster'}, "
                f"not in {place.namespace} of {place.compute.name or 'the current cluster'}.",
                "Deploy it there under another name, or delete it first.",
            )
        )
    way = lack(cluster, place.compute, place.namespace)
    if isinstance(way, GatewayMissing):  # the class of an Ingress may come later: its address moves there
        found.append(way)
    if not _namespace_exists(cluster, place.namespace):
        return [*found, namespace_missing(place.namespace, cluster.name)]
    missing = missing_rules(cluster, place.namespace)
    if missing:
        more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
        return [
            *found,
            RuleMissing(
                f"You may not do all that is needed in namespace {place.namespace}: {', '.join(missing[:_SHOWN])}{more}.",
                f"Have an administrator apply what `mooring computetarget role --namespace {place.namespace}` prints.",
                "\n".join(missing),
            ),
        ]
    root = cluster.find(CONFIG_MAP, place.namespace, place.service)
    if root is not None and (root["metadata"].get("labels") or {}).get(SCOPE) != place.scope:
        found.append(taken(place, root))
    return found


def _namespace_exists(cluster: Cluster, namespace: str) -> bool:
    """Whether it does; taken for granted when it may not be seen."""
    try:
        return cluster.find(NAMESPACE, None, namespace) is not None
    except RuleMissing:
        return True


def _as_finding(error: MooringError) -> Finding:
    return Finding(code=error.code, severity="error", problem=error.problem, remedy=error.remedy)
