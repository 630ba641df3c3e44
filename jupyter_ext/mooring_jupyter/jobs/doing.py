"""The work itself, in its own process: each kind is one call of the core."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mooring.deployments.values import Service
    from mooring.workspace import Workspace
    from mooring_jupyter.jobs.worker import Notebook
    from mooring_jupyter.shapes import Deployment


@dataclass(frozen=True)
class Doing:
    """What work needs.

    Attributes:
        root: The folder that paths start from.
        notebook: Told what happens.
    """

    workspace: Workspace
    root: Path
    notebook: Notebook


def register(job: Doing, *, path: str, name: str, upload: str | None = None, **facts: Any) -> str:
    """Register a file or folder; an upload is removed once it is registered."""
    model = job.workspace.models.register(path, name, progress=job.notebook.moved, **facts)
    if upload is not None:
        shutil.rmtree(upload, ignore_errors=True)
    job.notebook.event("registered", model.id)
    return model.id


def deploy(job: Doing, *, name: str, asked: Deployment, overwrite: bool) -> str:
    """Deploy, and say where it answers."""
    from mooring_jupyter.jobs.asking import deployment_of, inference_of

    inference = inference_of(job.workspace, job.root, asked)
    deployment = deployment_of(job.root, asked)
    service = job.workspace.services.deploy(
        name, asked.get("models", []), inference, deployment, overwrite=overwrite, reporter=job.notebook
    )
    return _healthy(service)


def update(job: Doing, *, name: str, asked: Deployment) -> str:
    """Change what is asked for; the rest stays."""
    from mooring_jupyter.jobs.asking import changes_of

    changes = changes_of(job.workspace, job.root, asked)
    return _healthy(job.workspace.services.update(name, reporter=job.notebook, **changes))


def reload(job: Doing, *, name: str) -> str:
    """Run the script as it is on disk now."""
    return _healthy(job.workspace.services.reload(name, reporter=job.notebook))


def rollback(job: Doing, *, name: str) -> str:
    """Go back to the revision before."""
    return _healthy(job.workspace.services.rollback(name, reporter=job.notebook))


def delete(job: Doing, *, name: str) -> str:
    """Stop and forget a service."""
    job.workspace.services.delete(name)
    job.notebook.event("deleted", name)
    return name


def demo(job: Doing, *, directory: str, name: str) -> str:
    """Train, register and deploy the demo model; its files stay in `directory`."""
    from mooring.cli import demo_steps as steps

    folder = Path(directory)
    desk = job.workspace.services
    steps.check_name_is_free(desk, name)
    os.chdir(job.root)
    view = _DemoView(job.notebook)
    steps.write_files(folder)
    view.say("files", os.path.relpath(folder, job.root))
    python = steps.make_environment(job.workspace.settings, folder, view)
    steps.train(python, folder, view)
    model, _ = steps.register(job.workspace.models, folder)
    view.say("registered", model.id)
    return _healthy(steps.deploy(desk, name, model, folder, view))


class _DemoView:
    """Writes what the demo says into the job's notebook."""

    def __init__(self, notebook: Notebook) -> None:
        self._notebook = notebook

    def say(self, label: str, text: str, elapsed_s: float | None = None) -> None:
        """A step is done."""
        del elapsed_s
        self._notebook.event(label.lower(), text)

    def event(self, phase: str, text: str, *, data: dict[str, Any] | None = None) -> None:
        """A step of the deployment is done."""
        self._notebook.event(phase, text, data=data)

    def progress(self, phase: str, text: str) -> None:
        """A step goes on."""
        self._notebook.progress(phase, text)


def _healthy(service: Service) -> str:
    return service.name


WORK: dict[str, Callable[..., str]] = {
    "register": register,
    "deploy": deploy,
    "update": update,
    "reload": reload,
    "rollback": rollback,
    "delete": delete,
    "demo": demo,
}
