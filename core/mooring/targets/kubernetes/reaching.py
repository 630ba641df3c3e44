"""How clients reach a service: what the cluster exposes, or, when it exposes nothing, a forward of this machine.

The address is found once, by asking for an answer, and kept on the service's root object; so it stays the same.
"""

from __future__ import annotations

import http.client
import ssl
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from mooring.targets.kubernetes.cluster import Cluster
from mooring.targets.kubernetes.computes import Compute
from mooring.targets.kubernetes.errors import KubernetesTrouble
from mooring.targets.kubernetes.kinds import HTTP_ROUTE, INGRESS, NODE, SERVICE
from mooring.targets.kubernetes.place import KubernetesPlace
from mooring.targets.kubernetes.sharing import assigned, is_taken_up, refusal, shared_urls

Json = dict[str, Any]

NODE_PORT, LOAD_BALANCER, INGRESS_RULE, ROUTE, FORWARD = (
    "node port",
    "load balancer",
    "ingress",
    "gateway",
    "port-forward of this machine",
)
_ASSIGNED = {"load-balancer": SERVICE, "ingress": INGRESS, "gateway": HTTP_ROUTE}
"""What somebody in the cluster has to take up before there is an address."""
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_OK = 200
_ANSWERS_WITHIN_S = 1.0
_LOOK_EVERY_S = 0.1
_SEARCH_S = {"node-port": 20.0, "load-balancer": 120.0, "ingress": 60.0, "gateway": 60.0}
_AUTO_S = 6.0
_UNASSIGNED_S = 10.0
_FIRST_ALONE_S = 3.0


@dataclass(frozen=True)
class Address:
    """Where a service is reached.

    Attributes:
        base: `http://host:port/prefix`, without a slash at its end.
        how: In words: `node port`, `load balancer`, `ingress`, `gateway`, `port-forward of this machine`.
        is_silent: Whether nobody answered there, from here and by now.
    """

    base: str
    how: str
    is_silent: bool = False


def service_type(compute: Compute) -> str:
    """Type of the Service object."""
    return {"auto": "NodePort", "node-port": "NodePort", "load-balancer": "LoadBalancer"}.get(
        compute.expose, "ClusterIP"
    )


def find_address(cluster: Cluster, place: KubernetesPlace) -> Address | None:
    """The first address at which the service answers; None when the cluster exposes none that is reachable from here."""
    expose = place.compute.expose
    if expose == "port-forward":
        return None
    began = time.monotonic()
    patience_s = _SEARCH_S.get(expose, _AUTO_S)
    while True:
        # A node port takes a moment to answer: the likeliest host is not to lose against the next one for that.
        is_early = time.monotonic() - began < _FIRST_ALONE_S
        found = list(islice(_candidates(cluster, place), 1 if is_early else None))
        for address in found:
            if answers(address.base):
                return address
        waited_s = time.monotonic() - began
        if not is_early and refusal(cluster, place):
            return None
        if not found and waited_s > _UNASSIGNED_S and not _is_being_assigned(cluster, place):
            return None
        if waited_s > patience_s:
            likeliest = next(_candidates(cluster, place), None) if expose != "auto" else None
            return replace(likeliest, is_silent=True) if likeliest else None
        time.sleep(_LOOK_EVERY_S)


def find_assigned(cluster: Cluster, place: KubernetesPlace) -> Address | None:
    """The address that the cluster has assigned by now, if it answers; one look."""
    return next((each for each in _candidates(cluster, place) if answers(each.base)), None)


def may_be_assigned(compute: Compute) -> bool:
    """Whether somebody in the cluster assigns services their addresses, at some time."""
    return compute.expose in _ASSIGNED


def _is_being_assigned(cluster: Cluster, place: KubernetesPlace) -> bool:
    kind = _ASSIGNED.get(place.compute.expose)
    return kind is None or is_taken_up(cluster, place, kind)


def _candidates(cluster: Cluster, place: KubernetesPlace) -> Iterator[Address]:
    compute = place.compute
    if compute.is_address_shared:
        how = INGRESS_RULE if compute.expose == "ingress" else ROUTE
        for url in shared_urls(cluster, place):
            yield Address(url, how)
    elif compute.expose == "load-balancer":
        found = cluster.find(SERVICE, place.namespace, place.service) or {}
        port = found["spec"]["ports"][0]["port"] if found else 0
        for host in assigned(found):
            yield Address(f"{compute.scheme}://{host}:{port}", LOAD_BALANCER)
    else:
        found = cluster.find(SERVICE, place.namespace, place.service) or {}
        port = found["spec"]["ports"][0].get("nodePort") if found else 0
        for host in _node_hosts(cluster, compute):
            yield Address(f"{compute.scheme}://{host}:{port}", NODE_PORT)


def _node_hosts(cluster: Cluster, compute: Compute) -> list[str]:
    """Hosts to try, likely ones first: what was said, this machine's own, the API server's, the nodes'."""
    if compute.ssl_cname or compute.host:
        return [compute.ssl_cname or compute.host]
    hosts = ["127.0.0.1" if cluster.host in _LOOPBACK else cluster.host]
    try:
        nodes = cluster.items(NODE, None)
    except KubernetesTrouble:  # a namespace's user need not see nodes
        return hosts
    for kind in ("ExternalIP", "InternalIP"):
        for node in nodes[:3]:
            hosts += [
                each["address"] for each in node["status"].get("addresses") or [] if each["type"] == kind
            ]
    return list(dict.fromkeys(hosts))


def answers(base: str, within_s: float = _ANSWERS_WITHIN_S) -> bool:
    """Whether somebody answers 200 there."""
    return ask(base, "/", within_s)[0] == _OK


def ask(base: str, path: str, within_s: float = _ANSWERS_WITHIN_S, bearer: str = "") -> tuple[int, bytes]:
    """Status and body of one GET over a connection of its own; status 0 when nobody answers."""
    parts = urlsplit(base)
    host, port = parts.hostname or "", parts.port
    if parts.scheme == "https":
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        connection: http.client.HTTPConnection = http.client.HTTPSConnection(
            host, port, timeout=within_s, context=context
        )
    else:
        connection = http.client.HTTPConnection(host, port, timeout=within_s)
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    with closing(connection):
        try:
            connection.request("GET", f"{parts.path}{path}", headers=headers)
            response = connection.getresponse()
            return response.status, response.read()
        except (OSError, http.client.HTTPException):
            return 0, b""
