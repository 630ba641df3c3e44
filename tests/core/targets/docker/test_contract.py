"""The promises every target makes, kept in containers."""

from __future__ import annotations

import pytest

from mooring.settings import Settings
from mooring.targets.docker import DockerTarget
from mooring.testing.target_contract import TargetContract

from .conftest import MakeRelease

pytestmark = [pytest.mark.docker, pytest.mark.xdist_group("docker")]


class TestDockerTarget(TargetContract):
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings

    @pytest.fixture
    def release(self, release: MakeRelease) -> MakeRelease:
        return release

    @pytest.fixture
    def target(self, settings: Settings) -> DockerTarget:
        return DockerTarget(settings)
