"""Where things live: read from the environment, then a settings file, then defaults.

| setting | environment variable | default |
| --- | --- | --- |
| home | MOORING_HOME | `~/.mooring` |
| workspace | MOORING_WORKSPACE | `default` |
| database_url | MOORING_DATABASE_URL | SQLite in the workspace's folder |
| artifact_url | MOORING_ARTIFACT_URL | a folder in the workspace's folder |
| strict_environments | MOORING_STRICT_ENVIRONMENTS | false: unobtainable pins are replaced and reported |
| use_conda | MOORING_USE_CONDA | false; true takes conda packages without a twin on PyPI from their channels (`pip install "mooring[conda]"`), for services in processes |
| docker_base_image | MOORING_DOCKER_BASE_IMAGE | `python:{python}-slim`; `{python}` is the minor version, `3.11` |
| docker_front_image | MOORING_DOCKER_FRONT_IMAGE | `haproxy:lts-alpine`; an image with HAProxy 2.4 or newer |
| docker_build_network | MOORING_DOCKER_BUILD_NETWORK | the engine's default network; `host` where only the host reaches the package index |
| docker_publish | MOORING_DOCKER_PUBLISH | `127.0.0.1`: the address of the engine's machine that services are published on |
| docker_registry | MOORING_DOCKER_REGISTRY | none; `host:port/path` through which machines share built images |

The file is `<home>/settings.toml` with the same names as keys.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from mooring.errors import MooringError, did_you_mean

_TRUE = {"1", "true", "yes", "on"}
_SWITCHES = {"strict_environments", "use_conda"}
_FALSE = {"0", "false", "no", "off", ""}


@dataclass(eq=False)
class InvalidSettings(MooringError):
    """The settings file, or a variable, can't be used."""

    code = "settings-invalid"
    source: str
    reason: str

    @property
    def problem(self) -> str:
        """What is wrong, and where."""
        return f"{self.source}: {self.reason}."

    @property
    def remedy(self) -> str:
        """Where to mend it."""
        return "Correct or remove it."


@dataclass(eq=False)
class HomeUnusable(MooringError):
    """The folder that everything is kept in can't be written."""

    code = "home-unusable"
    home: Path
    reason: str

    @property
    def problem(self) -> str:
        """Which folder, and why."""
        return f"Mooring's home, {self.home}, can't be written: {self.reason}."

    @property
    def remedy(self) -> str:
        """Both ways out."""
        return "Make it writable for you, or set MOORING_HOME to another folder."


@dataclass(frozen=True)
class Settings:
    """One consistent set of settings; see the module's table."""

    home: Path
    workspace: str = "default"
    database_url: str = ""
    artifact_url: str = ""
    strict_environments: bool = False
    use_conda: bool = False
    docker_base_image: str = "python:{python}-slim"
    docker_front_image: str = "haproxy:lts-alpine"
    docker_build_network: str = ""
    docker_publish: str = "127.0.0.1"
    docker_registry: str = ""

    @property
    def environments_dir(self) -> Path:
        """Built environments, shared by all workspaces of this machine."""
        return self.home / "environments"

    @property
    def workspaces_dir(self) -> Path:
        """One folder a workspace."""
        return self.home / "workspaces"

    @property
    def workspace_dir(self) -> Path:
        """Folder of the selected workspace."""
        return self.workspaces_dir / self.workspace

    def make_workspace_dir(self, *, exist_ok: bool = True) -> Path:
        """Folder of the selected workspace, made when it is not there.

        Raises:
            FileExistsError: It is there, and that is not `exist_ok`.
            HomeUnusable: It can't be made.
        """
        try:
            self.workspace_dir.mkdir(parents=True, exist_ok=exist_ok)
        except FileExistsError:
            raise
        except OSError as error:
            raise HomeUnusable(self.home, error.strerror or str(error)) from error
        return self.workspace_dir


def load_settings(**overrides: Any) -> Settings:
    """Settings in force: arguments over environment variables over the file over defaults.

    Raises:
        InvalidSettings: The file is no TOML, or holds a key or value that is not known.
    """
    home = Path(os.environ.get("MOORING_HOME") or "~/.mooring").expanduser().absolute()
    values: dict[str, Any] = {"home": home}
    values.update(_read_file(home / "settings.toml"))
    values.update(_read_environment())
    values.update({name: value for name, value in overrides.items() if value is not None})
    values["home"] = Path(values["home"]).expanduser().absolute()
    return Settings(**values)


def _read_environment() -> dict[str, Any]:
    found = {
        f.name: os.environ.get(f"MOORING_{f.name.upper()}") for f in fields(Settings) if f.name != "home"
    }
    return {
        name: _coerce(name, text, source=f"MOORING_{name.upper()}")
        for name, text in found.items()
        if text is not None
    }


def _read_file(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise InvalidSettings(
            source=str(path),
            reason=f"it can't be read ({error.strerror}); MOORING_HOME names the folder it is looked for in",
        ) from error
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidSettings(source=str(path), reason=str(error)) from error
    known = [f.name for f in fields(Settings)]
    for key in raw:
        if key not in known:
            raise InvalidSettings(source=str(path), reason=f"unknown key {key!r}{did_you_mean(key, known)}")
    return {key: _coerce(key, value, source=str(path)) for key, value in raw.items()}


def _coerce(name: str, value: Any, *, source: str) -> Any:
    if name not in _SWITCHES:
        return str(value)
    if isinstance(value, bool):
        return value
    if str(value).lower() in _TRUE | _FALSE:
        return str(value).lower() in _TRUE
    raise InvalidSettings(source=source, reason=f"{name} should be true or false, not {value!r}")
