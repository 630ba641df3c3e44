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
