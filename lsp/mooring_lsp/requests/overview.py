"""`mooring/overview`: everything a tree shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mooring.deployments.discovery import Targets
from mooring.deployments.proposing import title_of
from mooring.workspace import list_workspaces
from mooring_lsp.asked import Asked
from mooring_lsp.told import with_uri

if TYPE_CHECKING:
    from mooring.settings import Settings
    from mooring.workspace import Workspace


def overview(asked: Asked) -> dict[str, Any]:
    """Workspace, models, environments, targets and services."""
    settings = asked.settings
    workspace = asked.workspaces.find(settings)
    place = {"name": settings.workspace, "uri": settings.workspace_dir.as_uri(), "isMade": bool(workspace)}
    return {
        "workspace": place,
        "workspaces": list_workspaces(settings),
        "targets": _targets(settings),
        "models": _models(workspace) if workspace else [],
        "environments": _environments(workspace) if workspace else [],
        "services": services_of(workspace) if workspace else [],
    }


def services_of(workspace: Workspace) -> list[dict[str, Any]]:
    """All services, as they are now."""
    desk = workspace.services
    return [with_uri(desk.summary(service)) for service in desk.list()]


def _targets(settings: Settings) -> list[dict[str, Any]]:
    usable, broken = Targets(settings).all()
    told = [
        {"name": each.name, "computeTypes": list(each.compute_types), "title": title_of(each)}
        for each in usable
    ]
    return [
        *told,
        *({"name": each.target, "problem": each.problem, "remedy": each.remedy} for each in broken),
    ]


def _models(workspace: Workspace) -> list[dict[str, Any]]:
    versions = workspace.models.store.versions
    latest = sorted(workspace.models.list(latest=True), key=lambda model: model.name.lower())
    return [
        {"name": model.name, "latest": model.to_dict(), "versions": len(versions(model.name))}
        for model in latest
    ]


def _environments(workspace: Workspace) -> list[dict[str, Any]]:
    return [{"name": each.name, "version": each.version} for each in workspace.environments.list()]
