"""Containers with as few rights as they can live with."""

from __future__ import annotations

from typing import Any

from mooring.deployments.contained import container_variables, secret_files
from mooring.deployments.target import Release, Resources
from mooring.engine import Engine
from mooring.images.contract import SECRETS_DIR, USER_ID
from mooring.targets.docker.place import REVISION, SERVICE, DockerPlace, release_labels
from mooring.targets.docker.secrets import put_secrets

DRAIN_S = 30.0
SERVING = "always"
"""Restart policy of a container that serves; one that is still being tried has none."""

_PIDS = 1024
_LOG = {"Type": "json-file", "Config": {"max-size": "10m", "max-file": "3"}}
_GIB = 1024**3
_SHARED_MEMORY = 256 * 1024**2


def hardened(**more: Any) -> dict[str, Any]:
    """Options every container of ours has: nothing to write to but /tmp, no capability, no way to gain one."""
    return {
        "read_only": True,
        "tmpfs": {"/tmp": "rw,nosuid,nodev,mode=1777"},  # noqa: S108
        "cap_drop": ["ALL"],
        "security_opt": ["no-new-privileges:true"],
        "pids_limit": _PIDS,
        "log_config": _LOG,
        **more,
    }


def create_app_container(engine: Engine, place: DockerPlace, release: Release, image: str, slot: str) -> str:
    """A container of a release, with its secrets, not started; its id.

    Raises:
        DockerTrouble: The engine refuses; nothing is left.
    """
    name, labels = place.container(release.revision), release_labels(place, release, slot)
    api = engine.api
    with engine.told(name):
        api.create_volume(name, labels=labels)
        host = api.create_host_config(
            **hardened(shm_size=_SHARED_MEMORY, **limits(release.resources)),
            binds={name: {"bind": SECRETS_DIR, "mode": "rw"}},
            network_mode=place.network,
            device_requests=_devices(release.resources) or None,
        )
        aliases = [place.alias(slot)]
        container: str = api.create_container(
            image,
            name=name,
            hostname=release.service[:63],
            user=str(USER_ID),
            environment=container_variables(release, drain_s=DRAIN_S),
            labels=labels,
            host_config=host,
            networking_config=api.create_networking_config(
                {place.network: api.create_endpoint_config(aliases=aliases)}
            ),
            stop_timeout=int(DRAIN_S) + 5,
        )["Id"]
    put_secrets(engine, container, secret_files(release))
    return container


def limits(resources: Resources) -> dict[str, Any]:
    """Docker's options for what a release may use; what nobody asked for is not limited."""
    cpu = resources.cpu_limit or resources.cpu
    memory = resources.memory_limit_gb or resources.memory_gb
    options: dict[str, Any] = {}
    if cpu:
        options["nano_cpus"] = int(cpu * 1e9)
    if memory:
        options["mem_limit"] = options["memswap_limit"] = int(memory * _GIB)
    return options


def _devices(resources: Resources) -> list[Any]:
    if not resources.gpus:
        return []
    return [{"Driver": "nvidia", "Count": int(resources.gpus), "Capabilities": [["gpu"]]}]


def mark_serving(engine: Engine, container: str) -> None:
    """Have the engine start it again whenever it ends, also after a restart of the machine."""
    with engine.told(container):
        engine.api.update_container(container, restart_policy={"Name": SERVING})


def is_serving(facts: dict[str, Any]) -> bool:
    """Whether `mark_serving` was called for an inspected container."""
    return bool(facts["HostConfig"]["RestartPolicy"].get("Name") == SERVING)


def revision_of(facts: dict[str, Any]) -> int:
    """Revision an inspected container runs."""
    return int(facts["Config"]["Labels"].get(REVISION) or 0)


def service_of(facts: dict[str, Any]) -> str:
    """Service an inspected container belongs to."""
    return str(facts["Config"]["Labels"].get(SERVICE) or "")
