"""A model version to a row and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from mooring.registry import ManifestEntry, ModelVersion, ResourceConfiguration

_SAME = (
    "name",
    "version",
    "digest",
    "size_bytes",
    "entry",
    "is_folder",
    "framework",
    "framework_version",
    "description",
    "created_time",
    "created_by",
    "run_id",
    "experiment_name",
    "python_version",
    "tags",
    "properties",
    "packages",
    "sample_input",
    "sample_output",
)

CHANGEABLE = ("description", "tags", "properties", "sample_input", "sample_output", "resource_configuration")
"""Columns that may change after registration."""


def to_row(version: ModelVersion) -> dict[str, Any]:
    """Values for `model_versions`, without `id` and `is_latest`."""
    resources = version.resource_configuration
    return {
        **{name: getattr(version, name) for name in _SAME},
        "manifest": [[entry.path, entry.digest, entry.size_bytes] for entry in version.manifest],
        "resource_configuration": asdict(resources) if resources else None,
    }


def from_row(row: dict[str, Any]) -> ModelVersion:
    """The version in a row of `model_versions`."""
    resources = row["resource_configuration"]
    return ModelVersion(
        **{name: row[name] for name in _SAME},
        manifest=tuple(ManifestEntry(*entry) for entry in row["manifest"]),
        resource_configuration=ResourceConfiguration(**resources) if resources else None,
    )
