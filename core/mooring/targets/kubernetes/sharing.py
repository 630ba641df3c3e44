"""A path below an address that others use, too: the Ingress or HTTPRoute of a service, and where it leads from outside.

Pods answer below the path themselves, so no controller has to rewrite anything. TLS ends at the address.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from mooring.targets.kubernetes.cluster import Cluster
from mooring.targets.kubernetes.computes import Compute
from mooring.targets.kubernetes.errors import GatewayMissing, IngressClassMissing, KubernetesTrouble
from mooring.targets.kubernetes.kinds import (
    EVENT,
    GATEWAY,
    HTTP_ROUTE,
    INGRESS,
    INGRESS_CLASS,
    Kind,
    new_object,
)
from mooring.targets.kubernetes.place import KubernetesPlace

Json = dict[str, Any]

_PORTS = {"http": 80, "https": 443}
_REASONS = {
    "NotAllowedByListeners": "none of its listeners allows routes of this namespace",
    "NoMatchingListenerHostname": "none of its listeners has the host name",
    "NoMatchingParent": "it has no such listener",
}
"""Of the Gateway API's reasons for refusing a route, those that controllers often leave without a message."""


def path_prefix(place: KubernetesPlace) -> str:
    """Path below which a shared address has the service, as v1's front-end had it; empty for an own address."""
    return f"/api/v1/service/{place.service}" if place.compute.is_address_shared else ""


def exposing_objects(place: KubernetesPlace, port: int) -> list[Json]:
    """The Ingress or HTTPRoute of a service; none when its Service is enough."""
    if place.compute.expose == "ingress":
        return [_ingress(place, port)]
    if place.compute.expose == "gateway":
        return [_route(place, port)]
    return []


def _ingress(place: KubernetesPlace, port: int) -> Json:
    compute = place.compute
    backend = {"service": {"name": place.service, "port": {"number": port}}}
    path = {"path": path_prefix(place), "pathType": "Prefix", "backend": backend}
    rule: Json = {"http": {"paths": [path]}}
    if compute.host_name:
        rule["host"] = compute.host_name
    spec: Json = {"ingressClassName": compute.ingress_class, "rules": [rule]}
    if compute.ssl_cert:
        hosts = {"hosts": [compute.host_name]} if compute.host_name else {}
        spec["tls"] = [{"secretName": place.tls_secret, **hosts}]
    return new_object(INGRESS, place.service, spec=spec)


def _route(place: KubernetesPlace, port: int) -> Json:
    namespace, name = _gateway_of(place.compute, place.namespace)
    rule = {
        "matches": [{"path": {"type": "PathPrefix", "value": path_prefix(place)}}],
        "backendRefs": [{"name": place.service, "port": port}],
    }
    spec: Json = {"parentRefs": [{"name": name, "namespace": namespace}], "rules": [rule]}
    if place.compute.host_name:
        spec["hostnames"] = [place.compute.host_name]
    return new_object(HTTP_ROUTE, place.service, spec=spec)


def _gateway_of(compute: Compute, namespace: str) -> tuple[str, str]:
    named, _, name = compute.gateway.rpartition("/")
    return named or namespace, name


def shared_urls(cluster: Cluster, place: KubernetesPlace) -> Iterator[str]:
    """URLs at which the shared address may have the service, likely ones first."""
    roots = _of_ingress if place.compute.expose == "ingress" else _of_gateway
    for root in roots(cluster, place):
        yield f"{root}{path_prefix(place)}"


def _of_ingress(cluster: Cluster, place: KubernetesPlace) -> Iterator[str]:
    compute = place.compute
    if compute.host_url:
        yield compute.host_url
        return
    found = cluster.find(INGRESS, place.namespace, place.service) or {}
    for host in [compute.host_name] if compute.host_name else assigned(found):
        yield f"{compute.scheme}://{host}"


def _of_gateway(cluster: Cluster, place: KubernetesPlace) -> Iterator[str]:
    """What was said, completed by the Gateway's addresses and listeners where these may be read."""
    if "://" in place.compute.host:
        yield place.compute.host_url
        return
    said = urlsplit(place.compute.host_url)
    try:
        gateway = cluster.find(GATEWAY, *_gateway_of(place.compute, place.namespace)) or {}
    except KubernetesTrouble:  # not ours to read
        gateway = {}
    listeners = [each for each in (gateway.get("spec") or {}).get("listeners") or [] if _scheme(each)]
    if said.port or (said.hostname and not listeners):
        yield place.compute.host_url
        return
    addresses = (gateway.get("status") or {}).get("addresses") or []
    for listener in sorted(listeners, key=_scheme, reverse=True):  # HTTPS before HTTP
        own = str(listener.get("hostname") or "")
        named = said.hostname or ("" if own.startswith("*") else own)
        port = int(listener["port"])
        ending = "" if _PORTS[_scheme(listener)] == port else f":{port}"
        for host in [named] if named else [str(each["value"]) for each in addresses]:
            yield f"{_scheme(listener)}://{host}{ending}"


def _scheme(listener: Json) -> str:
    name = str(listener.get("protocol") or "").lower()
    return name if name in _PORTS else ""


def assigned(found: Json) -> list[str]:
    """Addresses that the cluster has given a Service or Ingress."""
    entries = ((found.get("status") or {}).get("loadBalancer") or {}).get("ingress") or []
    return [str(entry.get("ip") or entry.get("hostname")) for entry in entries]


def is_taken_up(cluster: Cluster, place: KubernetesPlace, kind: Kind) -> bool:
    """Whether a controller has seen the object: it says so in its status or in events, or keeps a finalizer on it."""
    found = cluster.find(kind, place.namespace, place.service) or {}
    wanted = f"involvedObject.kind={kind.name},involvedObject.name={place.service}"
    return bool(
        (found.get("status") or {}).get("parents")
        or (found.get("metadata") or {}).get("finalizers")
        or cluster.items(EVENT, place.namespace, fields=wanted)
    )


def lack(cluster: Cluster, compute: Compute, namespace: str) -> KubernetesTrouble | None:
    """What the compute target names and the cluster has not; None also when that may not be seen."""
    try:
        if compute.expose == "gateway":
            return _gateway_lack(cluster, compute, namespace)
        if compute.expose == "ingress" and cluster.find(INGRESS_CLASS, None, compute.ingress_class) is None:
            there = ", ".join(each["metadata"]["name"] for each in cluster.items(INGRESS_CLASS, None))
            return IngressClassMissing(
                f"{cluster.name} has no IngressClass {compute.ingress_class!r}; it has {there or 'none'}.",
                "Name one that is there: mooring computetarget update -n NAME --ingress-class CLASS. Until then services are reached by a port-forward of this machine.",
            )
    except KubernetesTrouble:
        pass
    return None


def _gateway_lack(cluster: Cluster, compute: Compute, namespace: str) -> GatewayMissing | None:
    if cluster.ask("GET", f"/apis/{GATEWAY.version}") is None:
        return GatewayMissing(
            f"{cluster.name} has no Gateway API, which --expose gateway asks for.",
            "Install a Gateway controller, or choose another way: mooring computetarget update -n NAME --expose node-port.",
        )
    within, name = _gateway_of(compute, namespace)
    if cluster.find(GATEWAY, within, name) is None:
        return GatewayMissing(
            f"{cluster.name} has no Gateway {name!r} in namespace {within}.",
            "Name one that is there: mooring computetarget update -n NAME --gateway NAMESPACE/NAME; `kubectl get gateways -A` lists them.",
        )
    return None


def refusal(cluster: Cluster, place: KubernetesPlace) -> str:
    """Why no controller takes the Ingress or route; empty while nothing says so."""
    missing = lack(cluster, place.compute, place.namespace)
    if missing is not None:
        return missing.cause.rstrip(".")
    if place.compute.expose != "gateway":
        return ""
    route = cluster.find(HTTP_ROUTE, place.namespace, place.service) or {}
    for parent in (route.get("status") or {}).get("parents") or []:
        for condition in parent.get("conditions") or []:
            if condition["status"] == "False" and condition["type"] in ("Accepted", "ResolvedRefs"):
                reason = str(condition["reason"])
                said = _REASONS.get(reason) or str(condition.get("message") or "").rstrip(".") or reason
                return f"{place.compute.gateway} refuses its route: {said} ({reason})"
    return ""
