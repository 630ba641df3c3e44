"""`LocalWebservice`: a container on this machine's Docker engine, under v1's name."""

from __future__ import annotations

from typing import Any

from mooring.configs import DeploymentConfig, InferenceConfig, LocalDeploymentConfig
from mooring.sdk.exceptions import WebserviceException, raises_as
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
        """Deploy the very image that runs here to another place; returns at once, `wait_for_deployment` waits.

        Args:
            name: Of the new service; this one's with the place's name behind it when not given.
            deployment_config: Where and how; `aci`, one container with limits, when not given.
            deployment_target: A compute target.

        Raises:
            WebserviceException: This service has no image, or the new one can't be deployed.
        """
        from mooring.configs import AciDeploymentConfig

        wanted = deployment_config or AciDeploymentConfig()
        image = self._promote()
        return Webservice.deploy_from_image(
            self.workspace, name or f"{self.name}-{wanted.compute_type}", image, wanted, deployment_target
        )

    @raises_as(WebserviceException)
    def _promote(self) -> str:
        return self.workspace.core.images.promote(self.name).id
