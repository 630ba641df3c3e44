"""A conda specification: channels, conda packages, one list of pip packages. v1's `CondaDependencies`."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import yaml

from mooring.environments.failures import InvalidEnvironment

DEFAULT_SPEC: dict[str, Any] = {
    "name": "project_environment",
    "channels": ["anaconda", "conda-forge"],
    # What v1 writes too: a file saved here stays deployable there.
    "dependencies": [{"pip": ["azureml-defaults"]}],
}
_NAME = re.compile(r"^\s*(?:[\w.\-/]+::)?([A-Za-z0-9][\w.\-]*)")


class CondaDependencies:
    """Packages of an environment, as a conda file holds them.

    Args:
        conda_dependencies_file_path: A conda file to read; None starts from v1's default specification.
        _underlying_structure: The same as a parsed document.

    Raises:
        InvalidEnvironment: The file is missing, no YAML, or no mapping.
    """

    def __init__(
        self,
        conda_dependencies_file_path: str | Path | None = None,
        _underlying_structure: dict[str, Any] | None = None,
    ) -> None:
        self.source_path: Path | None = None
        if _underlying_structure is not None:
            structure: Any = copy.deepcopy(_underlying_structure)
        elif conda_dependencies_file_path is not None:
            self.source_path = Path(conda_dependencies_file_path)
            structure = _load_yaml(self.source_path)
        else:
            structure = copy.deepcopy(DEFAULT_SPEC)
        self._structure = _checked(structure, str(self.source_path or "conda dependencies"))

    @staticmethod
    def create(
        pip_indexurl: str | None = None,
        pip_packages: list[str] | None = None,
        conda_packages: list[str] | None = None,
        python_version: str | None = None,
        pin_sdk_version: bool = True,
    ) -> CondaDependencies:
        """Specification from lists of packages.

        Args:
            pip_indexurl: Index to take the place of PyPI.
            pip_packages: Added to v1's `azureml-defaults`.
            conda_packages: Packages for conda, with or without versions.
            python_version: For instance "3.8"; None leaves the choice to the resolution.
            pin_sdk_version: Accepted for v1's sake; the SDK is not installed here.
        """
        _ = pin_sdk_version
        conda = CondaDependencies()
        if pip_indexurl:
            conda.set_pip_option(f"--index-url {pip_indexurl}")
        if python_version:
            conda.set_python_version(python_version)
        for package in conda_packages or []:
            conda.add_conda_package(package)
        for package in pip_packages or []:
            conda.add_pip_package(package)
        return conda

    # ---- what it holds -------------------------------------------------------------------------------------------

    @property
    def conda_channels(self) -> list[str]:
        """Channels, first wins."""
        return list(self._structure.get("channels") or [])

    @property
    def conda_packages(self) -> list[str]:
        """Conda's packages, `python` among them."""
        return [entry for entry in self._entries() if isinstance(entry, str)]

    @property
    def pip_packages(self) -> list[str]:
        """Pip's requirements without option lines."""
        return [line for line in self._pip() if not line.lstrip().startswith("-")]

    @property
    def pip_options(self) -> list[str]:
        """Option lines of the pip list, such as `--extra-index-url`."""
        return [line for line in self._pip() if line.lstrip().startswith("-")]

    def get_python_version(self) -> str | None:
        """The `python` entry as written, for instance `python=3.6.2`, or None."""
        return next((entry for entry in self.conda_packages if package_name(entry) == "python"), None)

    def as_dict(self) -> dict[str, Any]:
        """A copy of the document."""
        return copy.deepcopy(self._structure)

    def serialize_to_string(self) -> str:
        """YAML text of a conda file."""
        return yaml.safe_dump(self._structure, sort_keys=False)

    # ---- changing it ---------------------------------------------------------------------------------------------

    def add_channel(self, channel: str) -> None:
        """Append a channel unless it is there."""
        channels = self._structure.setdefault("channels", None) or []
        self._structure["channels"] = channels + [channel] * (channel not in channels)

    def remove_channel(self, channel: str) -> None:
        """Drop a channel; an absent one is no error."""
        self._structure["channels"] = [known for known in self.conda_channels if known != channel]

    def add_conda_package(self, conda_package: str) -> None:
        """Add a package, in the place of an entry of the same name."""
        self.remove_conda_package(package_name(conda_package))
        pips = [entry for entry in self._entries() if not isinstance(entry, str)]
        self._structure["dependencies"] = [*self.conda_packages, conda_package, *pips]

    def remove_conda_package(self, conda_package: str) -> None:
        """Drop a package by name; an absent one is no error."""
        name = package_name(conda_package)
        self._structure["dependencies"] = [
            entry for entry in self._entries() if not isinstance(entry, str) or package_name(entry) != name
        ]

    def add_pip_package(self, pip_package: str) -> None:
        """Add a requirement, in the place of one of the same name."""
        name = package_name(pip_package)
        kept = [line for line in self._pip() if not name or package_name(line) != name]
        self._set_pip([*kept, pip_package])

    def remove_pip_package(self, pip_package: str) -> None:
        """Drop a requirement by name; an absent one is no error."""
        name = package_name(pip_package)
        self._set_pip([line for line in self._pip() if package_name(line) != name])

    def set_pip_option(self, pip_option: str) -> None:
        """Put an option line (`--extra-index-url …`) before the requirements, once."""
        self._set_pip([pip_option, *(line for line in self._pip() if line != pip_option)])

    def remove_pip_option(self, pip_option: str) -> None:
        """Drop option lines that begin like this; none is no error."""
        self._set_pip([line for line in self._pip() if not line.startswith(pip_option)])

    def set_pip_index_url(self, index_url: str) -> None:
        """Take packages from this index in the place of PyPI."""
        self.remove_pip_option("--index-url")
        self.set_pip_option(f"--index-url {index_url}")

    def set_pip_requirements(self, pip_requirements: list[str]) -> None:
        """Replace the whole pip list."""
        self._set_pip(list(pip_requirements))

    def set_python_version(self, version: str) -> None:
        """Ask for a Python, for instance "3.8"."""
        self.remove_conda_package("python")
        self._structure["dependencies"] = [f"python={version}", *self._entries()]

    # ---- files ---------------------------------------------------------------------------------------------------

    def save(self, path: str | Path | None = None) -> str:
        """Write a conda file and say its path; a folder gets `conda_dependencies.yml`."""
        target = Path(path) if path is not None else Path("conda_dependencies.yml")
        if target.is_dir():
            target = target / "conda_dependencies.yml"
        target.write_text(self.serialize_to_string(), encoding="utf-8")
        return str(target)

    def save_to_file(self, base_directory: str | Path, conda_file_path: str | Path | None = None) -> str:
        """Write a conda file below a folder; the answer is the path relative to it."""
        relative = Path(conda_file_path) if conda_file_path is not None else Path("conda_dependencies.yml")
        target = Path(base_directory) / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        self.save(target)
        return str(relative)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, CondaDependencies) and self._structure == other._structure

    def __hash__(self) -> int:
        return hash(self.serialize_to_string())

    def __repr__(self) -> str:
        conda, pip = len(self.conda_packages), len(self.pip_packages)
        return f"CondaDependencies({self.get_python_version() or 'any python'}, {conda} conda, {pip} pip)"

    def _entries(self) -> list[Any]:
        return list(self._structure.get("dependencies") or [])

    def _pip(self) -> list[str]:
        lists = [entry.get("pip") or [] for entry in self._entries() if isinstance(entry, dict)]
        return [str(line) for lines in lists for line in ([lines] if isinstance(lines, str) else lines)]

    def _set_pip(self, lines: list[str]) -> None:
        entries: list[Any] = []
        for entry in self._entries():
            if isinstance(entry, dict):
                entry = {key: value for key, value in entry.items() if key != "pip"}  # noqa: PLW2901
            if entry:
                entries.append(entry)
        self._structure["dependencies"] = [*entries, {"pip": lines}] if lines else entries


def package_name(requirement: str) -> str:
    """Lower-case name at the head of a conda or pip requirement; empty for options and URLs."""
    found = _NAME.match(requirement)
    return found.group(1).lower().replace("_", "-") if found else ""


def _load_yaml(path: Path) -> Any:
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InvalidEnvironment(
            subject=f"Conda file {str(path)!r}", reason=error.strerror or str(error), advice="Check the path."
        ) from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise InvalidEnvironment(
            subject=f"Conda file {str(path)!r}",
            reason=_place_and_reason(error),
            advice="Correct it there; indentation and dashes are what is wrong most often.",
        ) from error


def _place_and_reason(error: Exception) -> str:
    """`line 6, column 3: expected <block end>, but found …`, where the parser tells the place."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return " ".join(str(error).split())
    problem = getattr(error, "problem", None) or getattr(error, "context", None) or "it is no YAML"
    return f"line {mark.line + 1}, column {mark.column + 1}: {problem}"


def _checked(structure: Any, subject: str) -> dict[str, Any]:
    if structure is None:
        structure = {}
    if not isinstance(structure, dict):
        raise InvalidEnvironment(
            subject=subject,
            reason=f"a mapping with `dependencies` is expected, not {type(structure).__name__}",
            advice="Write `dependencies:` followed by a list.",
        )
    dependencies = structure.get("dependencies")
    if not isinstance(dependencies, (list, type(None))):
        raise InvalidEnvironment(
            subject=subject,
            reason=f"`dependencies` should be a list, not {type(dependencies).__name__}",
            advice="Put a dash before each package.",
        )
    return structure
