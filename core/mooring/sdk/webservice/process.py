"""`ProcessWebservice`: a supervised process of this machine; Mooring's own kind."""

from __future__ import annotations

from typing import Any

from mooring.configs import ProcessDeploymentConfig
from mooring.sdk.webservice.base import Webservice
from mooring.sdk.webservice.configuring import build


class ProcessWebservice(Webservice):
    """A service that runs as a supervised process and needs nothing but Python."""

    compute_types = ("process",)

    @staticmethod
    def deploy_configuration(port: int | None = None, **settings: Any) -> ProcessDeploymentConfig:
        """How to run as a process.

        Args:
            port: Port to listen on; a free one when not given.
            **settings: As in the file's keys, spelt with underscores: `auth_enabled`, `primary_key`,
                `secondary_key`, `token_auth_enabled`, `scoring_timeout_ms`, `worker_count`,
                `replica_max_concurrent_requests`, `max_request_wait_time`, `tags`, `properties`, `description`.
        """
        return build(ProcessDeploymentConfig, {"port": port, **settings})
