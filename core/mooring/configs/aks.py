"""The deployment configurations of Kubernetes: one service, or several versions behind one URL."""

# ruff: noqa: RUF009 - the calls make dataclass fields

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from mooring.configs import shared_settings as shared
from mooring.configs.deployment import Broken, DeploymentConfig
from mooring.configs.fields import setting

_RESOURCES = "containerResourceRequirements"
NAMESPACE_PATTERN = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$"
VERSION_NAME_PATTERN = "^[a-z]([-a-z0-9]{1,30}[a-z0-9])$"
_AUTOSCALE = ("min_replicas", "max_replicas", "refresh_seconds", "target_utilization")


def _scaling(key: str, doc: str, default: int) -> Any:
    return setting(
        f"autoScaler.{key}", "integer", doc, default=default, above=0, only_with="autoscale_enabled"
    )


def _probe(key: str, doc: str, default: int) -> Any:
    return setting(f"livenessProbeRequirements.{key}", "integer", doc, default=default, above=0)


def _compute_target_name() -> Any:
    return setting("computeTargetName", "text", "Cluster to run in; absent: the one given with --ct.")


def _cpu_cores_limit() -> Any:
    return setting(f"{_RESOURCES}.cpuLimit", "number", "CPU cores a replica may take at most; at least cpu.")


def _memory_gb_limit() -> Any:
    return setting(
        f"{_RESOURCES}.memoryInGBLimit", "number", "GB a replica may take at most; at least memoryInGB."
    )


@dataclass(repr=False)
class _KubernetesConfig(DeploymentConfig):
    """What both kinds share, in the order of v1's arguments."""

    foreign_keys: ClassVar[dict[str, str]] = {
        "sslEnabled": "TLS is a setting of the cluster, not of the service"
    }

    autoscale_enabled: bool | None = setting(
        "autoScaler.autoscaleEnabled",
        "boolean",
        "Scale with the load; absent: true when numReplicas is not set.",
    )
    autoscale_min_replicas: int | None = _scaling("minReplicas", "Replicas kept at least.", 1)
    autoscale_max_replicas: int | None = _scaling("maxReplicas", "Replicas allowed at most.", 10)
    autoscale_refresh_seconds: int | None = _scaling(
        "refreshPeriodInSeconds", "Seconds between two looks at the load.", 1
    )
    autoscale_target_utilization: int | None = _scaling(
        "targetUtilization", "Share of busy replicas to aim at, in percent.", 70
    )
    collect_model_data: bool | None = setting(
        "dataCollection.storageEnabled", "boolean", "Collect inputs and predictions.", default=False
    )
    auth_enabled: bool | None = shared.auth_enabled(default=True)
    cpu_cores: float | None = shared.cpu_cores()
    memory_gb: float | None = shared.memory_gb()
    enable_app_insights: bool | None = shared.enable_app_insights()
    scoring_timeout_ms: int | None = shared.scoring_timeout_ms()
    replica_max_concurrent_requests: int | None = shared.replica_max_concurrent_requests()
    max_request_wait_time: int | None = shared.max_request_wait_time()
    num_replicas: int | None = setting(
        "numReplicas", "integer", "Fixed number of replicas; excludes autoscaling.", above=0
    )
    primary_key: str | None = shared.primary_key()
    secondary_key: str | None = shared.secondary_key()
    tags: dict[str, str] | None = shared.tags()
    properties: dict[str, str] | None = shared.properties()
    description: str | None = shared.description()
    gpu_cores: int | None = setting("gpuCores", "integer", "GPUs of each replica.", default=0, minimum=0)
    period_seconds: int | None = _probe("periodSeconds", "Seconds between two liveness probes.", 10)
    initial_delay_seconds: int | None = _probe(
        "initialDelaySeconds", "Seconds before the first liveness probe.", 310
    )
    timeout_seconds: int | None = _probe("timeoutSeconds", "Seconds a liveness probe may take.", 2)
    success_threshold: int | None = _probe("successThreshold", "Good probes in a row that make it alive.", 1)
    failure_threshold: int | None = _probe("failureThreshold", "Bad probes in a row that restart it.", 3)
    namespace: str | None = setting(
        "namespace",
        "text",
        "Kubernetes namespace; absent: that of the cluster.",
        pattern=NAMESPACE_PATTERN,
        rule="must be a valid Kubernetes namespace. Regex for validation is ^[a-z0-9]([a-z0-9-]{,61}[a-z0-9])?$.",
    )
    token_auth_enabled: bool | None = shared.token_auth_enabled()

    def effective(self, name: str) -> Any:
        """The value of an attribute, or what holds when it is not set: two defaults depend on other settings."""
        value = getattr(self, name)
        if value is None and name == "autoscale_enabled":
            return not self.num_replicas
        if value is None and name == "auth_enabled":
            return not self.token_auth_enabled
        return super().effective(name)

    def broken_rules(self) -> Iterator[Broken]:
        """Scaling is fixed or automatic, limits are no less than requests, keys exclude tokens."""
        yield from self._broken_limits()
        yield from self._broken_share()
        yield from self._broken_scaling() if self.autoscale_enabled else self._broken_fixed_scale()
        yield from shared.exclusive_auth(self)

    def _broken_limits(self) -> Iterator[Broken]:
        for name in ("cpu_cores", "memory_gb"):
            request, limit = getattr(self, name), getattr(self, f"{name}_limit")
            if isinstance(request, int | float) and isinstance(limit, int | float) and limit < request:
                problem = f"Invalid configuration, {name}_limit must be greater than or equal to {name}."
                yield Broken((f"{name}_limit",), problem, f"Raise the limit, {limit}, to {request} or more.")

    def _broken_scaling(self) -> Iterator[Broken]:
        low, high = self.autoscale_min_replicas, self.autoscale_max_replicas
        if self.num_replicas:
            problem = "Invalid configuration, autoscale enabled and num_replicas provided."
            yield Broken(("num_replicas",), problem, "Remove numReplicas, or set autoscaleEnabled to false.")
        if isinstance(low, int) and isinstance(high, int) and low > high:
            problem = (
                "Invalid configuration, autoscale_min_replicas cannot be greater than autoscale_max_replicas."
            )
            yield Broken(
                ("autoscale_min_replicas",),
                problem,
                f"Lower minReplicas, {low}, or raise maxReplicas, {high}.",
            )

    def _broken_share(self) -> Iterator[Broken]:
        """v1 takes any positive number here; more than all of the replicas can't be busy."""
        share = self.autoscale_target_utilization
        if isinstance(share, int) and share > 100:  # noqa: PLR2004  percent
            problem = f"autoscale_target_utilization is a percentage, and {share} is never reached."
            names = ("autoscale_target_utilization",)
            yield Broken(names, problem, "Write 100 or less.", "value-range", "warning")

    def _broken_fixed_scale(self) -> Iterator[Broken]:
        if self.autoscale_enabled is False and not self.num_replicas:
            problem = "Invalid configuration, autoscale disabled but num_replicas not provided."
            yield Broken(("autoscale_enabled",), problem, "Set numReplicas.")
        for part in _AUTOSCALE:
            name = f"autoscale_{part}"
            if getattr(self, name):
                problem = f"Invalid configuration, {name} provided without enabling autoscaling."
                yield Broken((name,), problem, "Set autoScaler.autoscaleEnabled to true, or remove it.")


@dataclass(repr=False)
class AksDeploymentConfig(_KubernetesConfig):
    """A service in a Kubernetes cluster: key authentication on, autoscaling on, unless told otherwise."""

    compute_type: ClassVar[str] = "aks"

    compute_target_name: str | None = _compute_target_name()
    cpu_cores_limit: float | None = _cpu_cores_limit()
    memory_gb_limit: float | None = _memory_gb_limit()
    blobfuse_enabled: bool | None = setting(
        "blobfuseEnabled", "boolean", "Mount models instead of copying them.", in_file=False
    )


@dataclass(repr=False)
class AksEndpointDeploymentConfig(_KubernetesConfig):
    """The first of several versions behind one URL of a Kubernetes cluster."""

    compute_type: ClassVar[str] = "aksendpoint"

    version_name: str | None = setting(
        "versionName",
        "text",
        "Name of this version; absent: that of the endpoint.",
        pattern=VERSION_NAME_PATTERN,
        rule="must have 3 to 32 characters, only lower-case letters, digits and dashes, begin with a letter and end "
        "with a letter or digit.",
    )
    traffic_percentile: float | None = setting(
        "trafficPercentile",
        "number",
        "Share of the requests this version gets, in percent.",
        default=0,
        minimum=0,
        maximum=100,
        rule="cannot be negative or greater than 100.",
    )
    compute_target_name: str | None = _compute_target_name()
    cpu_cores_limit: float | None = _cpu_cores_limit()
    memory_gb_limit: float | None = _memory_gb_limit()
    is_default: bool | None = setting(
        "isDefault", "boolean", "Gets the requests no version was assigned.", in_file=False
    )
    is_control_version_type: bool | None = setting(
        "isControlVersionType", "boolean", "Is what others are compared with.", in_file=False
    )
