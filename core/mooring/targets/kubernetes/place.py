"""Names and labels: how what belongs to a service is found again, in a cluster that others use, too."""

from __future__ import annotations

import hashlib
import json
import os
import socket
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from mooring.deployments.target import service_folder
from mooring.images.labels import scope_of
from mooring.settings import Settings
from mooring.targets.kubernetes.cluster import Cluster
from mooring.targets.kubernetes.computes import Compute, Computes

LABEL = "mooring.io/"
SCOPE, SERVICE, REVISION, VERSION, ROLE = (
    LABEL + name for name in ("scope", "service", "revision", "version", "role")
)
APP, ROUTER = "app", "router"
_PLACE_FILE = "place.json"
_LONGEST = 52  # of 63: a ReplicaSet and its pods add to it


@dataclass(frozen=True)
class KubernetesPlace:
    """Where one service is: a cluster, a namespace, and all names in it.

    Args:
        settings: Say which workspace.
        service: Its name.
        compute: The cluster.
        namespace: In it.
        version: Of an endpoint that has several; empty for a service that has one.
    """

    settings: Settings
    service: str
    compute: Compute
    namespace: str
    version: str = ""

    @property
    def workload(self) -> str:
        """Name of the Deployment and what goes with it."""
        if not self.version:
            return self.service
        whole = f"{self.service}-{self.version}"
        if len(whole) <= _LONGEST:
            return whole
        digest = hashlib.sha256(whole.encode()).hexdigest()[:8]
        return f"{whole[: _LONGEST - 9]}-{digest}"

    @property
    def workload_labels(self) -> dict[str, str]:
        """On everything of the version, or of the service when it has only one."""
        return {**self.labels, **({VERSION: self.version} if self.version else {})}

    @property
    def routes(self) -> str:
        """ConfigMap with what an endpoint's router is told, and the router's own Deployment."""
        return f"{self.service}-router"

    @cached_property
    def scope(self) -> str:
        """Of the workspace."""
        return scope_of(self.settings)

    @property
    def folder(self) -> Path:
        """This target's own folder of the service."""
        return own_folder(self.settings, self.service)

    @property
    def labels(self) -> dict[str, str]:
        """On everything of the service; what it is found by."""
        return {SCOPE: self.scope, SERVICE: self.service}

    def app_root(self, revision: int) -> Path:
        """Where the desk laid a revision out, on this machine."""
        return service_folder(self.settings, self.service) / "revisions" / str(revision) / "app"

    def revision_secret(self, revision: int) -> str:
        """Secret with what one revision may know alone."""
        return f"{self.service}-r{revision}"

    @property
    def keys_secret(self) -> str:
        """Secret with the service's keys, the same for all revisions."""
        return f"{self.service}-keys"

    @property
    def tls_secret(self) -> str:
        """Secret with certificate and key."""
        return f"{self.service}-tls"

    @property
    def pull_secret(self) -> str:
        """Secret with the registry's login, where the service has one of its own."""
        return f"{self.service}-pull"

    @property
    def made_by(self) -> str:
        """Who it belongs to, for people who find the name taken."""
        return f"workspace {self.settings.workspace} of {os.environ.get('USER') or os.getuid()}@{socket.gethostname()}"

    def remember(self) -> None:
        """Keep where the service is; a reference, read back by `find_place`."""
        self.folder.mkdir(parents=True, exist_ok=True)
        facts = {
            "compute": self.compute.name,
            "context": self.compute.context,
            "kubeconfig": self.compute.kubeconfig,
            "namespace": self.namespace,
        }
        temporary = self.folder / f".{_PLACE_FILE}.{os.getpid()}"
        temporary.write_text(json.dumps(facts) + "\n", encoding="utf-8")
        temporary.replace(self.folder / _PLACE_FILE)


def own_folder(settings: Settings, service: str) -> Path:
    """The target's own folder of a service."""
    return service_folder(settings, service) / "kubernetes"


class Places:
    """Finds the place of each service, with one connection a cluster.

    Args:
        settings: Of the workspace.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._computes = Computes(settings)
        self._clusters: dict[tuple[str, str], Cluster] = {}

    def cluster(self, compute: Compute) -> Cluster:
        """The connection to a cluster."""
        key = (compute.context, compute.kubeconfig)
        if key not in self._clusters:
            self._clusters[key] = Cluster(*key)
        return self._clusters[key]

    def known(self, service: str) -> KubernetesPlace | None:
        """Where a service was deployed from here; None when it never was."""
        try:
            facts: dict[str, Any] = json.loads(
                (own_folder(self._settings, service) / _PLACE_FILE).read_text(encoding="utf-8")
            )
        except (OSError, ValueError):
            return None
        attached = {compute.name: compute for compute in self._computes.list()}
        compute = attached.get(str(facts["compute"])) or self._unattached(facts)
        compute = self._with_registry(compute)
        return KubernetesPlace(self._settings, service, compute, str(facts["namespace"]))

    def of(self, service: str) -> KubernetesPlace:
        """Where a service is: as remembered, else where services are that name nothing."""
        return self.known(service) or self.wanted(service, {})

    def wanted(self, service: str, deployment: dict[str, Any]) -> KubernetesPlace:
        """Where a deployment config wants a service to be.

        Raises:
            ComputeNotFound: It names a cluster that is not attached.
        """
        compute = self.compute(str(deployment.get("computeTargetName") or ""))
        named = str(deployment.get("namespace") or compute.namespace or "")
        return KubernetesPlace(
            self._settings, service, compute, named or self.cluster(compute).default_namespace
        )

    def compute(self, name: str = "") -> Compute:
        """The cluster of that name; without one the only one attached, else the kubeconfig's current context.

        Raises:
            ComputeNotFound: None of that name is attached.
        """
        attached = self._computes.list()
        if name:
            return self._with_registry(self._computes.get(name))
        if len(attached) == 1:
            return self._with_registry(attached[0])
        return self._with_registry(Compute(name="", created=""))

    def all(self) -> list[Compute]:
        """Every cluster that services of the workspace may be in."""
        return [*self._computes.list(), Compute(name="", created="")]

    def _with_registry(self, compute: Compute) -> Compute:
        return replace(compute, registry=compute.registry or self._settings.docker_registry)

    def _unattached(self, facts: dict[str, Any]) -> Compute:
        return Compute(
            name=str(facts["compute"]),
            context=str(facts["context"]),
            kubeconfig=str(facts["kubeconfig"]),
            created="",
        )
