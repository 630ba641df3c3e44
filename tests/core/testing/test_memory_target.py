from __future__ import annotations

from collections.abc import Iterator

import pytest

from mooring.deployments.target import Crash
from mooring.testing import MemoryTarget
from mooring.testing.target_contract import TargetContract


class TestMemoryTarget(TargetContract):
    @pytest.fixture
    def target(self, settings) -> Iterator[MemoryTarget]:
        memory = MemoryTarget(settings)
        yield memory
        memory.close()

    def another(self, target, settings):
        """Its services live in the object itself."""
        return target

    def fail_next_start(self, target, release, revision):
        target.crash = Crash(exit_code=3)
        return release(revision=revision)
