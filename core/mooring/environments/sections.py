"""The sections of an environment: Python, Docker and the registry of the base image, with v1's names."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from mooring.environments.conda import CondaDependencies

DEFAULT_CPU_IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-ubuntu22.04"
DEFAULT_GPU_IMAGE = "mcr.microsoft.com/azureml/openmpi4.1.0-cuda11.8-cudnn8-ubuntu22.04"


@dataclass
class ContainerRegistry:
    """Where a private base image is pulled from. The password is never shown by `repr`."""

    address: str | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    registry_identity: dict[str, Any] | None = None

    @classmethod
    def from_dict(cls, value: dict[str, Any] | None) -> ContainerRegistry:
        """The registry from v1's JSON; null means all defaults."""
        value = value or {}
        return cls(
            address=value.get("address"),
            username=value.get("username"),
            password=value.get("password"),
            registry_identity=value.get("registryIdentity"),
        )

    def to_dict(self) -> dict[str, Any]:
        """v1's JSON, password included: it is what a registered environment needs to pull its image."""
        return {
            "address": self.address,
            "username": self.username,
            "password": self.password,
            "registryIdentity": self.registry_identity,
        }


class PythonSection:
    """Which Python, and which packages.

    Attributes:
        user_managed_dependencies: True = packages are there already; nothing is installed.
        interpreter_path: Interpreter to use when user-managed.
        base_conda_environment: Kept for round trips.
        conda_dependencies: The packages.
    """

    def __init__(self) -> None:
        self.user_managed_dependencies: bool = False
        self.interpreter_path: str = "python"
        self.base_conda_environment: str | None = None
        self.conda_dependencies: CondaDependencies | None = CondaDependencies()
        self._conda_dependencies_file: str | None = None

    @property
    def conda_dependencies_file(self) -> str | None:
        """Path of a conda file; setting it reads the file into `conda_dependencies` (deprecated in v1)."""
        return self._conda_dependencies_file

    @conda_dependencies_file.setter
    def conda_dependencies_file(self, path: str | None) -> None:
        self._conda_dependencies_file = path
        if path is not None:
            self.conda_dependencies = CondaDependencies(conda_dependencies_file_path=path)

    @classmethod
    def from_dict(cls, value: dict[str, Any] | None, base_dir: Path | None = None) -> PythonSection:
        """The section from v1's JSON; `condaDependenciesFile` is read relative to `base_dir` when it exists."""
        value = value or {}
        section = cls()
        section.user_managed_dependencies = bool(value.get("userManagedDependencies") or False)
        section.interpreter_path = value.get("interpreterPath") or "python"
        section.base_conda_environment = value.get("baseCondaEnvironment")
        inline, file = value.get("condaDependencies"), value.get("condaDependenciesFile")
        if inline is not None:
            section.conda_dependencies = CondaDependencies(_underlying_structure=inline)
            section._conda_dependencies_file = file
        elif file is not None:
            section.conda_dependencies_file = str((base_dir or Path()) / file)
        return section

    def to_dict(self) -> dict[str, Any]:
        """v1's JSON."""
        conda = self.conda_dependencies
        return {
            "userManagedDependencies": self.user_managed_dependencies,
            "interpreterPath": self.interpreter_path,
            "condaDependenciesFile": self._conda_dependencies_file,
            "baseCondaEnvironment": self.base_conda_environment,
            "condaDependencies": conda.as_dict() if conda is not None else None,
        }


class DockerSection:
    """The image below the packages. Base image, Dockerfile and build context exclude one another."""

    def __init__(self) -> None:
        self.enabled: bool = False
        self.arguments: list[str] = []
        self.shared_volumes: bool = True
        self.shm_size: str | None = "2g"
        self.base_image_registry: ContainerRegistry = ContainerRegistry()
        self.platform: dict[str, str] = {"os": "Linux", "architecture": "amd64"}
        self._base_image: str | None = DEFAULT_CPU_IMAGE
        self._base_dockerfile: str | None = None
        self._build_context: dict[str, Any] | None = None

    @property
    def base_image(self) -> str | None:
        """Name of the base image; setting it clears Dockerfile and build context."""
        return self._base_image

    @base_image.setter
    def base_image(self, image: str | None) -> None:
        self._base_image = image
        if image is not None:
            self._clear("base_image", "_base_dockerfile", "_build_context")

    @property
    def base_dockerfile(self) -> str | None:
        """Dockerfile text; a path is read. Setting it clears base image and build context."""
        return self._base_dockerfile

    @base_dockerfile.setter
    def base_dockerfile(self, dockerfile: str | None) -> None:
        self._base_dockerfile = read_dockerfile(dockerfile)
        if dockerfile is not None:
            self._clear("base_dockerfile", "_base_image", "_build_context")

    @property
    def build_context(self) -> dict[str, Any] | None:
        """`{locationType, location, dockerfilePath}`; setting it clears base image and Dockerfile."""
        return self._build_context

    @build_context.setter
    def build_context(self, context: dict[str, Any] | None) -> None:
        self._build_context = context
        if context is not None:
            self._clear("build_context", "_base_image", "_base_dockerfile")

    @property
    def gpu_support(self) -> bool:
        """Always true; it means nothing any more."""
        return True

    @gpu_support.setter
    def gpu_support(self, _value: bool) -> None:
        warnings.warn(
            "docker.gpu_support does nothing any more; GPUs are found", DeprecationWarning, stacklevel=2
        )

    def _clear(self, kept: str, *others: str) -> None:
        for name in others:
            # The default image gives way silently: nobody chose it.
            if getattr(self, name) not in {None, DEFAULT_CPU_IMAGE} or isinstance(getattr(self, name), dict):
                warnings.warn(f"docker.{name[1:]} was cleared because docker.{kept} was set", stacklevel=4)
            setattr(self, name, None)

    @classmethod
    def from_dict(cls, value: dict[str, Any] | None) -> DockerSection:
        """The section from v1's JSON; null means the default of each key."""
        value = value or {}
        section = cls()
        section.enabled = bool(value.get("enabled") or False)
        section.arguments = list(value.get("arguments") or [])
        section.shared_volumes = bool(_given(value, "sharedVolumes", default=True))
        section.shm_size = value.get("shmSize") or "2g"
        section.base_image_registry = ContainerRegistry.from_dict(value.get("baseImageRegistry"))
        section.platform = dict(value.get("platform") or section.platform)
        section._base_dockerfile = read_dockerfile(value.get("baseDockerfile"))
        section._build_context = value.get("buildContext")
        has_own = section._base_dockerfile is not None or section._build_context is not None
        section._base_image = value.get("baseImage") or (None if has_own else DEFAULT_CPU_IMAGE)
        return section

    def to_dict(self) -> dict[str, Any]:
        """v1's JSON."""
        return {
            "enabled": self.enabled,
            "baseImage": self._base_image,
            "baseDockerfile": self._base_dockerfile,
            "buildContext": self._build_context,
            "sharedVolumes": self.shared_volumes,
            "shmSize": self.shm_size,
            "arguments": list(self.arguments),
            "baseImageRegistry": self.base_image_registry.to_dict(),
            "platform": dict(self.platform),
        }


def read_dockerfile(dockerfile: str | None) -> str | None:
    """Text of a Dockerfile given as text or as the path of an existing file."""
    if (
        dockerfile is None
        or "\n" in dockerfile
        or dockerfile.lstrip().upper().startswith(("FROM ", "#", "ARG "))
    ):
        return dockerfile
    path = Path(dockerfile)
    return path.read_text(encoding="utf-8") if path.is_file() else dockerfile


def _given(value: dict[str, Any], key: str, *, default: object) -> object:
    return default if value.get(key) is None else value[key]
