"""What a `Model` tells about itself."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mooring.registry import ModelVersion, ResourceConfiguration


class ModelFacts:
    """Properties of a registered version, read from its record."""

    _record: ModelVersion

    @property
    def id(self) -> str:
        """`name:version`."""
        return self._record.id

    @property
    def name(self) -> str:
        """Name of the model."""
        return self._record.name

    @property
    def version(self) -> int:
        """Number of the version, from 1."""
        return self._record.version

    @property
    def digest(self) -> str:
        """SHA-256 of the content."""
        return self._record.digest

    @property
    def size_bytes(self) -> int:
        """Size of the content."""
        return self._record.size_bytes

    @property
    def description(self) -> str:
        """Free text."""
        return self._record.description or ""

    @property
    def tags(self) -> dict[str, str]:
        """Changeable labels."""
        return dict(self._record.tags)

    @property
    def properties(self) -> dict[str, str]:
        """Labels that never change."""
        return dict(self._record.properties)

    @property
    def created_time(self) -> datetime:
        """When it was registered, in UTC."""
        return self._record.created_time

    @property
    def created_by(self) -> str:
        """Who registered it."""
        return self._record.created_by or ""

    @property
    def model_framework(self) -> str | None:
        """One of `Model.Framework`."""
        return self._record.framework

    @property
    def model_framework_version(self) -> str | None:
        """Version of the framework."""
        return self._record.framework_version

    @property
    def run_id(self) -> str | None:
        """The run that registered it."""
        return self._record.run_id

    @property
    def experiment_name(self) -> str | None:
        """The experiment of that run."""
        return self._record.experiment_name

    @property
    def sample_input_dataset(self) -> Any:
        """Sample input, as registered."""
        return self._record.sample_input

    @property
    def sample_output_dataset(self) -> Any:
        """Sample output, as registered."""
        return self._record.sample_output

    @property
    def resource_configuration(self) -> ResourceConfiguration | None:
        """What it needs to run."""
        return self._record.resource_configuration

    @property
    def url(self) -> str:
        """Address of the content in the store."""
        return f"aml://asset/{self._record.digest}"

    @property
    def unpack(self) -> bool:
        """Whether it was registered as a folder."""
        return self._record.is_folder

    @property
    def mime_type(self) -> str:
        """`application/x-tar` for a folder, `application/json` for a file, as v1 said."""
        return "application/x-tar" if self._record.is_folder else "application/json"
