"""The registry: models and their versions, their files, and who uses them."""

from mooring.registry.artifacts import ArtifactStore
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
from mooring.registry.file_errors import (
    AlreadyThere,
    ArtifactDamaged,
    ArtifactMissing,
    InvalidChildPaths,
    SourceChanged,
    SourceEmpty,
    SourceMissing,
    SourceUnreadable,
    StorageFailed,
    StorageFull,
    TargetUnwritable,
)
from mooring.registry.frameworks import FRAMEWORKS
from mooring.registry.garbage import Garbage
from mooring.registry.opening import open_artifacts
from mooring.registry.registry import ModelRegistry
from mooring.registry.store import ModelQuery, ModelStore
from mooring.registry.values import ManifestEntry, ModelVersion, Progress, ResourceConfiguration

__all__ = [
    "FRAMEWORKS",
    "AlreadyThere",
    "ArtifactDamaged",
    "ArtifactMissing",
    "ArtifactStore",
    "FrameworkVersionAlone",
    "Garbage",
    "InvalidChildPaths",
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
    "ModelRegistry",
    "ModelStore",
    "ModelVersion",
    "Progress",
    "PropertyImmutable",
    "ResourceConfiguration",
    "SourceChanged",
    "SourceEmpty",
    "SourceMissing",
    "SourceUnreadable",
    "StorageFailed",
    "StorageFull",
    "TargetUnwritable",
    "open_artifacts",
]
