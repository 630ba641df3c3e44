"""Clusters that were attached under a name: references to kubeconfig contexts, never their credentials."""

from __future__ import annotations

import ipaddress
import json
import os
import re
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timezone
from typing import Any
from urllib.parse import SplitResult, urlsplit

from mooring.errors import MooringError, did_you_mean
from mooring.settings import Settings

PURPOSES = ("FastProd", "DevTest")
EXPOSURES = ("auto", "node-port", "load-balancer", "ingress", "gateway", "port-forward")
_SHARED = ("ingress", "gateway")

# v1: 3-24 characters, letters, digits, `-`, beginning with a letter; two characters do no harm.
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9-]{1,23}\Z")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.:_-]*[A-Za-z0-9])?\Z|[0-9a-f:]+\Z")
_RESOURCE = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?/[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?\Z")


@dataclass(frozen=True)
class Compute:
    """A cluster to deploy to.

    Attributes:
        name: As `computeTargetName` and `--ct` give it.
        context: Of the kubeconfig.
        kubeconfig: Its path; empty means what KUBECONFIG says.
        namespace: For services that name none; empty means the context's.
        purpose: `FastProd` or `DevTest`.
        expose: How services are reached; `auto` takes a node's port where one answers, else forwards.
        ingress_class: For `ingress`.
        gateway: `namespace/name` or `name` of a Gateway, for `gateway`.
        host: Name or address at which node ports are reached; of an ingress or gateway also `[https://]name[:port]`.
        registry: `host:port/path` the cluster pulls images from; empty means the setting `docker_registry`.
        pull_secret: Name of a Secret with the registry's login, in the namespace.
        gpu_resource: Name of the extended resource that `gpuCores` counts.
        network_policy: Whether to let in nothing but the service's port.
        ssl_cert, ssl_key, ssl_cname: Files and host name of the certificate that all services, or their ingress, use.
        made_with: `kind` or `k3d`, when the cluster is ours to delete.
        created: ISO time.
    """

    name: str
    context: str = ""
    kubeconfig: str = ""
    namespace: str = ""
    purpose: str = "FastProd"
    expose: str = "auto"
    ingress_class: str = ""
    gateway: str = ""
    host: str = ""
    registry: str = ""
    pull_secret: str = ""
    gpu_resource: str = "nvidia.com/gpu"
    network_policy: bool = False
    ssl_cert: str = ""
    ssl_key: str = ""
    ssl_cname: str = ""
    made_with: str = ""
    created: str = field(default_factory=lambda: datetime.now(timezone.utc).isoformat(timespec="seconds"))

    def to_dict(self) -> dict[str, Any]:
        """JSON form; holds no credential."""
        return asdict(self)

    @property
    def is_address_shared(self) -> bool:
        """Whether services are paths below one address, which also ends TLS."""
        return self.expose in _SHARED

    @property
    def scheme(self) -> str:
        """Of services' addresses, unless `host` or a Gateway's listener says another."""
        return "https" if self.ssl_cert else "http"

    @property
    def pods_answer_https(self) -> bool:
        """Whether pods have the certificate; else it is the ingress's, or there is none."""
        return bool(self.ssl_cert) and not self.is_address_shared

    @property
    def exposure(self) -> str:
        """All that a service's address depends on, in a line."""
        named = self.ingress_class or self.gateway
        parts = (self.expose, named, self.host, self.scheme, self.ssl_cname)
        return " ".join(part for part in parts if part)

    @property
    def host_name(self) -> str:
        """Name in DNS at which an ingress or gateway is reached; empty when none, or only an address, is known."""
        name = urlsplit(self.host_url).hostname or self.ssl_cname
        return "" if _is_address(name) else name

    @property
    def host_url(self) -> str:
        """`host` with a scheme; empty without one."""
        host = self.host.rstrip("/")
        if not host or "://" in host:
            return host
        return f"{self.scheme}://{host}"


@dataclass(eq=False)
class ComputeNotFound(MooringError):
    """Nothing of that name is attached."""

    code = "computetarget-not-found"
    name: str
    known: list[str]

    @property
    def problem(self) -> str:
        """Which one, and a near name."""
        return f"There is no compute target {self.name!r}{did_you_mean(self.name, self.known) or '.'}"

    @property
    def remedy(self) -> str:
        """What there is."""
        there = f"Use one of {', '.join(self.known)}, or attach it" if self.known else "Attach it"
        return f"{there}: mooring computetarget attach kubernetes -n {self.name} --context CONTEXT."


@dataclass(eq=False)
class ComputeExists(MooringError):
    """The name is taken."""

    code = "computetarget-exists"
    name: str
    context: str

    @property
    def problem(self) -> str:
        """The name, and what has it."""
        return f"A compute target {self.name!r} is attached already (context {self.context!r})."

    @property
    def remedy(self) -> str:
        """Two ways."""
        return f"Choose another name, or detach it first: mooring computetarget detach -n {self.name}."


@dataclass(eq=False)
class ComputeInUse(MooringError):
    """Services run there."""

    code = "computetarget-in-use"
    name: str
    services: list[str]

    @property
    def problem(self) -> str:
        """Which services."""
        return f"{self.name} is used by {', '.join(self.services)}."

    @property
    def remedy(self) -> str:
        """Delete them."""
        return f"Delete them first: mooring service delete -n {self.services[0]}."


@dataclass(eq=False)
class InvalidCompute(MooringError):
    """Something about a compute target can't be."""

    code = "computetarget-invalid"
    reason: str
    fix: str

    @property
    def problem(self) -> str:
        """What is wrong."""
        return self.reason

    @property
    def remedy(self) -> str:
        """How to mend it."""
        return self.fix


class Computes:
    """The attached clusters of a workspace, in a file of its folder.

    Args:
        settings: Say which workspace.
    """

    def __init__(self, settings: Settings) -> None:
        self._path = settings.workspace_dir / "computetargets.json"

    def list(self) -> Sequence[Compute]:
        """All of them, by name."""
        known = self._load()
        return [known[name] for name in sorted(known)]

    def get(self, name: str) -> Compute:
        """One of them.

        Raises:
            ComputeNotFound: There is none of that name.
        """
        known = self._load()
        if name not in known:
            raise ComputeNotFound(name=name, known=sorted(known))
        return known[name]

    def add(self, compute: Compute) -> None:
        """Remember a cluster.

        Raises:
            ComputeExists: The name is taken.
            InvalidCompute: Something about it can't be.
        """
        check_compute(compute)
        with self._changing() as known:
            if compute.name in known:
                raise ComputeExists(name=compute.name, context=known[compute.name].context)
            known[compute.name] = compute

    def replace(self, compute: Compute) -> None:
        """Remember other facts about a cluster that is attached."""
        check_compute(compute)
        with self._changing() as known:
            known[compute.name] = compute

    def remove(self, name: str) -> None:
        """Forget a cluster; nothing happens to the cluster itself."""
        with self._changing() as known:
            known.pop(name, None)

    @contextmanager
    def _changing(self) -> Generator[dict[str, Compute], None, None]:
        from filelock import FileLock

        self._path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(str(self._path.with_suffix(".lock"))):
            known = self._load()
            yield known
            temporary = self._path.with_name(f".{self._path.name}.{os.getpid()}")
            text = json.dumps({name: each.to_dict() for name, each in known.items()}, indent=1)
            temporary.write_text(text + "\n", encoding="utf-8")
            temporary.replace(self._path)

    def _load(self) -> dict[str, Compute]:
        try:
            raw: dict[str, dict[str, Any]] = json.loads(self._path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise InvalidCompute(
                reason=f"{self._path} can't be read: {error}.", fix="Correct or remove it."
            ) from error
        names = {each.name for each in fields(Compute)}
        return {
            name: Compute(**{key: value for key, value in facts.items() if key in names})
            for name, facts in raw.items()
        }


def check_compute(compute: Compute) -> None:
    """Accept a compute target, or say what is wrong with it.

    Raises:
        InvalidCompute: Its name, purpose or way of being reached can't be.
    """
    if not _NAME.match(compute.name):
        raise InvalidCompute(
            reason=f"{compute.name!r} is no name for a compute target: 2 to 24 letters, digits and dashes, the first a letter.",
            fix="Choose another name.",
        )
    if compute.purpose not in PURPOSES:
        raise InvalidCompute(
            reason=f"cluster_purpose {compute.purpose!r} is not known.",
            fix=f"Use one of {', '.join(PURPOSES)}.",
        )
    if compute.expose not in EXPOSURES:
        raise InvalidCompute(
            reason=f"Services can't be exposed by {compute.expose!r}.",
            fix=f"Use one of {', '.join(EXPOSURES)}.",
        )
    if not _RESOURCE.match(compute.gpu_resource):
        raise InvalidCompute(
            reason=f"{compute.gpu_resource!r} is no extended resource: they are named VENDOR/WHAT.",
            fix="Use what `kubectl describe node` shows, for instance nvidia.com/gpu or amd.com/gpu.",
        )
    if compute.expose == "ingress" and not compute.ingress_class:
        raise InvalidCompute(reason="An ingress needs a class.", fix="Name it with --ingress-class.")
    if compute.expose == "gateway" and not compute.gateway:
        raise InvalidCompute(reason="A route needs a Gateway.", fix="Name it with --gateway NAMESPACE/NAME.")
    if compute.expose == "gateway" and compute.ssl_cert:
        raise InvalidCompute(
            reason=f"A Gateway has its own certificate: that of its listener, not {compute.ssl_cert}.",
            fix="Leave out --ssl-cert-file, or change to --ssl-disable; the address is https where the listener is.",
        )
    _check_host(compute)
    if bool(compute.ssl_cert) != bool(compute.ssl_key):
        raise InvalidCompute(
            reason="TLS needs a certificate and its key.", fix="Give --ssl-cert-file and --ssl-key-file."
        )


def _check_host(compute: Compute) -> None:
    """A name or an address; with scheme and port only where the cluster doesn't say these."""
    if not compute.host:
        return
    parts = _split(compute.host_url)
    name = parts.hostname
    if (
        not _HOST.match(name or "")
        or parts.scheme not in ("http", "https")
        or parts.path
        or parts.query
        or parts.username
    ):
        raise InvalidCompute(
            reason=f"{compute.host!r} is no host.",
            fix="Give --host a name or an address, for instance models.example.com.",
        )
    if (parts.port or "://" in compute.host) and not compute.is_address_shared:
        raise InvalidCompute(
            reason=f"{compute.host!r} is more than a host: scheme and port of services exposed by {compute.expose} are known.",
            fix=f"Give the name or address alone: --host {name}.",
        )


def _split(url: str) -> SplitResult:
    """The URL's parts; empty ones where it is none."""
    try:
        parts = urlsplit(url)
        return parts if parts.port is None or parts.port else urlsplit("")
    except ValueError:  # a port that is no number
        return urlsplit("")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
