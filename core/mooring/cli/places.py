"""The installed targets, for listing: each by its name and the compute types it takes."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from mooring.deployments.discovery import GROUP, Targets
from mooring.settings import Settings, load_settings

if TYPE_CHECKING:
    from mooring.deployments.target import Target


def places(settings: Settings | None = None) -> list[Target]:
    """Every target that is installed; for the workspace of the settings, or else of those in force.

    Raises:
        BrokenTarget: One can't be imported.
    """
    targets = Targets(settings or load_settings())
    return [targets.named(name) for name in sorted({point.name for point in entry_points(group=GROUP)})]
