"""The workspace, the service, the model that a widget is about: from objects or names, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mooring.errors import MooringError

if TYPE_CHECKING:
    from mooring.workspace import Workspace

_MOST_SHOWN = 60


@dataclass(eq=False)
class WrongArgument(MooringError):
    """A widget was to be made of something that it can't show."""

    code = "widget-argument"
    given: str
    wanted: str
    way_out: str

    @property
    def problem(self) -> str:
        """What it is, and what it should be."""
        return f"{self.given} is no {self.wanted}."

    @property
    def remedy(self) -> str:
        """What to write."""
        return self.way_out

    @classmethod
    def of(cls, given: Any, wanted: str, way_out: str) -> WrongArgument:
        """The same of any object."""
        text = repr(given)
        shown = text if len(text) <= _MOST_SHOWN and "\n" not in text else f"This {type(given).__name__}"
        return cls(shown, wanted, way_out)


def open_workspace(workspace: Any = None) -> Workspace:
    """A workspace of the core, from v1's object, a name, or nothing for the default one.

    Raises:
        WorkspaceNotFound: There is none of that name.
        WrongArgument: It is something else.
    """
    from mooring.workspace import Workspace

    if isinstance(workspace, Workspace):
        return workspace
    core = getattr(workspace, "core", None)
    if isinstance(core, Workspace):
        return core
    if workspace is None or isinstance(workspace, str):
        return Workspace.open(workspace)
    raise WrongArgument.of(workspace, "workspace", "Give a Workspace or the name of one.")


def service_name(service: Any) -> str:
    """A service's name, from v1's object or the name.

    Raises:
        WrongArgument: It is something else.
    """
    name = service if isinstance(service, str) else getattr(service, "name", None)
    if isinstance(name, str) and name.strip():
        return name.strip()
    raise WrongArgument.of(service, "service", 'Give its name, as in ServiceWidget("nb"), or the Webservice.')


def model_id(workspace: Workspace, model: Any) -> str:
    """A registered model's `name:version`, from v1's object or the name; the newest version of a name alone.

    Raises:
        ModelNotFound: It is not registered.
        WrongArgument: It is something else.
    """
    name = model if isinstance(model, str) else getattr(model, "id", None)
    if not isinstance(name, str) or not name.strip():
        way_out = 'Give "diabetes:1" or the Model; register a fitted object first: %mooring register model.'
        raise WrongArgument.of(model, "registered model", way_out)
    return workspace.models.get_by_id(name.strip()).id


def near(path: str | None) -> str | None:
    """A path as one would write it in this notebook: from its folder, where it lies below that."""
    if path is None or not Path(path).is_relative_to(Path.cwd()):
        return path
    return str(Path(path).relative_to(Path.cwd()))


def variable_name(shell: Any, model: Any) -> str:
    """What to register, as a form has it: a path, or the name of the variable that holds the object.

    Raises:
        WrongArgument: It is neither.
    """
    if model is None or isinstance(model, str | Path):
        return str(model or "")
    names: dict[str, Any] = shell.user_ns if shell is not None else {}
    found = [name for name, value in names.items() if value is model and name[0] != "_"]
    if found:
        return found[-1]
    raise WrongArgument.of(
        model, "variable of this notebook", 'Give its name, or the path of a file: "ridge.pkl".'
    )
