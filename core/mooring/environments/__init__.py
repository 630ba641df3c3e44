"""What a model needs around it: definitions with v1's names, their resolution to a lock, and ready Pythons.

An `Environment` is only a definition. `resolve` turns it into a `Resolution`: exact packages with hashes, and a
finding for each thing that could not be had as written. `realize` turns that into a Python that is ready to run.
"""

from mooring.environments.build import EnvironmentBuild
from mooring.environments.conda import CondaDependencies
from mooring.environments.curated import curated_names
from mooring.environments.environment import Environment
from mooring.environments.garbage import EnvironmentGarbage, collect_garbage, find_garbage
from mooring.environments.reading import check_environment
from mooring.environments.realization import ReadyEnvironment, realize
from mooring.environments.registry import EnvironmentRegistry, EnvironmentStore, StoredEnvironment
from mooring.environments.resolution import Resolution, resolve
from mooring.environments.ring import SCORING_REQUIREMENTS, SUPPORTED_PYTHONS
from mooring.environments.sections import ContainerRegistry, DockerSection, PythonSection

__all__ = [
    "SCORING_REQUIREMENTS",
    "SUPPORTED_PYTHONS",
    "CondaDependencies",
    "ContainerRegistry",
    "DockerSection",
    "Environment",
    "EnvironmentBuild",
    "EnvironmentGarbage",
    "EnvironmentRegistry",
    "EnvironmentStore",
    "PythonSection",
    "ReadyEnvironment",
    "Resolution",
    "StoredEnvironment",
    "check_environment",
    "collect_garbage",
    "curated_names",
    "find_garbage",
    "realize",
    "resolve",
]
