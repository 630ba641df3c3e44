"""Tells configurations by what they hold, not by their names: ARM templates and other tools' JSON are left alone."""

from __future__ import annotations

import re
from typing import Any

from mooring.configs.deployment_files import DEPLOYMENT_CONFIGS
from mooring.configs.document import Document
from mooring.configs.fields import keys_of
from mooring.configs.inference import InferenceConfig

# Marks of other formats: ARM templates, what the management API is sent and answers, services written to a file.
_FOREIGN = {
    "resources", "apiVersion", "contentVersion", "kvTags", "environmentImageRequest", "imageId", "deploymentType", "computeName",
    "aadAuthEnabled", "resourceId", "overwrite", "computeLocation", "scoringUri", "swaggerUri", "createdTime", "operationId", "provisioningState",
}  # fmt: skip
_OUR_SCHEMAS = re.compile(r"^urn:mooring:|-config\.schema\.json$")
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
_LARGEST = 500_000  # characters; the longest environments are a tenth of that


def is_inference_config(document: Document) -> bool:
    """True when the document can only be an inference configuration, a broken one included."""
    keys = _keys(document.value)
    if not keys or _is_foreign(document.value) or keys & {"computeType", "properties"}:
        return False
    known = {path[0] for path in keys_of(InferenceConfig)}
    return "entryScript" in keys or (bool(keys & _TELLING_INFERENCE) and len(keys & known) >= _ENOUGH)


def is_deployment_config(document: Document) -> bool:
    """True when the document can only be a deployment configuration, a broken one included."""
    keys = _keys(document.value)
    if not keys or _is_foreign(document.value):
        return False
    written = document.value.get("computeType")
    if isinstance(written, str) and written.lower() in DEPLOYMENT_CONFIGS:
        return bool(keys & _TELLING_DEPLOYMENT) or not _is_mostly_strange(keys, written.lower())
    if "properties" in keys:
        return False
    resources = document.value.get("containerResourceRequirements")
    if isinstance(resources, dict) and {"cpu", "memoryInGB"} & set(resources):
        return True
    return len(keys & _TELLING_DEPLOYMENT) >= (1 if written is not None else _ENOUGH)


def _is_mostly_strange(keys: set[str], compute_type: str) -> bool:
    """Whether a document only happens to have the key: of what it says, hardly anything is known."""
    known = {path[0] for path in keys_of(DEPLOYMENT_CONFIGS[compute_type])}
    strange = keys - known - {"computeType"}
    return len(strange) > _ENOUGH and len(strange) > len(keys & known)


def may_be_config(text: str) -> bool:
    """False when the text can't be one of our configurations; costs no parsing, so that big files stay cheap."""
    return len(text) <= _LARGEST and any(
        word in text for word in (*_TELLING_INFERENCE, *_TELLING_DEPLOYMENT, "computeType")
    )


def _is_foreign(content: dict[str, Any]) -> bool:
    schema = content.get("$schema")
    has_other_schema = isinstance(schema, str) and not _OUR_SCHEMAS.search(schema)
    return has_other_schema or bool(_FOREIGN & set(content))


def _keys(value: Any) -> set[str]:
    return set(value) if isinstance(value, dict) else set()
