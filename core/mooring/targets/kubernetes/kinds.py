"""The kinds of objects a service is made of, and where the API has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote


@dataclass(frozen=True)
class Kind:
    """A kind of object.

    Attributes:
        name: `Deployment`.
        version: `apps/v1`.
        plural: `deployments`.
        is_namespaced: Whether it lives in a namespace.
    """

    name: str
    version: str
    plural: str
    is_namespaced: bool = True

    @property
    def group(self) -> str:
        """API group; empty for the core."""
        return self.version.rpartition("/")[0]

    def path(self, namespace: str | None, name: str = "") -> str:
        """Path of the object, or of all of them."""
        root = f"/apis/{self.version}" if self.group else f"/api/{self.version}"
        within = f"/namespaces/{quote(namespace)}" if namespace and self.is_namespaced else ""
        return f"{root}{within}/{self.plural}" + (f"/{quote(name)}" if name else "")


def new_object(kind: Kind, name: str, **content: Any) -> dict[str, Any]:
    """The manifest of an object."""
    return {"apiVersion": kind.version, "kind": kind.name, "metadata": {"name": name}, **content}


CONFIG_MAP = Kind("ConfigMap", "v1", "configmaps")
SECRET = Kind("Secret", "v1", "secrets")
SERVICE = Kind("Service", "v1", "services")
SERVICE_ACCOUNT = Kind("ServiceAccount", "v1", "serviceaccounts")
POD = Kind("Pod", "v1", "pods")
EVENT = Kind("Event", "v1", "events")
NODE = Kind("Node", "v1", "nodes", is_namespaced=False)
NAMESPACE = Kind("Namespace", "v1", "namespaces", is_namespaced=False)
DEPLOYMENT = Kind("Deployment", "apps/v1", "deployments")
REPLICA_SET = Kind("ReplicaSet", "apps/v1", "replicasets")
AUTOSCALER = Kind("HorizontalPodAutoscaler", "autoscaling/v2", "horizontalpodautoscalers")
DISRUPTION_BUDGET = Kind("PodDisruptionBudget", "policy/v1", "poddisruptionbudgets")
NETWORK_POLICY = Kind("NetworkPolicy", "networking.k8s.io/v1", "networkpolicies")
INGRESS = Kind("Ingress", "networking.k8s.io/v1", "ingresses")
INGRESS_CLASS = Kind("IngressClass", "networking.k8s.io/v1", "ingressclasses", is_namespaced=False)
GATEWAY = Kind("Gateway", "gateway.networking.k8s.io/v1", "gateways")
HTTP_ROUTE = Kind("HTTPRoute", "gateway.networking.k8s.io/v1", "httproutes")
ENDPOINT_SLICE = Kind("EndpointSlice", "discovery.k8s.io/v1", "endpointslices")
POD_METRICS = Kind("PodMetrics", "metrics.k8s.io/v1beta1", "pods")

ALL = {
    kind.name: kind
    for kind in (
        CONFIG_MAP,
        SECRET,
        SERVICE,
        SERVICE_ACCOUNT,
        DEPLOYMENT,
        AUTOSCALER,
        DISRUPTION_BUDGET,
        NETWORK_POLICY,
        INGRESS,
        HTTP_ROUTE,
    )
}
"""Kinds of which we make objects, by name."""
