"""The objects of a release, as they are applied and as `mooring service manifest` prints them."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path
from typing import Any

from mooring.deployments.calls import as_body
from mooring.deployments.contained import secret_files
from mooring.deployments.target import Release
from mooring.images.contract import KEYS_FILE, PORT
from mooring.targets.kubernetes.kinds import (
    CONFIG_MAP,
    DEPLOYMENT,
    DISRUPTION_BUDGET,
    NETWORK_POLICY,
    SECRET,
    SERVICE,
    SERVICE_ACCOUNT,
    new_object,
)
from mooring.targets.kubernetes.place import APP, LABEL, REVISION, ROLE, KubernetesPlace
from mooring.targets.kubernetes.pods import SAMPLE_FILE, pod_template
from mooring.targets.kubernetes.pulling import PULL_KEY, PULL_TYPE, pull_content
from mooring.targets.kubernetes.reaching import service_type
from mooring.targets.kubernetes.scaling import Scale, autoscaler
from mooring.targets.kubernetes.sharing import exposing_objects

Json = dict[str, Any]

SERVICE_PORT = 8080
HISTORY = 3


def release_objects(
    place: KubernetesPlace, release: Release, image: str, *, live: int | None, counts_requests: bool
) -> list[Json]:
    """Every object of a release but its Secrets, in the order they are applied.

    Args:
        place: Of the service.
        release: To run.
        image: With its digest.
        live: Replicas there are now; None when it is new.
        counts_requests: See `autoscaler`.
    """
    scale = Scale.of(release.deployment)
    selected = {**place.workload_labels, ROLE: APP}
    name = place.workload
    # Of an endpoint only the routers are to be reached from outside; node ports are a way for them, too.
    kind_of_service = service_type(place.compute)
    if place.version and kind_of_service != "NodePort":
        kind_of_service = "ClusterIP"
    objects: list[Json] = [
        new_object(SERVICE_ACCOUNT, place.service, automountServiceAccountToken=False),
        new_object(SERVICE, name, spec=service_spec(kind_of_service, selected)),
        new_object(DEPLOYMENT, name, spec=_deployment(place, release, image, scale.now(live), selected)),
        new_object(DISRUPTION_BUDGET, name, spec=_disruption(scale, selected)),
    ]
    if scale.is_automatic and scale.most > scale.least:
        objects.append(autoscaler(name, scale, counts_requests=counts_requests))
    if place.compute.network_policy:
        objects.append(new_object(NETWORK_POLICY, name, spec=_only_the_port(selected)))
    if not place.version:
        objects += exposing_objects(place, SERVICE_PORT)
    return [labelled(each, place, release) for each in objects]


def secret_objects(place: KubernetesPlace, release: Release) -> list[Json]:
    """The Secrets of a release; never printed, never kept."""
    files = secret_files(release)
    own = {name: content for name, content in files.items() if name != KEYS_FILE}
    if release.sample is not None:
        own[SAMPLE_FILE] = as_body(release.sample)
    found = [_secret(place.revision_secret(release.revision), own)]
    if KEYS_FILE in files:
        found.append(_secret(place.keys_secret, {KEYS_FILE: files[KEYS_FILE]}))
    if place.compute.ssl_cert:
        pair = {"tls.crt": place.compute.ssl_cert, "tls.key": place.compute.ssl_key}
        content = {name: Path(os.path.expanduser(path)).read_bytes() for name, path in pair.items()}  # noqa: PTH111  leaves `~nobody` as it is; Path's own raises
        found.append({**_secret(place.tls_secret, content), "type": "kubernetes.io/tls"})
    login = pull_content(place)
    if login is not None:
        found.append({**_secret(place.pull_secret, {PULL_KEY: login}), "type": PULL_TYPE})
    return [labelled(each, place, release) for each in found]


def root_object(place: KubernetesPlace) -> Json:
    """The object that owns all others: who has it has the name."""
    about = {"service": place.service, "workspace": place.settings.workspace, "madeBy": place.made_by}
    manifest = new_object(CONFIG_MAP, place.service, data={"about.json": json.dumps(about)})
    manifest["metadata"]["labels"] = {**usual_labels(place.service), **place.labels}
    return manifest


def keys_object(place: KubernetesPlace, keys: bytes) -> Json:
    """The Secret with the service's keys."""
    manifest = _secret(place.keys_secret, {KEYS_FILE: keys})
    manifest["metadata"]["labels"] = {**usual_labels(place.service), **place.labels}
    return manifest


def labelled(manifest: Json, place: KubernetesPlace, release: Release) -> Json:
    """The manifest with labels that lead back to service and revision."""
    labels = {**usual_labels(place.service), **place.workload_labels, REVISION: str(release.revision)}
    metadata = {**manifest["metadata"], "labels": {**manifest["metadata"].get("labels", {}), **labels}}
    return {**manifest, "metadata": metadata}


def usual_labels(service: str) -> dict[str, str]:
    """What Kubernetes people expect on everything of an application."""
    return {
        "app.kubernetes.io/name": service,
        "app.kubernetes.io/instance": service,
        "app.kubernetes.io/managed-by": "mooring",
    }


def _secret(name: str, files: dict[str, bytes]) -> Json:
    encoded = {key: base64.b64encode(content).decode() for key, content in files.items()}
    return new_object(SECRET, name, type="Opaque", data=encoded)


def service_spec(kind: str, selected: dict[str, str]) -> Json:
    """A Service of that type for the pods with these labels."""
    return {
        "type": kind,
        "selector": selected,
        "ports": [{"name": "http", "port": SERVICE_PORT, "targetPort": PORT, "protocol": "TCP"}],
    }


def _deployment(
    place: KubernetesPlace, release: Release, image: str, replicas: int, selected: dict[str, str]
) -> Json:
    return {
        "replicas": replicas,
        "revisionHistoryLimit": HISTORY,
        "progressDeadlineSeconds": int(release.ready_within_s) + 30,
        "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": "25%", "maxUnavailable": 0}},
        "selector": {"matchLabels": selected},
        "template": pod_template(place, release, image, selected),
    }


def _disruption(scale: Scale, selected: dict[str, str]) -> Json:
    """One replica may be taken away at a time; of a single one nothing can be promised without blocking drains."""
    _ = scale
    return {"maxUnavailable": 1, "selector": {"matchLabels": selected}}


def _only_the_port(selected: dict[str, str]) -> Json:
    return {
        "podSelector": {"matchLabels": selected},
        "policyTypes": ["Ingress"],
        "ingress": [{"ports": [{"protocol": "TCP", "port": PORT}]}],
    }


def owned(manifest: Json, root: Json) -> Json:
    """The manifest as a dependant of the root: deleted with it."""
    owner = {
        "apiVersion": CONFIG_MAP.version,
        "kind": CONFIG_MAP.name,
        "name": root["metadata"]["name"],
        "uid": root["metadata"]["uid"],
        "controller": False,
        "blockOwnerDeletion": False,
    }
    return {**manifest, "metadata": {**manifest["metadata"], "ownerReferences": [owner]}}


def models_of(template: Json) -> str:
    """The models a pod template says it serves."""
    return str(template["metadata"].get("annotations", {}).get(LABEL + "models") or "")
