"""Two machines with one database and one engine: both see the truth, either may change it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from mooring.configs import AciDeploymentConfig, InferenceConfig, LocalDeploymentConfig
from mooring.deployments.errors import ServiceNotFound
from mooring.errors import MooringError
from mooring.workspace import Workspace

pytestmark = [pytest.mark.docker]


@pytest.fixture
def machines(workspace: Workspace, project: Path, tmp_path: Path):
    """The workspace as two homes see it."""
    shared = replace(
        workspace.settings,
        database_url=f"sqlite:///{tmp_path / 'shared.db'}",
        artifact_url=str(tmp_path / "artifacts"),
    )
    with Workspace(shared) as first, Workspace(replace(shared, home=tmp_path / "other")) as second:
        first.models.register(str(tmp_path / "offset.txt"), "offset")
        yield first, second
        for service in first.services.list():
            first.services.delete(service.name)


def test_either_machine_sees_updates_and_deletes_a_service(
    machines: tuple[Workspace, Workspace], inference: InferenceConfig, project: Path
) -> None:
    first, second = machines
    first.services.deploy("shared-one", ["offset"], inference, LocalDeploymentConfig())

    assert second.services.get("shared-one").state == "Healthy"
    assert second.services.run("shared-one", {"data": [1]}) == [11]
    (project / "offset.txt").write_text("20")
    second.models.register(str(project / "offset.txt"), "offset")
    second.services.update("shared-one", models=["offset:2"])
    assert first.services.run("shared-one", {"data": [1]}) == [21]
    second.services.delete("shared-one")
    with pytest.raises(ServiceNotFound):
        first.services.get("shared-one")


def test_a_machine_without_the_keys_says_so(
    machines: tuple[Workspace, Workspace], inference: InferenceConfig
) -> None:
    first, second = machines
    config = AciDeploymentConfig(cpu_cores=1, memory_gb=1, auth_enabled=True)
    first.services.deploy("guarded", ["offset"], inference, config)

    assert second.services.get("guarded").state == "Healthy"
    with pytest.raises(MooringError, match="key"):
        second.services.run("guarded", {"data": [1]})
