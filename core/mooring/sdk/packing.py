"""Start packing models and a script, and hand back the package at once."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from mooring.sdk.exceptions import WebserviceException
from mooring.sdk.package import ModelPackage

if TYPE_CHECKING:
    from mooring.configs import InferenceConfig
    from mooring.sdk.model import Model
    from mooring.sdk.workspace import Workspace

_DEFAULT_NAME = "package"


def pack(
    workspace: Workspace,
    models: Sequence[Model | str],
    inference_config: InferenceConfig | None,
    *,
    generate_dockerfile: bool,
    image_name: str | None,
    image_label: str | None,
) -> ModelPackage:
    """See `Model.package`.

    Raises:
        WebserviceException: No inference config was given.
    """
    if inference_config is None:
        raise WebserviceException("You must provide an InferenceConfig when packaging models.")
    wanted = inference_config
    desk = workspace.core.images
    ids = [model if isinstance(model, str) else model.id for model in models]
    if generate_dockerfile:
        folder = Path(tempfile.mkdtemp(prefix="mooring-package-"))
        return ModelPackage(
            workspace, lambda reporter: desk.write_context(ids, wanted, folder, reporter=reporter), folder
        )
    return ModelPackage(
        workspace,
        lambda reporter: desk.build(
            image_name or _DEFAULT_NAME, ids, wanted, label=image_label or "", reporter=reporter
        ),
        None,
    )
