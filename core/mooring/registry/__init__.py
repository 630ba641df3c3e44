"""The registry: models and their versions, their files, and who uses them."""

from mooring.registry.errors import (
    FrameworkVersionAlone,
    InvalidFilter,
    InvalidLabels,
    InvalidModelName,
    InvalidModelVersion,
    InvalidResources,
    InvalidSample,
    ModelInUse,
    ModelNotFound,
    PropertyImmutable,
)
from mooring.registry.store import ModelQuery, ModelStore
from mooring.registry.values import ManifestEntry, ModelVersion, Progress, ResourceConfiguration

__all__ = [
    "FrameworkVersionAlone",
    "InvalidFilter",
    "InvalidLabels",
    "InvalidModelName",
    "InvalidModelVersion",
    "InvalidResources",
    "InvalidSample",
    "ManifestEntry",
    "ModelInUse",
    "ModelNotFound",
    "ModelQuery",
    "ModelStore",
    "ModelVersion",
    "Progress",
    "PropertyImmutable",
    "ResourceConfiguration",
]
