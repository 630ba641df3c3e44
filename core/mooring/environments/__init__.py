"""What a model needs around it: definitions with v1's names, their resolution to a lock, and ready Pythons.

An `Environment` is only a definition. `resolve` turns it into a `Resolution`: exact packages with hashes, and a
finding for each thing that could not be had as written. `realize` turns that into a Python that is ready to run.
"""

from mooring.environments.conda import CondaDependencies
from mooring.environments.curated import curated_names
from mooring.environments.environment import Environment
from mooring.environments.registry import EnvironmentRegistry, EnvironmentStore, StoredEnvironment
from mooring.environments.sections import ContainerRegistry, DockerSection, PythonSection

__all__ = [
    "CondaDependencies",
    "ContainerRegistry",
    "DockerSection",
    "Environment",
    "EnvironmentRegistry",
    "EnvironmentStore",
    "PythonSection",
    "StoredEnvironment",
    "curated_names",
]
