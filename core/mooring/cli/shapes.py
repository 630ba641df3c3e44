"""Models, services and environments as JSON, with v1's names for their fields."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mooring.registry import ModelVersion

MODEL_COLUMNS = {
    "Name": "name",
    "Version": "version",
    "Framework": "framework",
    "Size": "size",
    "Created": "createdTime",
    "Tags": "tags",
}
SERVICE_COLUMNS = {
    "Name": "name",
    "State": "state",
    "Compute": "computeType",
    "Models": "models",
    "URL": "scoringUri",
    "Updated": "updatedTime",
}


def as_time(time: datetime | None) -> str | None:
    """ISO 8601, in UTC, to the second."""
    return time.isoformat(timespec="seconds") if time else None


def model_data(model: ModelVersion) -> dict[str, Any]:
    """A model version."""
    resources = model.resource_configuration
    return {
        "id": model.id,
        "name": model.name,
        "version": model.version,
        "framework": model.framework,
        "frameworkVersion": model.framework_version,
        "description": model.description,
        "tags": dict(model.tags),
        "properties": dict(model.properties),
        "createdTime": as_time(model.created_time),
        "createdBy": model.created_by,
        "runId": model.run_id,
        "experimentName": model.experiment_name,
        "sampleInput": model.sample_input,
        "sampleOutput": model.sample_output,
        "resourceConfiguration": resources
        and {"cpu": resources.cpu, "memoryInGB": resources.memory_in_gb, "gpu": resources.gpu},
        "entry": model.entry,
        "unpack": model.is_folder,
        "digest": model.digest,
        "sizeBytes": model.size_bytes,
        "pythonVersion": model.python_version,
    }
