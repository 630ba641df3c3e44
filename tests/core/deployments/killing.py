"""The victim: registers, deploys, updates and deletes over and over until it is killed; says each committed version.

python killing.py HOME PROJECT SEED
"""

from __future__ import annotations

import contextlib
import random
import sys
from pathlib import Path

from mooring.configs import InferenceConfig, ProcessDeploymentConfig
from mooring.deployments.desk import ServiceDesk
from mooring.deployments.discovery import Targets
from mooring.deployments.parts import Parts
from mooring.errors import MooringError
from mooring.settings import Settings
from mooring.testing import CurrentInterpreter
from mooring.workspace import Workspace

SERVICES = ("one-service", "two-service")


def open_desk(home: Path) -> tuple[Workspace, ServiceDesk]:
    """A workspace whose services run as real processes of this interpreter."""
    workspace = Workspace.open(settings=Settings(home=home))
    parts = Parts(
        workspace.settings,
        workspace.database.services,
        models=lambda: workspace.models,
        environments=lambda: workspace.environments,
        targets=Targets(workspace.settings),
        builder=CurrentInterpreter(),
    )
    return workspace, ServiceDesk(parts)


def deploy(desk: ServiceDesk, name: str, models: list[str], project: Path) -> None:
    """Put the project's script behind a service."""
    inference = InferenceConfig(entry_script="score.py", source_directory=str(project))
    desk.deploy(name, models, inference, ProcessDeploymentConfig(auth_enabled=True), overwrite=True)


def say(line: str) -> None:
    """Told to the killer before anything else happens."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def work(home: Path, project: Path, seed: str) -> None:
    """Do something random, for ever."""
    chance = random.Random(seed)
    workspace, desk = open_desk(home)
    model = project / "model.pkl"
    say("ready")
    while True:
        name = chance.choice(SERVICES)
        model.write_bytes(chance.randbytes(200_000))
        version = workspace.models.register(model, "model")
        say(version.id)
        with contextlib.suppress(MooringError):
            chance.choice(
                (
                    lambda: deploy(desk, name, [version.id], project),  # noqa: B023 (called at once)
                    lambda: desk.update(name, models=[version.id]),  # noqa: B023
                    lambda: desk.reload(name),  # noqa: B023
                    lambda: desk.delete(name),  # noqa: B023
                )
            )()


if __name__ == "__main__":
    work(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
