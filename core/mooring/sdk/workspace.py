"""`Workspace`: a named store of models, environments and services; the default one needs no set-up."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mooring.sdk import cards
from mooring.sdk.exceptions import UserErrorException, WorkspaceException, raises_as
from mooring.sdk.notices import ignored, notice

if TYPE_CHECKING:
    from mooring.environments import Environment
    from mooring.sdk.compute import ComputeTarget
    from mooring.sdk.experiment import Experiment
    from mooring.sdk.model import Model
    from mooring.sdk.webservice import Webservice
    from mooring.workspace import Workspace as Core

CONFIG_FILE = "config.json"
_CONFIG_PLACES = (".azureml", ".", "aml_config")


class Workspace:
    """A named store; `Workspace()` is the default one.

    Args:
        subscription_id: Of the old workspace; recorded, without meaning here.
        resource_group: Likewise.
        workspace_name: Name of the store; made when it isn't there.
        tags: Accepted and ignored, as all that follows.
    """

    def __init__(
        self,
        subscription_id: str | None = None,
        resource_group: str | None = None,
        workspace_name: str | None = None,
        auth: Any = None,
        _location: str | None = None,
        _disable_service_check: bool = False,
        _workspace_id: str | None = None,
        sku: str = "basic",
        tags: dict[str, str] | None = None,
        **_ignored: Any,
    ) -> None:
        ignored("Workspace()", auth=auth, tags=tags)
        self.subscription_id = subscription_id
        self.resource_group = resource_group
        self.location = _location
        self.core: Core = _open(workspace_name)

    # ---- getting one -----------------------------------------------------------------------------------------
    @staticmethod
    def from_config(
        path: str | None = None, auth: Any = None, _logger: Any = None, _file_name: str | None = None
    ) -> Workspace:
        """The workspace that a `config.json` names; the default one when there is no such file.

        The file is looked for in `path` (the current directory unless given), its parents, and their `.azureml`
        and `aml_config` folders.

        Raises:
            UserErrorException: `path` was given and holds no such file, or the file is not valid.
        """
        ignored("Workspace.from_config()", auth=auth)
        found = _find_config(Path(path or "."), _file_name or CONFIG_FILE)
        if found is None and path is not None:
            raise UserErrorException(
                f"We could not find {_file_name or CONFIG_FILE} in: {path} or in its parent directories."
            )
        if found is None:
            notice("no-config", "No config.json was found; using the default workspace.")
            return Workspace()
        known = _read_config(found)
        return Workspace(
            known.get("subscription_id"), known.get("resource_group"), known.get("workspace_name")
        )

    @staticmethod
    def get(
        name: str,
        auth: Any = None,
        subscription_id: str | None = None,
        resource_group: str | None = None,
        location: str | None = None,
        cloud: str = "AzureCloud",
        id: str | None = None,  # noqa: A002 (v1's name)
    ) -> Workspace:
        """The workspace of this name.

        Raises:
            WorkspaceException: There is none.
        """
        ignored("Workspace.get()", auth=auth)
        _open(name, create=False)
        return Workspace(subscription_id, resource_group, name, _location=location)

    @staticmethod
    @raises_as(WorkspaceException)
    def create(
        name: str,
        auth: Any = None,
        subscription_id: str | None = None,
        resource_group: str | None = None,
        location: str | None = None,
        create_resource_group: bool = True,
        exist_ok: bool = False,
        show_output: bool = True,
        **also: Any,
    ) -> Workspace:
        """A new workspace.

        Raises:
            WorkspaceException: It is there already and `exist_ok` is False.
        """
        from mooring.workspace import Workspace as Core

        ignored("Workspace.create()", auth=auth, **also)
        Core.create(name, exist_ok=exist_ok).close()
        return Workspace(subscription_id, resource_group, name, _location=location)

    @staticmethod
    def list(
        subscription_id: str | None = None, auth: Any = None, resource_group: str | None = None
    ) -> dict[str, list[Workspace]]:
        """All workspaces of this machine by name."""
        from mooring.workspace import Workspace as Core

        return {name: [Workspace(subscription_id, resource_group, name)] for name in Core.list()}

    @staticmethod
    def setup() -> Workspace:
        """The default workspace."""
        return Workspace()

    # ---- what it is ------------------------------------------------------------------------------------------
    @property
    def name(self) -> str:
        """Its name."""
        return self.core.name

    @property
    def folder(self) -> Path:
        """The folder it keeps things in."""
        return self.core.settings.workspace_dir

    @property
    def models(self) -> dict[str, Model]:
        """The newest version of each model, by name."""
        from mooring.sdk.model import Model

        return {model.name: model for model in Model.list(self, latest=True)}

    @property
    def webservices(self) -> dict[str, Webservice]:
        """Services by name."""
        from mooring.sdk.webservice import Webservice

        return {service.name: service for service in Webservice.list(self)}

    @property
    def environments(self) -> dict[str, Environment]:
        """The newest version of each registered environment, by name."""
        return {environment.name: environment for environment in self.core.environments.list()}

    @property
    def compute_targets(self) -> dict[str, ComputeTarget]:
        """Attached compute targets by name."""
        from mooring.sdk.compute import ComputeTarget

        return {target.name: target for target in ComputeTarget.list(self)}

    @property
    def experiments(self) -> dict[str, Experiment]:
        """Empty: experiments are names here, not records."""
        return {}

    @property
    def images(self) -> dict[str, Any]:
        """Built images by name; empty until images are built."""
        return {}

    def get_details(self) -> dict[str, Any]:
        """Name, folder, and what was recorded of the old workspace."""
        return {
            "name": self.name,
            "folder": str(self.folder),
            "subscription_id": self.subscription_id,
            "resource_group": self.resource_group,
            "location": self.location,
        }

    def get_mlflow_tracking_uri(self, _with_auth: bool = False) -> str:
        """A local MLflow store in the workspace's folder."""
        return (self.folder / "mlruns").absolute().as_uri()

    def write_config(self, path: str | None = None, file_name: str | None = None) -> None:
        """Write `.azureml/config.json`, so that `from_config` finds this workspace again."""
        folder = Path(path or ".") / ".azureml"
        folder.mkdir(parents=True, exist_ok=True)
        facts = {
            "subscription_id": self.subscription_id or "",
            "resource_group": self.resource_group or "",
            "workspace_name": self.name,
        }
        (folder / (file_name or CONFIG_FILE)).write_text(json.dumps(facts, indent=2) + "\n")

    def __getattr__(self, name: str) -> Any:
        from mooring.sdk.unbuilt import NotBuiltYet

        if name.startswith("_") or name not in _ELSEWHERE:
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
        raise NotBuiltYet(
            call=f"Workspace.{name}", instead="Mooring keeps models, environments and services only."
        )

    def __repr__(self) -> str:
        return f"Workspace.create(name={self.name!r}, subscription_id={self.subscription_id!r}, resource_group={self.resource_group!r})"

    def _repr_html_(self) -> str:
        return cards.table(
            f"Workspace {self.name}",
            {
                "folder": str(self.folder),
                "models": ", ".join(sorted(self.models)) or "none yet",
                "services": ", ".join(sorted(self.webservices)) or "none yet",
            },
        )


_ELSEWHERE = {
    "datasets",
    "datastores",
    "get_default_compute_target",
    "get_default_datastore",
    "get_default_keyvault",
    "get_run",
    "linked_services",
}


@raises_as(WorkspaceException)
def _open(name: str | None, *, create: bool = True) -> Core:
    from mooring.workspace import Workspace as Core

    return Core.open(name, create=create)


def _find_config(start: Path, file_name: str) -> Path | None:
    if start.is_file():
        return start
    folder = start.absolute()
    for parent in (folder, *folder.parents):
        for place in _CONFIG_PLACES:
            candidate = parent / place / file_name
            if candidate.is_file() and "workspace_name" in candidate.read_text(
                encoding="utf-8-sig", errors="replace"
            ):
                return candidate
    return None


def _read_config(path: Path) -> dict[str, Any]:
    try:
        known = json.loads(path.read_text(encoding="utf-8-sig"))
    except ValueError as error:
        raise UserErrorException(f"{path} is not valid JSON: {error}.") from error
    if not isinstance(known, dict) or not known.get("workspace_name"):
        raise UserErrorException(f"{path} names no workspace: it needs the key workspace_name.")
    return known
