"""What the worker can be told to do; each is a use case of the core, with the core's own proposal for what is left out."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from mooring.workspace import Workspace
from mooring_lsp.told import with_uri

if TYPE_CHECKING:
    from mooring.deployments import Reporter
    from mooring.deployments.proposing import Proposal

Task = dict[str, Any]


class NamedReporter(Protocol):
    """A reporter that also tells which service the events are about."""

    service: str

    def event(self, phase: str, text: str, *, data: dict[str, Any] | None = None) -> None:
        """A phase is done."""
        ...

    def progress(self, phase: str, text: str) -> None:
        """A phase goes on."""
        ...


Told = dict[str, Any]


def deploy(task: Task, reporter: NamedReporter) -> Told:
    """Deploy a script; a service that runs it already is replaced at its URL."""
    with _open(task) as workspace:
        desk = workspace.services
        proposal = desk.propose(Path(task["path"]), compute_type=task.get("computeType"))
        proposal = _with_given(proposal, task)
        os.chdir(proposal.folder)
        overwrite = task.get("overwrite")
        is_same = proposal.exists and task.get("service") in (None, proposal.service)
        reporter.service = task.get("service") or proposal.service
        service = desk.deploy(
            reporter.service,
            task["models"] if task.get("models") is not None else proposal.models,
            proposal.load_inference(),
            proposal.load_deployment(),
            overwrite=is_same if overwrite is None else overwrite,
            reporter=reporter,
        )
        return {"service": with_uri(desk.summary(service))}


def update(task: Task, reporter: Reporter) -> Told:
    """Serve the newest versions of the models, or what is given, with the script as it is on disk."""
    with _open(task) as workspace:
        desk, name = workspace.services, task["service"]
        given: dict[str, Any] = {}
        if task.get("inferenceConfig"):
            proposal = desk.propose(Path(task["inferenceConfig"]))
            os.chdir(proposal.folder)
            given["inference_config"] = proposal.load_inference()
        if task.get("deploymentConfig"):
            from mooring.configs import load_deployment_config

            given["deployment_config"] = load_deployment_config(task["deploymentConfig"])[0]
        models = task.get("models")
        if models is not None or not given:
            given["models"] = models if models is not None else desk.newest_models(name)
        return {"service": with_uri(desk.summary(desk.update(name, reporter=reporter, **given)))}


def reload(task: Task, reporter: Reporter) -> Told:
    """Run the script as it is on disk now."""
    with _open(task) as workspace:
        desk = workspace.services
        return {"service": with_uri(desk.summary(desk.reload(task["service"], reporter=reporter)))}


def rollback(task: Task, reporter: Reporter) -> Told:
    """Serve the previous revision again."""
    with _open(task) as workspace:
        desk = workspace.services
        return {"service": with_uri(desk.summary(desk.rollback(task["service"], reporter=reporter)))}


def stop(task: Task, reporter: Reporter) -> Told:
    """Delete a service."""
    reporter.progress("stop", task["service"])
    with _open(task) as workspace:
        workspace.services.delete(task["service"])
    return {"service": task["service"]}


def register(task: Task, reporter: Reporter) -> Told:
    """Register a file or folder as the next version of a model."""

    def moved(done: int, total: int) -> None:
        reporter.progress("registering", f"{done / total:.0%}" if total else "")

    with _open(task) as workspace:
        model = workspace.models.register(
            task["path"],
            task["model"],
            tags=task.get("tags"),
            description=task.get("description"),
            framework=task.get("framework"),
            progress=moved,
        )
        return {"model": model.to_dict()}


TASKS: dict[str, Callable[[Task, Any], Told]] = {
    "deploy": deploy,
    "update": update,
    "reload": reload,
    "rollback": rollback,
    "stop": stop,
    "register": register,
}


def _open(task: Task) -> Workspace:
    return Workspace.open(task["workspace"], create=True)


def _with_given(proposal: Proposal, task: Task) -> Proposal:
    """The proposal with the files that were named instead."""
    inference, deployment = task.get("inferenceConfig"), task.get("deploymentConfig")
    return replace(
        proposal,
        inference_config=Path(inference) if inference else proposal.inference_config,
        deployment_config=Path(deployment) if deployment else proposal.deployment_config,
    )
