"""What all tests share: a home of their own, so that nothing of the person who runs them is touched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A fresh MOORING_HOME; services that a test leaves behind are stopped, and fail it."""
    folder = tmp_path_factory.mktemp("home", numbered=True)
    monkeypatch.setenv("MOORING_HOME", str(folder))
    for name in (
        "MOORING_WORKSPACE",
        "MOORING_DATABASE_URL",
        "MOORING_ARTIFACT_URL",
        "MOORING_STRICT_ENVIRONMENTS",
    ):
        monkeypatch.delenv(name, raising=False)
    yield folder
    if (folder / "workspaces").exists():
        _stop_services()


def _stop_services() -> None:
    from mooring.workspace import Workspace

    for name in Workspace.list():
        with Workspace.open(name) as workspace:
            for service in workspace.services.list():
                workspace.services.delete(service.name)
