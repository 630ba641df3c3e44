"""`AksWebservice` and `AksEndpoint`: services on Kubernetes, under v1's names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mooring.configs import AksDeploymentConfig, AksEndpointDeploymentConfig
from mooring.sdk.exceptions import WebserviceException, raises_as
from mooring.sdk.webservice.base import Webservice
from mooring.sdk.webservice.configuring import build
from mooring.sdk.webservice.work import Work


class AksWebservice(Webservice):
    """A service on a Kubernetes cluster."""

    compute_types = ("aks",)

    @staticmethod
    def deploy_configuration(
        autoscale_enabled: bool | None = None,
        autoscale_min_replicas: int | None = None,
        autoscale_max_replicas: int | None = None,
        autoscale_refresh_seconds: int | None = None,
        autoscale_target_utilization: int | None = None,
        collect_model_data: bool | None = None,
        auth_enabled: bool | None = None,
        cpu_cores: float | None = None,
        memory_gb: float | None = None,
        enable_app_insights: bool | None = None,
        scoring_timeout_ms: int | None = None,
        replica_max_concurrent_requests: int | None = None,
        max_request_wait_time: int | None = None,
        num_replicas: int | None = None,
        primary_key: str | None = None,
        secondary_key: str | None = None,
        tags: dict[str, str] | None = None,
        properties: dict[str, str] | None = None,
        description: str | None = None,
        gpu_cores: int | None = None,
        period_seconds: int | None = None,
        initial_delay_seconds: int | None = None,
        timeout_seconds: int | None = None,
        success_threshold: int | None = None,
        failure_threshold: int | None = None,
        namespace: str | None = None,
        token_auth_enabled: bool | None = None,
        compute_target_name: str | None = None,
        cpu_cores_limit: float | None = None,
        memory_gb_limit: float | None = None,
        blobfuse_enabled: bool | None = None,
    ) -> AksDeploymentConfig:
        """How to run on Kubernetes.

        Raises:
            WebserviceException: Values are out of range or exclude each other; all are told at once.
        """
        return build(AksDeploymentConfig, dict(locals()))

    @property
    def compute_name(self) -> str | None:
        """The cluster it was deployed to, by the name it was attached under."""
        name: str | None = self._asked.deployment.get("computeTargetName")
        return name

    @property
    def namespace(self) -> str | None:
        """The namespace that was asked for; None when the cluster's own was left to decide."""
        name: str | None = self._asked.deployment.get("namespace")
        return name

    @property
    def num_replicas(self) -> int | None:
        """The fixed number of replicas; None when the cluster scales them."""
        number: int | None = self._asked.deployment.get("numReplicas")
        return number

    @property
    def autoscaler(self) -> dict[str, Any]:
        """The scaling that was asked for, by the names of the deployment configuration's file."""
        return dict(self._asked.deployment.get("autoScaler") or {})

    @property
    def container_resource_requirements(self) -> dict[str, Any]:
        """CPU and memory that were asked for, by the names of the deployment configuration's file."""
        return dict(self._asked.deployment.get("containerResourceRequirements") or {})

    @property
    def replicas(self) -> list[dict[str, Any]]:
        """What runs, a row each: name, state, node, restarts, cpu, memory_bytes."""
        return list(self._desk.replicas(self.name))


class AksEndpoint(AksWebservice):
    """Several versions behind one URL, each with its share of the requests."""

    compute_types = ("aksendpoint",)

    class VersionType:
        """What a version is for."""

        CONTROL = "Control"
        TREATMENT = "Treatment"

    @staticmethod
    def deploy_configuration(**settings: Any) -> AksEndpointDeploymentConfig:  # type: ignore[override]
        """As `AksWebservice.deploy_configuration`, with `version_name` and `traffic_percentile`."""
        return build(AksEndpointDeploymentConfig, settings)

    @property
    def versions(self) -> dict[str, AksEndpointVersion]:
        """The versions by name."""
        return {
            name: AksEndpointVersion(
                name,
                float(facts["traffic"]),
                is_default=bool(facts["default"]),
                version_type=self.VersionType.CONTROL if facts["control"] else self.VersionType.TREATMENT,
            )
            for name, facts in self._shares().items()
        }

    @raises_as(WebserviceException)
    def create_version(
        self,
        version_name: str,
        models: list[Any] | None = None,
        inference_config: Any = None,
        traffic_percentile: float | None = None,
        is_default: bool | None = None,
        is_control_version_type: bool | None = None,
        **settings: Any,
    ) -> None:
        """Bring a new version up behind the URL; `wait_for_deployment` waits for it.

        Args:
            version_name: Of the new one.
            models: It serves.
            inference_config: Its script and environment; those of the version deployed last when not given.
            traffic_percentile: Its share of the requests; 0 when not given.
            is_default: It gets what is not assigned.
            is_control_version_type: It is what the others are compared with.
            **settings: Other settings of the deployment configuration.

        Raises:
            WebserviceException: The name is taken, there are six already, or more than everything would be assigned.
        """
        given = {
            "traffic_percentile": traffic_percentile or 0,
            "is_default": is_default,
            "is_control_version_type": is_control_version_type,
            **settings,
        }
        self._begin_version(version_name, models, inference_config, given, is_new=True)

    @raises_as(WebserviceException)
    def update_version(
        self,
        version_name: str,
        models: list[Any] | None = None,
        inference_config: Any = None,
        traffic_percentile: float | None = None,
        is_default: bool | None = None,
        is_control_version_type: bool | None = None,
        **settings: Any,
    ) -> None:
        """Change a version, or only its share of the requests; the others are not touched.

        Raises:
            WebserviceException: Nothing was given, or there is no such version.
        """
        shares = {"traffic": traffic_percentile, "default": is_default, "control": is_control_version_type}
        changed = {name: value for name, value in settings.items() if value is not None}
        if models is None and inference_config is None and not changed:
            if all(value is None for value in shares.values()):
                raise WebserviceException("No parameters provided to update a version.")
            self._desk.set_traffic(
                self.name,
                version_name,
                traffic=traffic_percentile,
                default=is_default,
                control=is_control_version_type,
            )
            return
        if version_name not in self._shares():
            raise WebserviceException(f"No version with name {version_name} in endpoint {self.name}.")
        given = {
            "traffic_percentile": traffic_percentile,
            "is_default": is_default,
            "is_control_version_type": is_control_version_type,
            **changed,
        }
        self._begin_version(version_name, models, inference_config, given, is_new=False)

    @raises_as(WebserviceException)
    def delete_version(self, version_name: str) -> None:
        """Remove a version, once nothing is sent to it any more; the default one can't be.

        Raises:
            WebserviceException: There is no such version, or it is the default.
        """
        self._desk.delete_version(self.name, version_name)

    @raises_as(WebserviceException)
    def _shares(self) -> dict[str, dict[str, Any]]:
        return self._desk.versions(self.name)

    def _begin_version(
        self, version: str, models: list[Any] | None, inference: Any, given: dict[str, Any], *, is_new: bool
    ) -> None:
        ids = None if models is None else [each if isinstance(each, str) else each.id for each in models]
        operation = self._desk.prepare_version(
            self.name,
            version,
            is_new=is_new,
            models=ids,
            inference_config=inference,
            settings={name: value for name, value in given.items() if value is not None},
        )
        self._work = Work(operation.carry_out, name=f"mooring-version-{self.name}-{version}")


@dataclass(frozen=True)
class AksEndpointVersion:
    """One version of an endpoint.

    Attributes:
        version_name: Its name.
        traffic_percentile: Its share of the requests.
        is_default: Whether it also gets what no version was assigned.
        version_type: `Control` or `Treatment`.
    """

    version_name: str
    traffic_percentile: float
    is_default: bool
    version_type: str
