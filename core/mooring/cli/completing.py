"""What the shell offers after Tab: names that are registered. Never fails, never prints."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mooring.workspace import Workspace


def complete_models(incomplete: str) -> list[str]:
    """`name:version` once a name is typed in full, names before."""
    name, colon, _ = incomplete.partition(":")
    if colon:
        return _offer(lambda workspace: (model.id for model in workspace.models.list(name)))
    return complete_model_names(incomplete)


def complete_model_names(incomplete: str) -> list[str]:  # noqa: ARG001 (the shell filters)
    """Names of models."""
    return _offer(lambda workspace: (model.name for model in workspace.models.list(latest=True)))


def complete_services(incomplete: str) -> list[str]:  # noqa: ARG001
    """Names of services."""
    return _offer(lambda workspace: (service.name for service in workspace.services.list()))


def complete_environments(incomplete: str) -> list[str]:  # noqa: ARG001
    """Names of environments."""
    return _offer(lambda workspace: (environment.name for environment in workspace.environments.list()))


def complete_image_names(incomplete: str) -> list[str]:  # noqa: ARG001
    """Names of images."""
    return _offer(lambda workspace: (image.name for image in workspace.images.list()))


def complete_images(incomplete: str) -> list[str]:
    """`name:version` once a name is typed in full, names before."""
    name, colon, _ = incomplete.partition(":")
    if colon:
        return _offer(lambda workspace: (image.id for image in workspace.images.list(name)))
    return complete_image_names(incomplete)


def complete_workspaces(incomplete: str) -> list[str]:  # noqa: ARG001
    """Names of workspaces."""
    from mooring.workspace import Workspace

    try:
        return Workspace.list()
    except Exception:  # noqa: BLE001 (a Tab key must not print a traceback into the prompt)
        return []


def _offer(names: Callable[[Workspace], Iterable[str]]) -> list[str]:
    try:
        with _opened() as workspace:
            return list(dict.fromkeys(names(workspace)))
    except Exception:  # noqa: BLE001 (a Tab key must not print a traceback into the prompt)
        return []


@contextmanager
def _opened() -> Generator[Workspace, None, None]:
    from mooring.workspace import Workspace

    workspace = Workspace.open()
    try:
        yield workspace
    finally:
        workspace.close()
