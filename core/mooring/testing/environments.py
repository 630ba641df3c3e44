"""An environment builder that installs nothing: whatever is asked for, the interpreter that runs is given."""

from __future__ import annotations

import hashlib
import platform
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mooring.environments import Environment, ReadyEnvironment, Resolution
    from mooring.registry import ModelVersion


class CurrentInterpreter:
    """A `mooring.deployments.parts.EnvironmentBuilder` for tests that are not about packages."""

    def resolve(
        self,
        environment: Environment | None,
        *,
        models: Sequence[ModelVersion] = (),  # noqa: ARG002 (part of the port)
        portable: bool = False,  # noqa: ARG002 (part of the port)
        progress: Callable[[str], None] | None = None,  # noqa: ARG002 (part of the port)
    ) -> Resolution:
        """The packages of this interpreter, under a digest that differs for each definition."""
        from mooring.environments import Resolution

        definition = repr(environment.definition()) if environment is not None else ""
        return Resolution(
            digest=f"sha256:{hashlib.sha256(f'{sys.executable} {definition}'.encode()).hexdigest()}",
            python_version=platform.python_version(),
            requirements=(),
            lock_text="",
            findings=(),
            source="current interpreter",
        )

    def is_built(self, resolution: Resolution) -> bool:  # noqa: ARG002 (part of the port)
        """Always: it is this interpreter."""
        return True

    def realize(
        self,
        resolution: Resolution,
        *,
        progress: Callable[[str], None] | None = None,  # noqa: ARG002 (part of the port)
    ) -> ReadyEnvironment:
        """This interpreter."""
        from mooring.environments import ReadyEnvironment

        return ReadyEnvironment(
            digest=resolution.digest,
            path=Path(sys.prefix),
            python=Path(sys.executable),
            reused=True,
            seconds=0.0,
        )
