"""Start a deployment and hand back the service at once."""

# One class in several files.
# pyright: reportPrivateUsage=false
from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from mooring.sdk.exceptions import WebserviceException, raises_as
from mooring.sdk.webservice.base import Webservice
from mooring.sdk.webservice.work import Work

if TYPE_CHECKING:
    from mooring.configs import DeploymentConfig, InferenceConfig
    from mooring.deployments.from_image import FromImage
    from mooring.sdk.model import Model
    from mooring.sdk.workspace import Workspace


@raises_as(WebserviceException)
def deploy(
    workspace: Workspace,
    name: str,
    models: Sequence[Model | str],
    inference_config: InferenceConfig | FromImage | None,
    deployment_config: DeploymentConfig | None = None,
    *,
    deployment_target: Any = None,
    overwrite: bool = False,
    show_output: bool = False,
) -> Webservice:
    """Check what can be checked, record the service, and bring it up in the background."""
    if inference_config is None:
        raise WebserviceException(
            "You must provide an InferenceConfig when deploying zero or multiple models."
        )
    desk = workspace.core.services
    deployment_config = _on_target(deployment_config, deployment_target)
    prepared = desk.prepare_deploy(
        name,
        [model if isinstance(model, str) else model.id for model in models],
        inference_config,
        deployment_config,
        overwrite=overwrite,
    )
    work = Work(prepared.carry_out, name=f"mooring-deploy-{name}")
    service = Webservice._of(workspace, desk.get(name), work)
    if show_output:
        service.wait_for_deployment(show_output=True)
    return service


def _on_target(config: DeploymentConfig | None, target: Any) -> DeploymentConfig | None:
    """The config with the cluster that was given beside it, as an object or by name; v1's defaults without a config."""
    name = target if isinstance(target, str) else getattr(target, "name", None)
    if not name:
        return config
    from dataclasses import replace

    from mooring.configs import AksDeploymentConfig

    wanted: Any = config if config is not None else AksDeploymentConfig()
    if not hasattr(wanted, "compute_target_name"):
        raise WebserviceException(
            f"A {wanted.compute_type} service does not run on the compute target {name}; use AksWebservice.deploy_configuration()."
        )
    on_target: DeploymentConfig = replace(wanted, compute_target_name=name)
    return on_target
