"""A Docker engine, this machine's or another's: found, asked, and its refusals in words.

The only folder that imports docker's SDK. Who builds images and who runs containers both stand on it.
"""

from mooring.engine.engine import Engine
from mooring.engine.errors import DockerTrouble

__all__ = ["DockerTrouble", "Engine"]
