"""What the deploy form's values mean as configurations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mooring.configs import DEPLOYMENT_CONFIGS, DeploymentConfig, InferenceConfig, load_inference_config
from mooring.configs.config_form import config_fields
from mooring_jupyter.widgets.view import Refused

_CONFIG_ENDINGS = (".json", ".yml", ".yaml")


def inference_of(given: dict[str, Any]) -> InferenceConfig:
    """From a script, or from an inference configuration's file."""
    script = str(given.get("script") or "").strip()
    if not script:
        raise Refused("Name the entry script or an inference config.")
    if Path(script).suffix.lower() in _CONFIG_ENDINGS:
        return load_inference_config(script)[0]
    conda = str(given.get("conda") or "").strip() or None
    folder = str(given.get("folder") or "").strip() or None
    return InferenceConfig(entry_script=script, conda_file=conda, source_directory=folder)


def deployment_of(given: dict[str, Any]) -> DeploymentConfig:
    """From the compute type and the settings that are not left empty."""
    compute_type = str(given.get("compute_type") or "process")
    kinds = {field.name: field.kind for field in config_fields(compute_type)}
    values = {
        name: _value(kinds[name], name, value)
        for name, value in (given.get("settings") or {}).items()
        if name in kinds and value not in ("", None)
    }
    config = DEPLOYMENT_CONFIGS[compute_type].of(values)
    config.validate_configuration()
    return config


def _value(kind: str, name: str, value: Any) -> Any:
    if kind == "boolean":
        return value in (True, "true")
    if kind == "texts":
        pairs = [line.partition("=") for line in str(value).splitlines() if line.strip()]
        if any(not equals for _, equals, _ in pairs):
            raise Refused(f"{name}: write one name=value a line.")
        return {key.strip(): text for key, _, text in pairs}
    if kind in ("number", "integer"):
        try:
            return int(value) if kind == "integer" else float(value)
        except ValueError:
            raise Refused(f"{name} takes a number, not {value!r}.") from None
    return value
