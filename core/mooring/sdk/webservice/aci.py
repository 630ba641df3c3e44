"""`AciWebservice`: one container."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mooring.configs import AciDeploymentConfig
from mooring.sdk.webservice.base import Webservice
from mooring.sdk.webservice.configuring import build


@dataclass(frozen=True)
class ContainerResourceRequirements:
    """What a container may use."""

    cpu: float | None
    memory_in_gb: float | None


class AciWebservice(Webservice):
    """A service in one container instance."""

    compute_types = ("aci",)

    @staticmethod
    def deploy_configuration(
        cpu_cores: float | None = None,
        memory_gb: float | None = None,
        tags: dict[str, str] | None = None,
        properties: dict[str, str] | None = None,
        description: str | None = None,
        location: str | None = None,
        auth_enabled: bool | None = None,
        ssl_enabled: bool | None = None,
        enable_app_insights: bool | None = None,
        ssl_cert_pem_file: str | None = None,
        ssl_key_pem_file: str | None = None,
        ssl_cname: str | None = None,
        dns_name_label: str | None = None,
        primary_key: str | None = None,
        secondary_key: str | None = None,
        collect_model_data: bool | None = None,
        cmk_vault_base_url: str | None = None,
        cmk_key_name: str | None = None,
        cmk_key_version: str | None = None,
        vnet_name: str | None = None,
        subnet_name: str | None = None,
    ) -> AciDeploymentConfig:
        """How to run in a container; defaults are 0.1 CPU, 0.5 GB, no authentication.

        Raises:
            WebserviceException: Values are out of range; all are told at once.
        """
        return build(AciDeploymentConfig, dict(locals()))

    # ---- what it was asked to be -----------------------------------------------------------------------------
    @property
    def container_resource_requirements(self) -> ContainerResourceRequirements:
        """CPU and memory it may use; None where no limit was asked for."""
        asked = self._deployment.get("containerResourceRequirements") or {}
        return ContainerResourceRequirements(cpu=asked.get("cpu"), memory_in_gb=asked.get("memoryInGB"))

    @property
    def ssl_enabled(self) -> bool:
        """Whether it is asked by HTTPS."""
        return bool(self._deployment.get("sslEnabled"))

    @property
    def cname(self) -> str | None:
        """Host name its certificate is for."""
        return self._deployment.get("cname")

    @property
    def ssl_certificate(self) -> str | None:
        """Path of the certificate."""
        return self._deployment.get("sslCertificate")

    @property
    def enable_app_insights(self) -> bool:
        """Whether request telemetry was asked for."""
        return bool(self._deployment.get("appInsightsEnabled"))

    @property
    def location(self) -> str | None:
        """The region that was asked for; it means nothing here."""
        return self._deployment.get("location")

    @property
    def public_fqdn(self) -> str | None:
        """Host name of its `dnsNameLabel`; None without one."""
        label = self._deployment.get("dnsNameLabel")
        return f"{str(label).lower()}.localhost" if label else None

    @property
    def public_ip(self) -> str | None:
        """Address or host name it is asked at."""
        from urllib.parse import urlsplit

        return urlsplit(self.scoring_uri or "").hostname

    @property
    def _deployment(self) -> dict[str, Any]:
        return self._asked.deployment
