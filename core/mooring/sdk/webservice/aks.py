"""`AksWebservice` and `AksEndpoint`: services on Kubernetes, under v1's names."""

from __future__ import annotations

from typing import Any

from mooring.configs import AksDeploymentConfig, AksEndpointDeploymentConfig
from mooring.sdk.webservice.base import Webservice
from mooring.sdk.webservice.configuring import build


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


class AksEndpoint(AksWebservice):
    """Several versions behind one URL."""

    compute_types = ("aksendpoint",)

    @staticmethod
    def deploy_configuration(**settings: Any) -> AksEndpointDeploymentConfig:  # type: ignore[override]
        """As `AksWebservice.deploy_configuration`, with `version_name` and `traffic_percentile`."""
        return build(AksEndpointDeploymentConfig, settings)
