"""A desk over a real database, real model files and a memory target; nothing is installed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mooring.configs import InferenceConfig
from mooring.deployments.desk import ServiceDesk
from mooring.deployments.discovery import Targets
from mooring.deployments.parts import Parts
from mooring.settings import Settings
from mooring.testing import CurrentInterpreter, MemoryTarget
from mooring.workspace import Workspace

SCRIPT = "def init():\n    pass\n\n\ndef run(raw_data):\n    return raw_data\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path / "mooring-home")


@pytest.fixture
def workspace(settings: Settings) -> Iterator[Workspace]:
    with Workspace.open(settings=settings) as opened:
        yield opened


@pytest.fixture
def target() -> Iterator[MemoryTarget]:
    memory = MemoryTarget()
    yield memory
    memory.close()


@pytest.fixture
def make_parts(workspace: Workspace, target: MemoryTarget) -> Callable[[], Parts]:
    """Another process would have parts of its own over the same database."""

    def make() -> Parts:
        return Parts(
            workspace.settings,
            workspace.database.services,
            models=lambda: workspace.models,
            environments=lambda: workspace.environments,
            targets=Targets(workspace.settings, [target]),
            builder=CurrentInterpreter(),
        )

    return make


@pytest.fixture
def parts(make_parts: Callable[[], Parts]) -> Parts:
    return make_parts()


@pytest.fixture
def desk(parts: Parts) -> ServiceDesk:
    return ServiceDesk(parts)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "score.py").write_text(SCRIPT)
    return folder


@pytest.fixture
def inference(project: Path) -> InferenceConfig:
    return InferenceConfig(entry_script="score.py", source_directory=str(project))


@pytest.fixture
def models(workspace: Workspace, tmp_path: Path) -> list[str]:
    """Two versions of one model; the first has a sample."""
    file = tmp_path / "ridge.pkl"
    for content, sample in (("first", {"data": [[1]]}), ("second", None)):
        file.write_text(content)
        workspace.models.register(file, "diabetes", sample_input=sample)
    return ["diabetes:1", "diabetes:2"]
