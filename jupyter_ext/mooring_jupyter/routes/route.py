"""A route: where it answers, who may ask, and the function that does."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_type_hints

if TYPE_CHECKING:
    from mooring.workspace import Workspace
    from mooring_jupyter.jobs.book import JobBook
    from mooring_jupyter.jobs.work import Work
    from mooring_jupyter.shapes import Job

Action = Literal["read", "write", "execute"]
"""What Jupyter Server's authorizer is asked about, together with the resource."""

Resource = Literal["models", "services", "secrets", "environments", "compute", "files", "jobs", "events"]
"""As the authorizer sees it: `mooring:models`, `mooring:secrets`, …"""

_PARAMETER = re.compile(r"\{(\w+)\}")
_Handle = TypeVar("_Handle", bound=Callable[..., Any])


@dataclass(frozen=True)
class Call:
    """What a request is about, besides its parameters.

    Attributes:
        workspace: The one that `?workspace=` names, or the default one.
        root: The folder that the file browser shows as its top.
        jobs: Long work of that workspace.
        user: Who asks, as Jupyter Server's identity provider says.
    """

    workspace: Workspace
    root: Path
    jobs: JobBook
    user: str

    def begin(self, work: Work) -> Job:
        """Start long work in a process of its own, and say how it is."""
        return self.jobs.begin(work, user=self.user)


@dataclass(frozen=True)
class Route:
    """One method of one path.

    Attributes:
        path: Below `/mooring/api`, with `{parameters}`.
        status: Of a good answer.
        handle: Called outside the event loop.
    """

    method: str
    path: str
    resource: Resource
    action: Action
    status: int
    handle: Callable[..., Any]

    @property
    def name(self) -> str:
        """The function's: `list_models`."""
        return self.handle.__name__

    @property
    def summary(self) -> str:
        """What it does, in one line."""
        return (inspect.getdoc(self.handle) or "").partition("\n")[0]

    @property
    def parameters(self) -> dict[str, type]:
        """Types of the parameters in the path."""
        hints = self.hints()
        return {name: hints[name] for name in _PARAMETER.findall(self.path)}

    def hints(self) -> dict[str, Any]:
        """Types of the function's parameters, and of its answer under `return`."""
        return get_type_hints(self.handle)


class Noun:
    """Collects the routes of one file.

    Args:
        resource: What the authorizer is asked about.
    """

    def __init__(self, resource: Resource) -> None:
        self.resource: Resource = resource
        self.routes: list[Route] = []

    def route(
        self, method: str, path: str, *, action: Action = "read", status: int = 200
    ) -> Callable[[_Handle], _Handle]:
        """Make the function below answer there."""

        def add(handle: _Handle) -> _Handle:
            self.routes.append(Route(method, path, self.resource, action, status, handle))
            return handle

        return add
