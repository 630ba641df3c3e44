"""Shipped for tests: real, small stand-ins for the outside world, and the promises a target has to keep.

from mooring.testing import MemoryTarget
from mooring.testing.target_contract import TargetContract    # needs pytest
"""

from mooring.testing.environments import CurrentInterpreter
from mooring.testing.memory_target import MemoryTarget
from mooring.testing.releases import make_release
from mooring.testing.reporters import Recorder

__all__ = ["CurrentInterpreter", "MemoryTarget", "Recorder", "make_release"]
