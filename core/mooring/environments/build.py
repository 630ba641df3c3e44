"""v1's `Environment.build`: make it ready ahead of the first deploy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mooring.environments.environment import Environment
from mooring.environments.realization import ReadyEnvironment, realize
from mooring.environments.resolution import Resolution, resolve


@dataclass(frozen=True)
class EnvironmentBuild:
    """A finished build.

    Attributes:
        resolution: Exact packages, and findings for what is not as written.
        ready: The Python.
        status: Always `Succeeded`; a failure is raised by `build` itself.
    """

    resolution: Resolution
    ready: ReadyEnvironment
    status: str = "Succeeded"

    def wait_for_completion(self, show_output: bool = True) -> None:
        """Nothing to wait for; says what was built when `show_output`."""
        if show_output:
            how = "reused" if self.ready.reused else f"built in {self.ready.seconds:.1f} s"
            print(f"Environment {self.resolution.digest} (Python {self.resolution.python_version}) {how}")  # noqa: T201
            for finding in self.resolution.findings:
                print(f"  {finding}")  # noqa: T201


def build_here(environment: Environment, workspace: Any) -> EnvironmentBuild:
    """Resolve and install on this machine. `workspace` has `settings`."""
    resolution = resolve(environment, settings=workspace.settings)
    return EnvironmentBuild(resolution, realize(resolution, settings=workspace.settings))
