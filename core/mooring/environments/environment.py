"""v1's `Environment`: a named, versioned definition of what a model needs around it."""

from __future__ import annotations

import copy
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mooring.environments.conda import CondaDependencies
from mooring.environments.failures import InvalidEnvironment, ReservedName
from mooring.environments.sections import ContainerRegistry, DockerSection, PythonSection

RESERVED_PREFIXES = ("microsoft", "azureml")


class Environment:
    """What a model needs around it: Python, packages, variables, and the image below them.

    Args:
        name: Free, but not beginning with Microsoft or AzureML, which `register` refuses.

    Attributes:
        version: Set by `register`, a string of digits as in v1, unless chosen before.
        environment_variables: Set for the service's processes.
        inferencing_stack_version: Kept for round trips; the scoring server is always ours.
        spark: Raw section of a serialised environment, or None; so are `databricks` and `r`.
    """

    def __init__(self, name: str, **kwargs: Any) -> None:
        if not isinstance(name, str) or not name.strip():  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InvalidEnvironment(
                subject="Environment", reason=f"name should be a text, not {name!r}", advice="Give it a name."
            )
        self.name: str = name
        self.version: str | None = None
        self.asset_id: str | None = None
        self.environment_variables: dict[str, str] = {}
        self.inferencing_stack_version: str | None = None
        self.python = PythonSection()
        self.docker = DockerSection()
        self.spark: dict[str, Any] | None = None
        self.databricks: dict[str, Any] | None = None
        self.r: dict[str, Any] | None = None
        for key, value in kwargs.items():
            setattr(self, key, value)

    # ---- from elsewhere ------------------------------------------------------------------------------------------

    @staticmethod
    def from_conda_specification(name: str, file_path: str | Path) -> Environment:
        """Environment with the packages of a conda file.

        Raises:
            InvalidEnvironment: The file is missing or is no conda file.
        """
        environment = Environment(name)
        environment.python.conda_dependencies = CondaDependencies(conda_dependencies_file_path=file_path)
        return environment

    @staticmethod
    def from_pip_requirements(
        name: str, file_path: str | Path, pip_version: str | None = None
    ) -> Environment:
        """Environment with the lines of a requirements file.

        Raises:
            InvalidEnvironment: The file is missing.
        """
        from mooring.environments.requirement_files import read_requirement_lines

        environment = Environment(name)
        conda = CondaDependencies()
        conda.set_pip_requirements(read_requirement_lines(Path(file_path)))
        conda.source_path = Path(file_path)
        if pip_version is not None:
            conda.add_conda_package(f"pip={pip_version}")
        environment.python.conda_dependencies = conda
        return environment

    @staticmethod
    def from_existing_conda_environment(name: str, conda_environment_name: str) -> Environment:
        """Environment with the packages of a conda environment on this machine.

        Raises:
            CondaMissing: Neither conda nor micromamba is on PATH.
            InvalidEnvironment: Conda knows no such environment.
        """
        from mooring.environments.conda_export import export_conda_environment

        environment = Environment(name)
        exported = export_conda_environment(conda_environment_name)
        environment.python.conda_dependencies = CondaDependencies(_underlying_structure=exported)
        return environment

    @staticmethod
    def from_docker_image(
        name: str,
        image: str,
        container_registry: ContainerRegistry | None = None,
        conda_specification: str | Path | None = None,
        pip_requirements: str | Path | None = None,
    ) -> Environment:
        """Environment on a base image; without a specification the image's own packages are used as they are."""
        environment = _with_packages(name, conda_specification, pip_requirements)
        environment.docker.base_image = image
        environment.docker.enabled = True
        if container_registry is not None:
            environment.docker.base_image_registry = container_registry
        return environment

    @staticmethod
    def from_dockerfile(
        name: str,
        dockerfile: str,
        conda_specification: str | Path | None = None,
        pip_requirements: str | Path | None = None,
    ) -> Environment:
        """Environment on a Dockerfile, given as text or path."""
        environment = _with_packages(name, conda_specification, pip_requirements)
        environment.docker.base_dockerfile = str(dockerfile)
        environment.docker.enabled = True
        return environment

    @staticmethod
    def from_docker_build_context(name: str, docker_build_context: dict[str, Any]) -> Environment:
        """Environment on a build context `{locationType, location, dockerfilePath}`."""
        environment = _with_packages(name, None, None)
        environment.docker.build_context = docker_build_context
        environment.docker.enabled = True
        return environment

    @staticmethod
    def from_dict(value: Mapping[str, Any], base_dir: Path | None = None) -> Environment:
        """Environment from v1's JSON; keys that are missing, null or unknown mean the default.

        Args:
            value: The object.
            base_dir: Where `condaDependenciesFile` is looked for.

        Raises:
            InvalidEnvironment: A value has the wrong shape.
        """
        if not isinstance(value, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise InvalidEnvironment(
                subject="environment", reason=f"an object is expected, not {type(value).__name__}"
            )
        environment = Environment(str(value.get("name") or "environment"))
        version = value.get("version")
        environment.version = str(version) if version is not None else None
        environment.asset_id = value.get("assetId")
        variables = _section(value, "environmentVariables")
        environment.environment_variables = {key: str(text) for key, text in variables.items()}
        environment.inferencing_stack_version = value.get("inferencingStackVersion")
        environment.python = PythonSection.from_dict(_section(value, "python"), base_dir)
        environment.docker = DockerSection.from_dict(_section(value, "docker"))
        environment.spark = copy.deepcopy(value.get("spark"))
        environment.databricks = copy.deepcopy(value.get("databricks"))
        environment.r = copy.deepcopy(value.get("r"))
        return environment

    @staticmethod
    def load_from_directory(path: str | Path) -> Environment:
        """Environment from a folder that `save_to_directory` or `az ml environment scaffold` made."""
        from mooring.environments.folder import load_folder

        return load_folder(Path(path))

    # ---- workspace -----------------------------------------------------------------------------------------------

    @staticmethod
    def get(workspace: Any, name: str, version: str | None = None, label: str | None = None) -> Environment:
        """A registered environment, latest version by default; `AzureML-…` names give curated equivalents.

        Raises:
            EnvironmentNotFound: No such name or version.
            UnknownCuratedEnvironment: A curated name without an equivalent.
        """
        _ = label  # v1 knows only `Latest`, which is the default
        found: Environment = _registry_of(workspace).get(name, version)
        return found

    @staticmethod
    def list(workspace: Any) -> dict[str, Environment]:
        """The latest version of each registered environment, by name."""
        return {environment.name: environment for environment in _registry_of(workspace).list()}

    def register(self, workspace: Any) -> Environment:
        """Register under the next version; the same definition as the latest gives the latest back.

        Raises:
            ReservedName: The name begins with Microsoft or AzureML.
        """
        registered: Environment = _registry_of(workspace).register(self)
        return registered

    def build(self, workspace: Any, image_build_compute: str | None = None) -> Any:
        """Resolve and install on this machine now, so that the first deploy finds it ready.

        Returns:
            A finished build: `.status`, `.wait_for_completion(show_output=True)`, `.ready`.
        """
        from mooring.environments.build import build_here

        _ = image_build_compute
        return build_here(self, workspace)

    def build_local(self, workspace: Any, platform: Any = None, **kwargs: Any) -> Any:
        """The same as `build`; v1's image options are accepted and mean nothing here."""
        _ = platform, kwargs
        return self.build(workspace)

    # ---- itself --------------------------------------------------------------------------------------------------

    def clone(self, new_name: str) -> Environment:
        """A copy under another name, not registered yet."""
        cloned = copy.deepcopy(self)
        cloned.name, cloned.version, cloned.asset_id = Environment(new_name).name, None, None
        return cloned

    def save_to_directory(self, path: str | Path, overwrite: bool = False) -> None:
        """Write `azureml_environment.json` and, where used, `conda_dependencies.yml` and `BaseDockerfile`."""
        from mooring.environments.folder import save_folder

        save_folder(self, Path(path), overwrite=overwrite)

    def to_dict(self) -> dict[str, Any]:
        """v1's JSON object."""
        return {
            "name": self.name,
            "version": self.version,
            "assetId": self.asset_id,
            "environmentVariables": dict(self.environment_variables),
            "python": self.python.to_dict(),
            "docker": self.docker.to_dict(),
            "spark": copy.deepcopy(self.spark),
            "databricks": copy.deepcopy(self.databricks),
            "r": copy.deepcopy(self.r),
            "inferencingStackVersion": self.inferencing_stack_version,
        }

    def summary(self) -> dict[str, Any]:
        """What a list shows: name, version, pythonVersion, and packages without Python itself."""
        conda = self.python.conda_dependencies
        python = conda.get_python_version() if conda else None
        packages = [*conda.conda_packages, *conda.pip_packages] if conda else []
        return {
            "name": self.name,
            "version": self.version,
            "pythonVersion": (python or "").removeprefix("python").lstrip("=") or None,
            "packages": [package for package in packages if package != python],
        }

    def definition(self) -> dict[str, Any]:
        """`to_dict` without name, version and id: two environments with equal definitions are the same."""
        return {
            key: value for key, value in self.to_dict().items() if key not in {"name", "version", "assetId"}
        }

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Environment) and self.to_dict() == other.to_dict()

    def __hash__(self) -> int:
        return hash(json.dumps(self.to_dict(), sort_keys=True, default=str))

    def __repr__(self) -> str:
        version = f":{self.version}" if self.version else ""
        how = (
            "user-managed" if self.python.user_managed_dependencies else repr(self.python.conda_dependencies)
        )
        return f"Environment({self.name}{version}, {how})"

    def _repr_html_(self) -> str:
        from mooring.environments.display import render_environment

        return render_environment(self)


def check_name(name: str) -> None:
    """Refuse names that belong to curated environments.

    Raises:
        ReservedName: The name begins with Microsoft or AzureML, in any case.
    """
    if name.lower().startswith(RESERVED_PREFIXES):
        raise ReservedName(name=name)


def _with_packages(name: str, conda: str | Path | None, pip: str | Path | None) -> Environment:
    if conda is not None and pip is not None:
        raise InvalidEnvironment(
            subject=f"Environment {name!r}",
            reason="conda_specification and pip_requirements exclude each other",
            advice="Keep one of them.",
        )
    if conda is not None:
        return Environment.from_conda_specification(name, conda)
    if pip is not None:
        return Environment.from_pip_requirements(name, pip)
    environment = Environment(name)
    environment.python.user_managed_dependencies = True
    return environment


def _section(value: Mapping[str, Any], key: str) -> dict[str, Any]:
    section = value.get(key)
    if section is None:
        return {}
    if not isinstance(section, dict):
        raise InvalidEnvironment(
            subject=f"environment.{key}", reason=f"an object is expected, not {section!r:.60}"
        )
    return section


def _registry_of(workspace: Any) -> Any:
    """v1's `Workspace` shows its environments as a dict; the registry is behind it."""
    return getattr(workspace, "core", workspace).environments
