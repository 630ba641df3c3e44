"""The promises every target makes, kept in a cluster."""

from __future__ import annotations

import pytest

from mooring.settings import Settings
from mooring.targets.kubernetes import KubernetesTarget
from mooring.testing.target_contract import TargetContract

from .conftest import MakeRelease

pytestmark = [pytest.mark.kubernetes]


class TestKubernetesTarget(TargetContract):
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings

    @pytest.fixture
    def release(self, release: MakeRelease) -> MakeRelease:
        return release

    @pytest.fixture
    def target(self, settings: Settings) -> KubernetesTarget:
        return KubernetesTarget(settings)
