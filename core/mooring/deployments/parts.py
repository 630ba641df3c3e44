"""What the desk works with; the composition root brings it together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from mooring.deployments.discovery import Targets
from mooring.deployments.store import ServiceStore
from mooring.deployments.target import service_folder
from mooring.settings import Settings

if TYPE_CHECKING:
    from mooring.deployments.keys import ServiceKeys
    from mooring.environments import Environment, EnvironmentRegistry, ReadyEnvironment, Resolution
    from mooring.registry import ModelRegistry, ModelVersion


class EnvironmentBuilder(Protocol):
    """Turns what was asked for into a Python that is ready."""

    def resolve(
        self,
        environment: Environment | None,
        *,
        models: Sequence[ModelVersion],
        portable: bool,
        progress: Callable[[str], None],
    ) -> Resolution:
        """Exact packages, with a finding for each that could not be had as written."""
        ...

    def is_built(self, resolution: Resolution) -> bool:
        """Whether `realize` would find it ready."""
        ...

    def realize(self, resolution: Resolution, *, progress: Callable[[str], None]) -> ReadyEnvironment:
        """The environment on this machine, built or reused."""
        ...


class UvEnvironments:
    """The real builder: `mooring.environments`, loaded when first used."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def resolve(
        self,
        environment: Environment | None,
        *,
        models: Sequence[ModelVersion],
        portable: bool,
        progress: Callable[[str], None],
    ) -> Resolution:
        """Exact packages."""
        from mooring.environments import resolve

        return resolve(
            environment,
            settings=self._settings,
            models=models,
            portable=portable,
            progress=lambda phase, line: progress(f"{phase}: {line}"),
        )

    def is_built(self, resolution: Resolution) -> bool:
        """Whether it is on this machine."""
        from mooring.environments.realization import is_ready

        return resolution.is_user_managed or is_ready(self._settings.environments_dir / resolution.digest)

    def realize(self, resolution: Resolution, *, progress: Callable[[str], None]) -> ReadyEnvironment:
        """The environment on this machine."""
        from mooring.environments import realize

        return realize(
            resolution, settings=self._settings, progress=lambda phase, line: progress(f"{phase}: {line}")
        )


class Parts:
    """Everything around the desk. Registries are made when first needed: listing services needs neither.

    Args:
        settings: Of the workspace.
        store: Where services are remembered.
        models: Gives the model registry.
        environments: Gives the environment registry.
        targets: Where services can run.
        builder: Builds environments.
    """

    def __init__(
        self,
        settings: Settings,
        store: ServiceStore,
        *,
        models: Callable[[], ModelRegistry],
        environments: Callable[[], EnvironmentRegistry],
        targets: Targets,
        builder: EnvironmentBuilder | None = None,
    ) -> None:
        self.settings = settings
        self.store = store
        self.targets = targets
        self.builder: EnvironmentBuilder = builder or UvEnvironments(settings)
        self._make_models = models
        self._make_environments = environments

    @cached_property
    def models(self) -> ModelRegistry:
        """The model registry."""
        return self._make_models()

    @cached_property
    def environments(self) -> EnvironmentRegistry:
        """The environment registry."""
        return self._make_environments()

    def folder(self, service: str) -> Path:
        """The folder of a service."""
        return service_folder(self.settings, service)

    def lock_path(self, service: str) -> Path:
        """Its lock, outside of its folder, which `delete` removes."""
        return self.settings.workspace_dir / "services" / ".locks" / f"{service}.lock"

    def keys(self, service: str) -> ServiceKeys:
        """Its keys file."""
        from mooring.deployments.keys import ServiceKeys

        return ServiceKeys(self.folder(service) / "keys.json")
