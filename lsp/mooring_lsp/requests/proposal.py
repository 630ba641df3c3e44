"""`mooring/proposal`: what a deployment from a file would take."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from mooring_lsp.asked import Asked


def proposal(asked: Asked) -> dict[str, Any]:
    """What would be deployed, as what and where."""
    desk = asked.writable.services
    found = desk.propose(asked.path(), compute_type=asked.find("computeType", str))
    return {
        "service": found.service,
        "exists": found.exists,
        "models": list(found.models),
        "script": found.script.as_uri(),
        "inferenceConfig": _uri(found.inference_config),
        "deploymentConfig": _uri(found.deployment_config),
        "computeType": found.compute_type,
        "choices": [{"computeType": each.compute_type, "title": each.title} for each in found.choices],
    }


def _uri(path: Path | None) -> str | None:
    return path.as_uri() if path is not None else None
