"""The workspace and the names a widget works with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mooring.workspace import Workspace


def open_workspace(workspace: Any = None) -> Workspace:
    """A workspace of the core, from v1's object, a name, or nothing for the default one."""
    from mooring.workspace import Workspace

    if isinstance(workspace, Workspace):
        return workspace
    core = getattr(workspace, "core", None)
    return core if isinstance(core, Workspace) else Workspace.open(workspace)


def name_of(thing: Any) -> str:
    """A service's or model's name, from the object or the name."""
    return thing if isinstance(thing, str) else str(thing.name)
