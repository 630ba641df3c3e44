"""A workspace: a named store of models, environments and services. The composition root of the core.

The only place that chooses database, artifact store and targets. Nothing is made or loaded before it is asked for:
opening a workspace costs a few file look-ups, and the default one needs no set-up.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from mooring.errors import MooringError, did_you_mean
from mooring.settings import HomeUnusable, Settings, load_settings

if TYPE_CHECKING:
    from mooring.database import Database
    from mooring.deployments import ServiceDesk
    from mooring.deployments.parts import Parts
    from mooring.deployments.values import Service
    from mooring.environments import EnvironmentRegistry
    from mooring.packaging.desk import ImageDesk
    from mooring.registry import ModelRegistry
    from mooring.watching import Listener, Subscription

DEFAULT = "default"
_DATABASE = "mooring.db"

# v1: 3 to 33 characters, letters, digits, - and _; one that makes a safe folder name everywhere.
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{1,32}\Z")


@dataclass(eq=False)
class InvalidWorkspaceName(MooringError):
    """A workspace name that can't be a folder."""

    code = "workspace-name-invalid"
    name: str

    @property
    def problem(self) -> str:
        """The name and the rule."""
        return f"{self.name!r} is no name for a workspace: 2 to 33 letters, digits, dashes and underscores."

    @property
    def remedy(self) -> str:
        """Choose."""
        return "Choose another name."


@dataclass(eq=False)
class WorkspaceNotFound(MooringError):
    """No workspace of that name."""

    code = "workspace-not-found"
    name: str
    known: list[str] = field(default_factory=list[str])

    @property
    def problem(self) -> str:
        """The name, and a near one."""
        return f"There is no workspace named {self.name!r}{did_you_mean(self.name, self.known)}."

    @property
    def remedy(self) -> str:
        """Two ways."""
        return f"Create it with `mooring workspace create -w {self.name}`, or list what there is: mooring workspace list."


@dataclass(eq=False)
class WorkspaceExists(MooringError):
    """The name is taken."""

    code = "workspace-exists"
    name: str

    @property
    def problem(self) -> str:
        """The name."""
        return f"A workspace named {self.name!r} exists already."

    @property
    def remedy(self) -> str:
        """Use it."""
        return f"Use it with -w {self.name}, or choose another name."


class Workspace:
    """Models, environments and services under one name.

    Args:
        settings: With the workspace's name in it. Use `open`, `create` or `list` instead of the constructor.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @staticmethod
    def open(name: str | None = None, settings: Settings | None = None, *, create: bool = False) -> Workspace:
        """The workspace of that name.

        Args:
            name: None takes, in this order: MOORING_WORKSPACE, the name in a `.azureml/config.json` or `config.json`
                of this folder or one above it, the settings file, `default`.
            settings: To be used instead of those in force.
            create: Whether a name that is new makes a new workspace.

        Raises:
            InvalidWorkspaceName: It can't be a name.
            WorkspaceNotFound: There is none; `default`, and one a config.json names, need not be created.
        """
        base = settings or load_settings()
        found = None
        if name is None and settings is None and "MOORING_WORKSPACE" not in os.environ:
            found = find_config_name(Path.cwd())
        chosen = name or found or base.workspace
        _check_name(chosen)
        known = list_workspaces(base)
        if chosen not in known and chosen not in (DEFAULT, found) and not create:
            raise WorkspaceNotFound(name=chosen, known=known)
        return Workspace(replace(base, workspace=chosen))

    @staticmethod
    def create(name: str, settings: Settings | None = None, *, exist_ok: bool = False) -> Workspace:
        """A new workspace.

        Raises:
            InvalidWorkspaceName: It can't be a name.
            WorkspaceExists: The name is taken, and `exist_ok` is false.
        """
        _check_name(name)
        base = settings or load_settings()
        try:
            replace(base, workspace=name).make_workspace_dir(exist_ok=exist_ok)
        except FileExistsError as error:
            raise WorkspaceExists(name=name) from error
        return Workspace(replace(base, workspace=name))

    @staticmethod
    def list(settings: Settings | None = None) -> list[str]:
        """Names of the workspaces there are, `default` among them."""
        return list_workspaces(settings or load_settings())

    @property
    def name(self) -> str:
        """Of the workspace."""
        return self.settings.workspace

    @cached_property
    def database(self) -> Database:
        """Where it remembers; opened, and made when needed, on first use."""
        from mooring.database import open_database

        folder = self.settings.make_workspace_dir()
        if self.settings.database_url:
            return open_database(self.settings.database_url)
        # Environment definitions may hold an image registry's password; SQLite gives its other files the same mode.
        place = folder / _DATABASE
        if not place.exists():
            try:
                place.touch(mode=0o600)
            except OSError as error:
                raise HomeUnusable(self.settings.home, error.strerror or str(error)) from error
        return open_database(f"sqlite:///{place}")

    @cached_property
    def models(self) -> ModelRegistry:
        """Registered models."""
        from mooring.registry.opening import open_artifacts
        from mooring.registry.registry import ModelRegistry

        folder = self.settings.workspace_dir
        artifacts = open_artifacts(
            self.settings.artifact_url, default=folder / "artifacts", cache=folder / "artifact-cache"
        )
        return ModelRegistry(self.database.models, artifacts)

    @cached_property
    def environments(self) -> EnvironmentRegistry:
        """Registered environments."""
        from mooring.environments import EnvironmentRegistry

        return EnvironmentRegistry(self.database.environments)

    @cached_property
    def services(self) -> ServiceDesk:
        """Deployed services."""
        from mooring.deployments.desk import ServiceDesk

        return ServiceDesk(self._parts)

    @cached_property
    def images(self) -> ImageDesk:
        """Registered images."""
        from mooring.packaging.desk import ImageDesk

        return ImageDesk(self._parts, self.database.images)

    @property
    def _parts(self) -> Parts:
        from mooring.deployments.discovery import Targets
        from mooring.deployments.parts import Parts

        return Parts(
            self.settings,
            self.database.services,
            models=lambda: self.models,
            environments=lambda: self.environments,
            targets=Targets(self.settings),
        )

    @property
    def is_made(self) -> bool:
        """Whether there is a store already; the first use of one makes it."""
        return bool(self.settings.database_url) or (self.settings.workspace_dir / _DATABASE).is_file()

    def watch(self, listener: Listener) -> Subscription:
        """Have `listener` told about changes of models, environments and services; see `mooring.watching`.

        It is told at once how things are. All watches of a workspace in this process share one thread.
        """
        from mooring.watching import watch

        return watch(self.settings, lambda: _Watched(self.settings), listener)

    def close(self) -> None:
        """Let go of the database; what is asked for afterwards opens it again."""
        database = self.__dict__.pop("database", None)
        for name in ("models", "environments", "services", "images"):
            self.__dict__.pop(name, None)
        if database is not None:
            database.close()

    def __enter__(self) -> Workspace:  # noqa: PYI034 (Self came with Python 3.11)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Workspace(name={self.name!r}, folder={str(self.settings.workspace_dir)!r})"


class _Watched:
    """A workspace as a watch looks at it; looking makes none."""

    def __init__(self, settings: Settings) -> None:
        self._workspace = Workspace(settings)

    def change_numbers(self) -> dict[str, int]:
        if not self._workspace.is_made:
            self._workspace.close()
            return {}
        return self._workspace.database.change_numbers()

    def list_services(self) -> Sequence[Service]:
        return self._workspace.services.list()

    def close(self) -> None:
        self._workspace.close()


def find_config_name(folder: Path) -> str | None:
    """The workspace name in v1's `config.json`, in this folder or one above; None when there is none."""
    for place in _config_places(folder):
        try:
            content = json.loads(place.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        name = content.get("workspace_name") if isinstance(content, dict) else None
        if isinstance(name, str) and _NAME.match(name):
            return name
    return None


def list_workspaces(settings: Settings) -> list[str]:
    """Names of the workspaces under a home."""
    try:
        found = {entry.name for entry in os.scandir(settings.workspaces_dir) if entry.is_dir()}
    except FileNotFoundError:
        found = set()
    return sorted(found | {DEFAULT})


def _config_places(folder: Path) -> Iterator[Path]:
    for place in (folder, *folder.parents):
        yield place / ".azureml" / "config.json"
        yield place / "aml_config" / "config.json"
        yield place / "config.json"


def _check_name(name: str) -> None:
    if not _NAME.match(name):
        raise InvalidWorkspaceName(name=name)
