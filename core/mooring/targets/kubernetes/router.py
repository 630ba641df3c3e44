"""The address of an endpoint with several versions: HAProxy, which shares requests out by weight.

Each request is shared out anew, whatever connection it came by, in a fixed rotation: of a thousand requests each
version gets its share within one in a hundred. A version none of whose pods answers is left out until one does.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from mooring.engine import Engine
from mooring.images.contract import USER_ID
from mooring.images.proxy import proxy_image
from mooring.images.pushing import push_image
from mooring.settings import Settings
from mooring.targets.kubernetes.cluster import Cluster
from mooring.targets.kubernetes.computes import Compute
from mooring.targets.kubernetes.errors import KubernetesTrouble
from mooring.targets.kubernetes.kinds import CONFIG_MAP, DEPLOYMENT, DISRUPTION_BUDGET, SERVICE, new_object
from mooring.targets.kubernetes.manifests import SERVICE_PORT, service_spec, usual_labels
from mooring.targets.kubernetes.place import LABEL, ROLE, ROUTER, KubernetesPlace
from mooring.targets.kubernetes.pods import DRAIN_S, LINGER_S
from mooring.targets.kubernetes.pulling import pull_secrets
from mooring.targets.kubernetes.reaching import service_type
from mooring.targets.kubernetes.sharing import exposing_objects

Json = dict[str, Any]

MOST_VERSIONS = 6
_PORT = 5001
_FIRST_INNER = 6001
_WHOLE = 256  # HAProxy's largest weight
_END = "kill -USR1 1; while kill -0 1 2>/dev/null; do sleep 0.2; done"
_CONFIG = """\
global
  maxconn 8192
  nbthread 1
  log stdout format raw daemon notice
  # Told to end (SIGUSR1), it goes on as before until every node has heard of it; each answer is its connection's
  # last by then, so that none is cut between two requests. What is under way after that is finished.
  grace {linger}s
  hard-stop-after {drain}s
defaults
  mode http
  log global
  timeout connect 2s
  timeout client 1h
  timeout server 1h
  timeout http-request 60s
  timeout http-keep-alive 75s
  timeout queue 60s
  retries 5
  option redispatch 1
  http-error status 503 content-type application/json string '{{"message": "No version of the endpoint is ready."}}'
frontend address
  bind :{port}
  monitor-uri /router-health
  option forwardfor
  http-after-response set-header Connection close if {{ stopping }}
  default_backend versions
backend versions
  balance roundrobin
  option httpchk GET /router-health
  http-reuse always
  default-server check inter 1s fall 1 rise 1
{shares}
{versions}"""
_VERSION = """\
frontend {name}
  bind 127.0.0.1:{inner}
  monitor-uri /router-health
  monitor fail if {{ nbsrv({name}) lt 1 }}
  default_backend {name}
backend {name}
  option http-server-close
  http-reuse never
  retry-on conn-failure
  default-server check inter 1s fall 2 rise 1
{servers}
"""


def weights(traffic: dict[str, Any]) -> dict[str, int]:
    """HAProxy's weight of each version: what is assigned, and to the default what is left.

    Args:
        traffic: By version `{"traffic": percent, "default": bool}`.
    """
    shares = {version: float(facts.get("traffic") or 0) for version, facts in traffic.items()}
    left = max(0.0, 100.0 - sum(shares.values()))
    default = default_of(traffic)
    if default:
        shares[default] += left
    return {version: round(share * _WHOLE / 100) for version, share in shares.items()}


def default_of(traffic: dict[str, Any]) -> str:
    """The version that gets what is not assigned; empty without any version."""
    named = [version for version, facts in traffic.items() if facts.get("default")]
    return named[0] if named else next(iter(traffic), "")


@dataclass(frozen=True)
class Way:
    """How routers reach a version.

    Attributes:
        cluster: Address and port of its Service.
        node_port: On every node, for clusters whose pods don't reach Services of their own node; 0 without one.
    """

    cluster: str
    node_port: int = 0


def render_config(ways: dict[str, Way], traffic: dict[str, Any]) -> str:
    """HAProxy's configuration.

    Args:
        ways: To each version.
        traffic: See `weights`.
    """
    shares = {version: share for version, share in sorted(weights(traffic).items()) if version in ways}
    inner = {version: _FIRST_INNER + number for number, version in enumerate(shares)}
    lines = [f"  server {name} 127.0.0.1:{inner[name]} weight {share}" for name, share in shares.items()]
    parts = [
        _VERSION.format(name=name, inner=inner[name], servers="\n".join(_servers(ways[name])))
        for name in shares
    ]
    return _CONFIG.format(
        port=_PORT,
        linger=LINGER_S,
        drain=LINGER_S + DRAIN_S,
        shares="\n".join(lines),
        versions="".join(parts),
    )


def _servers(way: Way) -> list[str]:
    servers = [f"  server cluster {way.cluster}"]
    if way.node_port:
        servers.append(f'  server node "${{HOST_IP}}:{way.node_port}" backup')
    return servers


def ways_to(cluster: Cluster, places: list[KubernetesPlace]) -> dict[str, Way]:
    """How each version is reached: by addresses, as names would need a cluster DNS."""
    found = {place.version: cluster.find(SERVICE, place.namespace, place.workload) for place in places}
    return {
        version: Way(
            f"{each['spec']['clusterIP']}:{SERVICE_PORT}", int(each["spec"]["ports"][0].get("nodePort") or 0)
        )
        for version, each in found.items()
        if each
    }


def pushed_proxy(settings: Settings, compute: Compute) -> str:
    """The proxy's image in the registry the cluster pulls from."""
    engine = Engine()
    image = proxy_image(engine, settings, lambda _text: None)
    name = f"mooring/front:{hashlib.sha256(image.encode()).hexdigest()[:12]}"
    pushed = push_image(
        engine, image, compute.registry, settings=settings, tell=lambda _text: None, name=name
    )
    return pushed.reference


def router_objects(place: KubernetesPlace, image: str, config: str) -> list[Json]:
    """Everything of the router, in the order it is applied."""
    if place.compute.pods_answer_https:
        raise KubernetesTrouble(
            "An endpoint with several versions can't answer HTTPS by itself here.",
            "Expose it by an Ingress or Gateway that has the certificate, or detach the certificate from the cluster.",
        )
    selected = {**place.labels, ROLE: ROUTER}
    usual = {**usual_labels(place.service), **place.labels}
    objects = [
        new_object(CONFIG_MAP, place.routes, data={"haproxy.cfg": config}),
        new_object(DEPLOYMENT, place.routes, spec=_deployment(place, image, config, selected)),
        new_object(
            DISRUPTION_BUDGET, place.routes, spec={"maxUnavailable": 1, "selector": {"matchLabels": selected}}
        ),
        new_object(SERVICE, place.service, spec=service_spec(service_type(place.compute), selected)),
        *exposing_objects(place, SERVICE_PORT),
    ]
    return [{**each, "metadata": {**each["metadata"], "labels": usual}} for each in objects]


def _deployment(place: KubernetesPlace, image: str, config: str, selected: dict[str, str]) -> Json:
    digest = hashlib.sha256(config.encode()).hexdigest()
    pull = pull_secrets(place)
    probe = {"httpGet": {"path": "/router-health", "port": _PORT}, "periodSeconds": 1, "timeoutSeconds": 2}
    container = {
        "name": "router",
        "image": image,
        "command": ["haproxy", "-db", "-f", "/etc/mooring/haproxy.cfg"],
        "ports": [{"name": "http", "containerPort": _PORT}],
        "env": [{"name": "HOST_IP", "valueFrom": {"fieldRef": {"fieldPath": "status.hostIP"}}}],
        "resources": {"requests": {"cpu": "50m", "memory": "64Mi"}, "limits": {"memory": "256Mi"}},
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
        },
        "readinessProbe": probe,
        "lifecycle": {"preStop": {"exec": {"command": ["sh", "-c", _END]}}},
        "volumeMounts": [{"name": "routes", "mountPath": "/etc/mooring", "readOnly": True}],
    }
    return {
        "replicas": 2 if place.compute.purpose == "FastProd" else 1,
        "revisionHistoryLimit": 1,
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
        "selector": {"matchLabels": selected},
        "template": {
            "metadata": {
                "labels": {**selected, "app.kubernetes.io/name": place.service},
                "annotations": {LABEL + "config": digest},
            },
            "spec": {
                **pull,
                "serviceAccountName": place.service,
                "automountServiceAccountToken": False,
                "enableServiceLinks": False,
                "terminationGracePeriodSeconds": LINGER_S + DRAIN_S + 5,
                "securityContext": {
                    "runAsNonRoot": True,
                    "runAsUser": USER_ID,
                    "runAsGroup": USER_ID,
                    "seccompProfile": {"type": "RuntimeDefault"},
                },
                "containers": [container],
                "volumes": [{"name": "routes", "configMap": {"name": place.routes}}],
            },
        },
    }
