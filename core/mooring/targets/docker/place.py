"""Names and labels: how what belongs to a service is found again, on an engine that others use, too."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from pathlib import Path

from mooring.deployments.target import Release, service_folder
from mooring.images.labels import ROLE, SCOPE, WORKSPACE, scope_of
from mooring.images.naming import LABEL
from mooring.settings import Settings
from mooring.targets.docker.host_names import label_of

SERVICE, REVISION, SLOT, DNS = (LABEL + name for name in ("service", "revision", "slot", "dns-label"))
APP, FRONT = "app", "front"


@dataclass(frozen=True)
class DockerPlace:
    """All names of one service on an engine.

    Args:
        settings: Say which workspace.
        service: Its name.
    """

    settings: Settings
    service: str

    @property
    def scope(self) -> str:
        """Of the workspace."""
        return scope_of(self.settings)

    @property
    def folder(self) -> Path:
        """This target's own folder of the service."""
        return service_folder(self.settings, self.service) / "docker"

    @property
    def network(self) -> str:
        """The private network of the workspace's services."""
        return f"mooring-{self.scope}"

    @property
    def front(self) -> str:
        """Container that has the address; its volume has the same name."""
        return f"{self.service}-{self.scope}"

    @property
    def labels(self) -> dict[str, str]:
        """On everything of the service."""
        return {SCOPE: self.scope, WORKSPACE: self.settings.workspace, SERVICE: self.service}

    def role(self, role: str) -> dict[str, str]:
        """Labels of what plays a part."""
        return {**self.labels, ROLE: role}

    def container(self, revision: int) -> str:
        """Container of a revision; its volume has the same name."""
        return f"{self.front}-r{revision}"

    def alias(self, slot: str) -> str:
        """Name by which the front finds the container of a slot on the private network."""
        return f"{self.service}-{slot}.{self.scope}".lower()

    def app_root(self, revision: int) -> Path:
        """Where the desk laid a revision out, on this machine."""
        return service_folder(self.settings, self.service) / "revisions" / str(revision) / "app"


def release_labels(place: DockerPlace, release: Release, slot: str) -> dict[str, str]:
    """Labels that lead from a container back to what it runs."""
    return {
        **place.role(APP),
        REVISION: str(release.revision),
        SLOT: slot,
        LABEL + "models": ",".join(model.id for model in release.models),
        LABEL + "entry-script": release.entry_script,
        LABEL + "environment": release.environment.digest,
        LABEL + "tls": "on" if release.deployment.get("sslEnabled") else "off",
        LABEL + "host": str(release.deployment.get("cname") or ""),
        DNS: label_of(release.deployment),
        LABEL + "made-by": f"{os.environ.get('USER', '')}@{socket.gethostname()}",
    }
