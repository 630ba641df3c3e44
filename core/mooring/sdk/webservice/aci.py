"""`AciWebservice`: one container."""

from __future__ import annotations

from mooring.configs import AciDeploymentConfig
from mooring.sdk.webservice.base import Webservice
from mooring.sdk.webservice.configuring import build


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
