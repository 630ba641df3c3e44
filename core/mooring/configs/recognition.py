"""Tells configurations by what they hold, not by their names: ARM templates and other tools' JSON are left alone."""

from __future__ import annotations

from typing import Any

from mooring.configs.deployment_files import DEPLOYMENT_CONFIGS
from mooring.configs.document import Document
from mooring.configs.fields import keys_of
from mooring.configs.inference import InferenceConfig

# Marks of other formats: ARM templates, Azure ML v2 files, resources of the management API.
_FOREIGN = {"$schema", "resources", "properties", "apiVersion", "contentVersion"}
_TELLING_INFERENCE = {
    "entryScript",
    "condaFile",
    "extraDockerfileSteps",
    "extraDockerFileSteps",
    "sourceDirectory",
}
_TELLING_DEPLOYMENT = {
    "containerResourceRequirements", "autoScaler", "authEnabled", "appInsightsEnabled", "numReplicas",
    "scoringTimeoutMs", "livenessProbeRequirements", "maxConcurrentRequestsPerContainer", "tokenAuthEnabled",
}  # fmt: skip
_ENOUGH = 2


def is_inference_config(document: Document) -> bool:
    """True when the document can only be an inference configuration, a broken one included."""
    keys = _keys(document.value)
    if not keys or _FOREIGN & keys or "computeType" in keys:
        return False
    known = {path[0] for path in keys_of(InferenceConfig)}
    return "entryScript" in keys or (bool(keys & _TELLING_INFERENCE) and len(keys & known) >= _ENOUGH)


def is_deployment_config(document: Document) -> bool:
    """True when the document can only be a deployment configuration, a broken one included."""
    keys = _keys(document.value)
    if not keys or _FOREIGN & keys:
        return False
    written = document.value.get("computeType")
    if isinstance(written, str) and written.lower() in DEPLOYMENT_CONFIGS:
        return True
    return len(keys & _TELLING_DEPLOYMENT) >= (1 if written is not None else _ENOUGH)


def may_be_config(text: str) -> bool:
    """False when the text can't be one of our configurations; costs no parsing, so that big files stay cheap."""
    return any(word in text for word in (*_TELLING_INFERENCE, *_TELLING_DEPLOYMENT, "computeType"))


def _keys(value: Any) -> set[str]:
    return set(value) if isinstance(value, dict) else set()
