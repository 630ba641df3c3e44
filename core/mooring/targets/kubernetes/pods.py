"""The pod template of a release: as few rights as it can live with, and the cluster's own care for it."""

from __future__ import annotations

from typing import Any

from mooring.deployments.contained import container_variables
from mooring.deployments.target import Release
from mooring.images.contract import PORT, SECRETS_DIR, USER_ID
from mooring.targets.kubernetes.place import LABEL, REVISION, KubernetesPlace
from mooring.targets.kubernetes.pulling import pull_secrets
from mooring.targets.kubernetes.sharing import path_prefix

CONTAINER = "scoring"
LINGER_S = 10
"""How long a pod that is told to end goes on as before, until every node's proxy has heard of it."""
DRAIN_S = 30
TLS_DIR = "/var/mooring-tls"
SAMPLE_FILE = "sample.json"

_GRACE_AFTER_S = 5
_DEAD_S = 5
_ALIVE = {"path": "/", "port": PORT}
_SHARED_MEMORY = "256Mi"
_GIB = 1024**3


def pod_template(
    place: KubernetesPlace, release: Release, image: str, labels: dict[str, str]
) -> dict[str, Any]:
    """The template of a release's pods.

    Args:
        place: Of the service.
        release: To run.
        image: With its digest.
        labels: That the pods are selected by.
    """
    return {
        "metadata": {
            "labels": {
                **labels,
                REVISION: str(release.revision),
                "app.kubernetes.io/name": release.service,
                "app.kubernetes.io/managed-by": "mooring",
            },
            "annotations": {
                "prometheus.io/scrape": "true",
                "prometheus.io/port": str(PORT),
                "prometheus.io/path": "/metrics",
                LABEL + "models": ",".join(model.id for model in release.models),
                LABEL + "environment": release.environment.digest,
            },
        },
        "spec": {
            "serviceAccountName": release.service,
            "automountServiceAccountToken": False,
            "enableServiceLinks": False,
            "terminationGracePeriodSeconds": LINGER_S + DRAIN_S + _GRACE_AFTER_S,
            "securityContext": {
                "runAsNonRoot": True,
                "runAsUser": USER_ID,
                "runAsGroup": USER_ID,
                "fsGroup": USER_ID,
                "seccompProfile": {"type": "RuntimeDefault"},
            },
            **pull_secrets(place),
            "topologySpreadConstraints": [
                {
                    "maxSkew": 1,
                    "topologyKey": "kubernetes.io/hostname",
                    "whenUnsatisfiable": "ScheduleAnyway",
                    "labelSelector": {"matchLabels": labels},
                }
            ],
            "containers": [_container(place, release, image)],
            "volumes": _volumes(place, release),
        },
    }


def _container(place: KubernetesPlace, release: Release, image: str) -> dict[str, Any]:
    return {
        "name": CONTAINER,
        "image": image,
        "imagePullPolicy": "IfNotPresent",
        "ports": [{"name": "http", "containerPort": PORT, "protocol": "TCP"}],
        "env": [{"name": name, "value": value} for name, value in _variables(place, release).items()],
        "resources": resources(place, release),
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "capabilities": {"drop": ["ALL"]},
            "readOnlyRootFilesystem": True,
        },
        "terminationMessagePolicy": "FallbackToLogsOnError",
        **_probes(place, release),
        "volumeMounts": _mounts(place),
    }


def _variables(place: KubernetesPlace, release: Release) -> dict[str, str]:
    values = {**container_variables(release, drain_s=DRAIN_S), "MOORING_LINGER_S": str(LINGER_S)}
    if path_prefix(place):
        values["SERVICE_PATH_PREFIX"] = path_prefix(place)
    if place.compute.pods_answer_https:
        values |= {"MOORING_TLS_CERT": f"{TLS_DIR}/tls.crt", "MOORING_TLS_KEY": f"{TLS_DIR}/tls.key"}
    return values


def resources(place: KubernetesPlace, release: Release) -> dict[str, Any]:
    """Requests and limits; without a memory limit the request is one, so that a leak ends its own pod first."""
    wanted = release.resources
    requests: dict[str, str] = {}
    limits: dict[str, str] = {}
    if wanted.cpu:
        requests["cpu"] = cores(wanted.cpu)
    if wanted.cpu_limit:
        limits["cpu"] = cores(wanted.cpu_limit)
    if wanted.memory_gb:
        requests["memory"] = memory(wanted.memory_gb)
    if wanted.memory_limit_gb or wanted.memory_gb:
        limits["memory"] = memory(wanted.memory_limit_gb or wanted.memory_gb or 0)
    if wanted.gpus:
        limits[place.compute.gpu_resource] = str(int(wanted.gpus))
    return {"requests": requests, "limits": limits}


def cores(number: float) -> str:
    """CPU as Kubernetes writes it."""
    return f"{round(number * 1000)}m"


def memory(gigabytes: float) -> str:
    """Memory as Kubernetes writes it."""
    return f"{round(gigabytes * 1024)}Mi"


def _probes(place: KubernetesPlace, release: Release) -> dict[str, Any]:
    """Ready is who answered a real sample, once, and is asked for a sign of life from then on."""
    wanted = release.deployment.get("livenessProbeRequirements") or {}
    alive = {**_ALIVE, "scheme": "HTTPS"} if place.compute.pods_answer_https else _ALIVE
    return {
        "startupProbe": {
            **_first_sign(release, alive),
            "periodSeconds": 1,
            "timeoutSeconds": 10,
            "failureThreshold": max(1, int(release.ready_within_s)),
        },
        "readinessProbe": {
            "httpGet": alive,
            "periodSeconds": 5,
            "timeoutSeconds": 5,
            "failureThreshold": 3,
        },
        "livenessProbe": {
            "httpGet": alive,
            "periodSeconds": wanted.get("periodSeconds") or 10,
            "initialDelaySeconds": wanted.get("initialDelaySeconds") or 310,
            "timeoutSeconds": wanted.get("timeoutSeconds") or 2,
            "successThreshold": 1,  # the only one the API takes for liveness
            "failureThreshold": wanted.get("failureThreshold") or 3,
            # Who gives no sign of life has no requests to go on with: it is started anew soon.
            "terminationGracePeriodSeconds": _DEAD_S,
        },
    }


def _first_sign(release: Release, alive: dict[str, Any]) -> dict[str, Any]:
    if release.sample is None:
        return {"httpGet": alive}
    from mooring.images.application import interpreter_of
    from mooring.images.installing import RING_DIR

    command = [interpreter_of(release.environment), "-S", "-E", "-s"]
    command += [f"{RING_DIR}/mooring/scoring/supervisor", "sample", f"{SECRETS_DIR}/{SAMPLE_FILE}"]
    return {"exec": {"command": command}}


def _mounts(place: KubernetesPlace) -> list[dict[str, Any]]:
    mounts: list[dict[str, Any]] = [
        {"name": "secrets", "mountPath": SECRETS_DIR, "readOnly": True},
        {"name": "tmp", "mountPath": "/tmp"},  # noqa: S108
        {"name": "shm", "mountPath": "/dev/shm"},  # noqa: S108
    ]
    if place.compute.pods_answer_https:
        mounts.append({"name": "tls", "mountPath": TLS_DIR, "readOnly": True})
    return mounts


def _volumes(place: KubernetesPlace, release: Release) -> list[dict[str, Any]]:
    sources = [{"secret": {"name": place.revision_secret(release.revision)}}]
    if release.server.keys_path is not None:
        sources.append({"secret": {"name": place.keys_secret}})
    volumes: list[dict[str, Any]] = [
        {"name": "secrets", "projected": {"defaultMode": 0o440, "sources": sources}},
        {"name": "tmp", "emptyDir": {}},
        {"name": "shm", "emptyDir": {"medium": "Memory", "sizeLimit": _SHARED_MEMORY}},
    ]
    if place.compute.pods_answer_https:
        volumes.append({"name": "tls", "secret": {"secretName": place.tls_secret, "defaultMode": 0o440}})
    return volumes
