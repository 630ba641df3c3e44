"""What is known about a registered model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from mooring.registry.errors import InvalidResources

Progress = Callable[[int, int], None]
"""Called while bytes move: bytes done so far, bytes in all. May be called from another thread."""


@dataclass(frozen=True)
class ManifestEntry:
    """One file of a model.

    Attributes:
        path: Below the version's folder, with `/`: `ridge.pkl`, or `bert/config.json` for a folder `bert`.
        digest: `sha256:` and 64 hexadecimal digits, over the file's content.
        size_bytes: Of the content.
    """

    path: str
    digest: str
    size_bytes: int


@dataclass(frozen=True)
class ResourceConfiguration:
    """What one copy of a model needs to run. Each value is above zero, or None for unknown.

    Attributes:
        cpu: Cores.
        memory_in_gb: Memory, in GB.
        gpu: Devices.

    Raises:
        InvalidResources: A value is zero, negative or no number.
    """

    cpu: float | None = None
    memory_in_gb: float | None = None
    gpu: int | None = None

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            kinds = (int,) if name == "gpu" else (int, float)
            if value is not None and (isinstance(value, bool) or not isinstance(value, kinds) or value <= 0):
                raise InvalidResources(field=name, value=value)


@dataclass(frozen=True)
class ModelVersion:
    """One version of a model; never changes, but for its tags, properties, description and samples.

    Attributes:
        name: Of the model.
        version: From 1, rising by one with each registration of the name; never given twice.
        digest: Over the content: of the one file, or of the sorted manifest of a folder. Two folders with the
            same files have the same digest, whatever they are called.
        size_bytes: Of all files together.
        entry: The one file or folder found under `<name>/<version>/`.
        is_folder: Whether `entry` is a folder.
        created_time: UTC.
        created_by: User name on the machine that registered it.
        framework: One of `mooring.registry.frameworks.FRAMEWORKS`, or a word of the user's own.
        framework_version: As the user gave it.
        description: Free text.
        tags: Free labels; may change.
        properties: Free labels that are never changed once set.
        run_id: Of the run that made it.
        experiment_name: Of that run.
        sample_input: JSON-able.
        sample_output: JSON-able.
        resource_configuration: What a copy needs.
        python_version: Of the interpreter that registered it, for instance `3.11`.
        packages: Distribution to version, of the framework's packages seen when registering.
        manifest: The files, sorted by path.
    """

    name: str
    version: int
    digest: str
    size_bytes: int
    entry: str
    is_folder: bool
    created_time: datetime
    created_by: str = ""
    framework: str | None = None
    framework_version: str | None = None
    description: str | None = None
    tags: dict[str, str] = field(default_factory=dict[str, str])
    properties: dict[str, str] = field(default_factory=dict[str, str])
    run_id: str | None = None
    experiment_name: str | None = None
    sample_input: Any = None
    sample_output: Any = None
    resource_configuration: ResourceConfiguration | None = None
    python_version: str = ""
    packages: dict[str, str] = field(default_factory=dict[str, str])
    manifest: tuple[ManifestEntry, ...] = ()

    @property
    def id(self) -> str:
        """`name:version`."""
        return f"{self.name}:{self.version}"

    def matches(self, text: str) -> bool:
        """Whether a text is found in the id, description, framework or labels, in any case; every word of it must be."""
        labels = (
            f"{key}={value}" for labels in (self.tags, self.properties) for key, value in labels.items()
        )
        told = "\n".join((self.id, self.description or "", self.framework or "", *labels)).casefold()
        return all(word in told for word in text.casefold().split())

    def to_dict(self) -> dict[str, Any]:
        """JSON form with v1's field names; `createdTime` is ISO 8601 in UTC."""
        resources = self.resource_configuration
        return {
            "id": self.id,
            "name": self.name,
            "version": self.version,
            "framework": self.framework,
            "frameworkVersion": self.framework_version,
            "description": self.description,
            "tags": dict(self.tags),
            "properties": dict(self.properties),
            "createdTime": self.created_time.isoformat(timespec="seconds"),
            "createdBy": self.created_by,
            "runId": self.run_id,
            "experimentName": self.experiment_name,
            "sampleInput": self.sample_input,
            "sampleOutput": self.sample_output,
            "resourceConfiguration": resources
            and {"cpu": resources.cpu, "memoryInGB": resources.memory_in_gb, "gpu": resources.gpu},
            "entry": self.entry,
            "unpack": self.is_folder,
            "digest": self.digest,
            "sizeBytes": self.size_bytes,
            "pythonVersion": self.python_version,
        }
