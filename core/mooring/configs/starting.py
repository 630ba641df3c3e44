"""Configurations to begin with: short, complete, and what the readers here and v1 take as they are."""

from __future__ import annotations

import json
from typing import Any

from mooring.configs.deployment_files import DEPLOYMENT_CONFIGS
from mooring.configs.fields import settings_of

_STARTING_KEYS = (
    "port",
    "authEnabled",
    "containerResourceRequirements.cpu",
    "containerResourceRequirements.memoryInGB",
)
_PLAIN_PORT = 6789


def new_inference_config(entry_script: str, conda_file: str | None = None) -> str:
    """The text of an inference configuration.

    Args:
        entry_script: Path relative to the folder of the configuration.
        conda_file: The same; None leaves the packages to what the models were registered with.
    """
    content: dict[str, Any] = {"entryScript": entry_script, "runtime": "python"}
    if conda_file is not None:
        content["condaFile"] = conda_file
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def new_deployment_config(compute_type: str) -> str:
    """The text of a deployment configuration with the keys that people change first, at their defaults."""
    content: dict[str, Any] = {"computeType": compute_type}
    known = {setting.key: setting for setting in settings_of(DEPLOYMENT_CONFIGS[compute_type]).values()}
    for key in _STARTING_KEYS:
        setting = known.get(key)
        if setting is None or not setting.in_file or setting.no_effect:
            continue
        value = _PLAIN_PORT if key == "port" else setting.default
        if value is None:
            continue
        *groups, last = setting.path
        place = content
        for group in groups:
            place = place.setdefault(group, {})
        place[last] = value
    return json.dumps(content, indent=2) + "\n"
