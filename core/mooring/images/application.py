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
    script = (parts.app_root / parts.entry_script).read_bytes()
    labels = {
        LABEL + "models": ",".join(model.id for model in parts.models),
        LABEL + "entry-script": parts.entry_script,
        LABEL + "script": f"sha256:{hashlib.sha256(script).hexdigest()}",
        LABEL + "role": "service",
        LABEL + "python": parts.environment.python_version,
    }
    settings = describe_settings(interpreter_of(parts.environment))
    return ImageChange([layer], render_variables(parts), labels, settings)


def render_variables(parts: ImageParts) -> dict[str, str]:
    """Environment variables of the image; those of users first, so that they can't change what it stands on."""
    variables = {
        **parts.variables,
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
    return variables


def describe_settings(python: str) -> dict[str, Any]:
    """What an image starts, and as whom."""
    return {
        "Entrypoint": [python, "-S", "-E", "-s", f"{RING_DIR}/mooring/scoring/supervisor", "contained"],
        "Cmd": [],
        "User": str(USER_ID),
        "WorkingDir": APP_ROOT,
        "ExposedPorts": {f"{PORT}/tcp": {}},
        "StopSignal": "SIGTERM",
    }


def interpreter_of(resolution: Resolution) -> str:
    """The Python that runs the script, as a path in the image."""
    return resolution.interpreter if resolution.is_user_managed else f"{ENVIRONMENT_DIR}/bin/python"
