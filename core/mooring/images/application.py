"""The last step of an image: the code, and all a container has to know that is no secret and true wherever it runs."""

from __future__ import annotations

import hashlib
from typing import Any

from mooring.environments import Resolution
from mooring.images.archive import ImageChange
from mooring.images.context import APP_ROOT
from mooring.images.contract import PORT, USER_ID
from mooring.images.installing import ENVIRONMENT_DIR, RING_DIR
from mooring.images.layers import Layer
from mooring.images.naming import LABEL
from mooring.images.parts import ImageParts


def describe_application(parts: ImageParts, layer: Layer) -> ImageChange:
    """The last step: code, and all a container has to know that is no secret and true for every service."""
    python = interpreter_of(parts.environment)
    variables = {
        "AML_APP_ROOT": APP_ROOT,
        "AZUREML_ENTRY_SCRIPT": parts.entry_script,
        "SERVER_PORT": str(PORT),
        "MOORING_HOST": "0.0.0.0",  # noqa: S104 - of the container; what is published is decided outside
        "MOORING_MODELS": ",".join(model.id for model in parts.models),
        "HOME": "/tmp",  # noqa: S108 - the only folder a container may write to
        "USER": "mooring",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    if parts.source_directory:
        variables["AZUREML_SOURCE_DIRECTORY"] = parts.source_directory
    if parts.model_dir:
        variables["AZUREML_MODEL_DIR"] = f"{APP_ROOT}/{parts.model_dir}"
    settings: dict[str, Any] = {
        "Entrypoint": [python, "-S", "-E", "-s", f"{RING_DIR}/mooring/scoring/supervisor", "contained"],
        "Cmd": [],
        "User": str(USER_ID),
        "WorkingDir": APP_ROOT,
        "ExposedPorts": {f"{PORT}/tcp": {}},
        "StopSignal": "SIGTERM",
    }
    labels = {
        LABEL + "models": ",".join(model.id for model in parts.models),
        LABEL + "entry-script": parts.entry_script,
        LABEL
        + "script": f"sha256:{hashlib.sha256((parts.app_root / parts.entry_script).read_bytes()).hexdigest()}",
        LABEL + "role": "service",
    }
    return ImageChange([layer], variables, labels, settings)


def interpreter_of(resolution: Resolution) -> str:
    """The Python that runs the script, as a path in the image."""
    return resolution.interpreter if resolution.is_user_managed else f"{ENVIRONMENT_DIR}/bin/python"
