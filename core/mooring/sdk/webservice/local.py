"""`LocalWebservice`: a container on this machine's Docker engine, under v1's name."""

from __future__ import annotations

from typing import Any

from mooring.configs import DeploymentConfig, InferenceConfig, LocalDeploymentConfig
from mooring.sdk.unbuilt import NotBuiltYet
from mooring.sdk.webservice.base import Webservice
from mooring.sdk.webservice.configuring import build


class LocalWebservice(Webservice):
    """A service on this machine."""

    compute_types = ("local",)

    STATE_DELETED = "deleted"
    STATE_DEPLOYING = "deploying"
    STATE_FAILED = "failed"
    STATE_RUNNING = "running"
    STATE_UNKNOWN = "unknown"

    @property
    def state(self) -> str:
        """v1's own words for local services: deploying, running, failed, deleted, unknown."""
        return {
            "Transitioning": self.STATE_DEPLOYING,
            "Healthy": self.STATE_RUNNING,
            "Failed": self.STATE_FAILED,
            "Deleting": self.STATE_DELETED,
        }.get(super().state, self.STATE_UNKNOWN)

    @staticmethod
    def deploy_configuration(port: int | None = None) -> LocalDeploymentConfig:
        """How to run locally.

        Args:
            port: Host port, 1 to 65535; a free one when not given.

        Raises:
            WebserviceException: The port is out of range.
        """
        return build(LocalDeploymentConfig, {"port": port})

    def update(  # type: ignore[override]
        self,
        models: list[Any] | None = None,
        image_config: Any = None,
        deployment_config: DeploymentConfig | None = None,
        wait: bool = False,
        inference_config: InferenceConfig | None = None,
    ) -> None:
        """Serve other models, another script or environment, under the same URL."""
        self._update(
            models=models,
            inference_config=inference_config or image_config,
            deployment_config=deployment_config,
        )
        if wait:
            self.wait_for_deployment()

    def deploy_to_cloud(
        self, name: str | None = None, deployment_config: Any = None, deployment_target: Any = None
    ) -> Webservice:
        """Not offered yet.

        Raises:
            NotBuiltYet: Always.
        """
        raise NotBuiltYet(call="LocalWebservice.deploy_to_cloud()")
