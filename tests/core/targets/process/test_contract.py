from __future__ import annotations

import pytest

from mooring.targets.process import ProcessTarget
from mooring.testing.target_contract import TargetContract


class TestProcessTarget(TargetContract):
    @pytest.fixture
    def settings(self, settings):
        return settings

    @pytest.fixture
    def target(self, target: ProcessTarget) -> ProcessTarget:
        return target
