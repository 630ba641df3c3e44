"""The deployment configurations of one machine and of Azure Container Instances."""

# ruff: noqa: RUF009 - the calls make dataclass fields

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from mooring.configs import shared_settings as shared
from mooring.configs.deployment import Broken, DeploymentConfig
from mooring.configs.fields import setting

_PORT = {"minimum": 0, "maximum": 65535, "rule": "must be an integer in range [1, 65535]."}
_NOT_ENFORCED = "A process takes what the machine has: CPU and memory requests are recorded, not enforced"


@dataclass(repr=False)
class ProcessDeploymentConfig(DeploymentConfig):
    """A service that is a process of this machine; reachable from this machine only."""

    compute_type: ClassVar[str] = "process"
    foreign_keys: ClassVar[dict[str, str]] = {
        "sslEnabled": "the service listens on this machine only, without TLS"
    }

    port: int | None = setting(
        "port", "integer", "Port on 127.0.0.1; 0 or absent takes a free one and keeps it.", **_PORT
    )
    auth_enabled: bool | None = shared.auth_enabled(default=False)
    token_auth_enabled: bool | None = shared.token_auth_enabled()
    primary_key: str | None = shared.primary_key()
    secondary_key: str | None = shared.secondary_key()
    scoring_timeout_ms: int | None = shared.scoring_timeout_ms()
    replica_max_concurrent_requests: int | None = shared.replica_max_concurrent_requests(
        default=None, doc="Requests one worker answers at once; absent leaves it to the server."
    )
    max_request_wait_time: int | None = shared.max_request_wait_time(
        default=None,
        doc="Milliseconds a request may wait for a worker before 503; absent: as long as it takes.",
    )
    worker_count: int | None = setting(
        "workerCount", "integer", "Worker processes; each runs init() once.", default=1, above=0
    )
    environment_variables: dict[str, str] | None = setting(
        "environmentVariables", "texts", "Variables set for the script, beside those of the environment."
    )
    cpu_cores: float | None = shared.cpu_cores(default=None, no_effect=_NOT_ENFORCED)
    memory_gb: float | None = shared.memory_gb(default=None, no_effect=_NOT_ENFORCED)
    enable_app_insights: bool | None = shared.enable_app_insights(
        no_effect="Application Insights is not part of a local service; its logs and metrics are kept here"
    )
    tags: dict[str, str] | None = shared.tags()
    properties: dict[str, str] | None = shared.properties()
    description: str | None = shared.description()

    def broken_rules(self) -> Iterator[Broken]:
        """Keys and tokens exclude each other."""
        yield from shared.exclusive_auth(self)


@dataclass(repr=False)
class LocalDeploymentConfig(DeploymentConfig):
    """A service in a container of this machine's Docker engine, without authentication, as in v1."""

    compute_type: ClassVar[str] = "local"
    foreign_keys: ClassVar[dict[str, str]] = {
        "authEnabled": "local services have no authentication",
        "tokenAuthEnabled": "local services have no authentication",
        "keys": "local services have no authentication",
    }

    port: int | None = setting(
        "port",
        "integer",
        "Port on 127.0.0.1; 0 or absent takes a free one. The container listens on 5001.",
        **_PORT,
    )


@dataclass(repr=False)
class AciDeploymentConfig(DeploymentConfig):
    """Azure Container Instances: one replica, key authentication off unless asked for."""

    compute_type: ClassVar[str] = "aci"

    cpu_cores: float | None = shared.cpu_cores(rule="must be positive.")
    memory_gb: float | None = shared.memory_gb(rule="must be positive.")
    tags: dict[str, str] | None = shared.tags()
    properties: dict[str, str] | None = shared.properties()
    description: str | None = shared.description()
    location: str | None = setting("location", "text", "Azure region; absent: that of the workspace.")
    auth_enabled: bool | None = shared.auth_enabled(default=False)
    ssl_enabled: bool | None = setting(
        "sslEnabled",
        "boolean",
        "Serve HTTPS; needs sslCertificate, sslKey and cname.",
        default=False,
        protects=True,
    )
    enable_app_insights: bool | None = shared.enable_app_insights()
    ssl_cert_pem_file: str | None = setting(
        "sslCertificate", "path", "PEM file with the full chain.", protects=True
    )
    ssl_key_pem_file: str | None = setting("sslKey", "path", "PEM file with the private key.", protects=True)
    ssl_cname: str | None = setting("cname", "text", "Host name on the certificate.")
    dns_name_label: str | None = setting(
        "dnsNameLabel", "text", "First part of the host name; absent: generated."
    )
    primary_key: str | None = shared.primary_key()
    secondary_key: str | None = shared.secondary_key()
    collect_model_data: bool | None = setting(
        "collectModelData", "boolean", "Collect inputs and predictions.", default=False, in_file=False
    )
    cmk_vault_base_url: str | None = setting("vaultBaseUrl", "text", "Key vault of a customer-managed key.")
    cmk_key_name: str | None = setting("keyName", "text", "Name of the customer-managed key.")
    cmk_key_version: str | None = setting("keyVersion", "text", "Version of the customer-managed key.")
    vnet_name: str | None = setting("vnetName", "text", "Virtual network; together with subnetName.")
    subnet_name: str | None = setting("subnetName", "text", "Subnet; together with vnetName.")

    def broken_rules(self) -> Iterator[Broken]:
        """TLS needs its three parts and their files; key vault and network settings come whole or not at all."""
        yield from self._broken_tls()
        vault = ("cmk_vault_base_url", "cmk_key_name", "cmk_key_version")
        if self._is_partial(vault):
            problem = "customer managed key vault_base_url, key_name and key_version must all have values or all are empty."
            yield Broken(vault, problem, "Set vaultBaseUrl, keyName and keyVersion, or none of them.")
        if self._is_partial(("vnet_name", "subnet_name")):
            problem = "vnet_name and subnet_name must all have values or both are empty/null."
            yield Broken(
                ("vnet_name", "subnet_name"), problem, "Set vnetName and subnetName, or none of them."
            )

    def _broken_tls(self) -> Iterator[Broken]:
        parts = ("ssl_enabled", "ssl_cert_pem_file", "ssl_key_pem_file")
        if not self.ssl_enabled:
            return
        if not (self.ssl_cert_pem_file and self.ssl_key_pem_file and self.ssl_cname):
            problem = "SSL is enabled, you must provide a SSL certificate, key, and cname."
            yield Broken(parts, problem, "Set sslCertificate, sslKey and cname, or sslEnabled to false.")
            return
        for name, path, word in zip(
            parts[1:], (self.ssl_cert_pem_file, self.ssl_key_pem_file), ("cert", "key"), strict=True
        ):
            if self.find_file(path) is None:
                problem = f"Error, unable to find SSL {word} pem file provided paths:\n{path}"
                yield Broken((name,), problem, "Correct the path.")

    def _is_partial(self, names: tuple[str, ...]) -> bool:
        given: list[Any] = [getattr(self, name) for name in names]
        return any(given) and not all(given)
