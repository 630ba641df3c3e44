"""Deploy a model: where, how large, guarded how; what is wrong with it, and what would happen, while it is filled in."""

from __future__ import annotations

import getpass
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import traitlets
from ipywidgets import widget_serialization

from mooring.configs.config_form import config_fields
from mooring.deployments import ChecksFailed
from mooring.deployments.discovery import Targets
from mooring.deployments.errors import ServiceNotFound
from mooring.errors import MooringError
from mooring_jupyter.jobs.asking import deployment_of, inference_of
from mooring_jupyter.jobs.book import JobBook
from mooring_jupyter.jobs.work import Work
from mooring_jupyter.widgets.form_config import asked_of
from mooring_jupyter.widgets.opening import model_id, open_workspace
from mooring_jupyter.widgets.reporting import Reporter, follow
from mooring_jupyter.widgets.service import ServiceWidget
from mooring_jupyter.widgets.view import Refused, View

if TYPE_CHECKING:
    from mooring_jupyter.shapes import Job

_MOST_FILES = 200
_ROOT = Path(Path.cwd().anchor)
"""A notebook may take files from anywhere."""


class DeployWidget(View, page="deploy"):
    """A form that deploys.

    The fields of the place come from its configuration's schema. Findings and the plan follow what is filled in, and
    the service shows itself below as soon as it is recorded: after a reload of the page it is there again. The work
    is a job as the panel's are: it can be cancelled, and goes on when the kernel ends.

    Args:
        model: `name:version`, a name for its newest version, or a `Model`, chosen already; also a list of them.
        service: A name, filled in already.
        script: Entry script or inference configuration, filled in already.
        workspace: Where to; the default one unless given.

    Raises:
        ModelNotFound: The model is not registered.
        WrongArgument: That is no model.
    """

    service = traitlets.Any(allow_none=True).tag(sync=True, **widget_serialization)
    """The `ServiceWidget` of what was deployed."""

    def __init__(self, model: Any = None, service: str = "", script: str = "", workspace: Any = None) -> None:
        self._workspace = open_workspace(workspace or getattr(model, "workspace", None))
        self._desk = self._workspace.services
        self._book = JobBook(self._workspace.settings, _ROOT)
        chosen = model if isinstance(model, list | tuple) else [model] if model is not None else []
        super().__init__(
            models=self._models(),
            files=_files(),
            places=_places(self._workspace.settings),
            given={
                "models": [model_id(self._workspace, each) for each in chosen],
                "name": str(service or ""),
                "script": str(script or _likely_script()),
            },
            job="",
            outcome=None,
        )

    def do_look(self) -> None:
        """Models and files as they are now."""
        self.change(models=self._models(), files=_files())

    def do_fields(self, compute_type: str) -> list[dict[str, Any]]:
        """The settings of a place."""
        return [field.to_dict() for field in config_fields(compute_type)]

    def do_plan(self, given: dict[str, Any]) -> dict[str, Any]:
        """What would happen; or the findings that stop it."""
        asked = asked_of(given)
        try:
            plan = self._desk.plan_deploy(
                _name_of(given),
                asked.get("models", []),
                inference_of(self._workspace, _ROOT, asked),
                deployment_of(_ROOT, asked),
                overwrite=bool(given.get("overwrite")),
            )
        except ChecksFailed as error:
            return {"line": "", "findings": [finding.to_dict() for finding in error.findings], "stops": True}
        findings = [finding.to_dict() for finding in (*plan.findings, *self._state(plan))]
        return {**plan.to_dict(), "findings": findings, "stops": False}

    def do_deploy(self, given: dict[str, Any]) -> None:
        """Begin to deploy; the facts say how it ended."""
        if self.facts["job"]:
            raise Refused("A deployment of this form goes on. Cancel it, or wait for its end.")
        name = _name_of(given)
        arguments = {"name": name, "asked": asked_of(given), "overwrite": bool(given.get("overwrite"))}
        job = self._book.begin(Work("deploy", name, f"Deploying {name}", arguments), user=_user())
        self.change(job=job["id"], outcome=None)
        threading.Thread(target=self._follow, args=(job,), name="mooring-deploy", daemon=True).start()

    def do_cancel(self) -> None:
        """Interrupt what was begun here, as Ctrl-C would; it is undone."""
        if job := self.facts["job"]:
            self._book.cancel(job)

    def do_progress(self) -> list[dict[str, Any]]:
        """Phases so far, for a page that came later."""
        job = self.facts["job"]
        return [dict(event) for event in self._book.get(job)["events"]] if job else []

    def _follow(self, job: Job) -> None:
        name = job["subject"]
        ended = follow(self._book, job, Reporter(self), lambda: self._show(name))
        self._show(name)
        uri = self._desk.get(name).scoring_uri if ended["status"] == "done" else ""
        outcome = {"job": job["id"], "status": ended["status"], "uri": uri, "error": ended["error"]}
        self.change(job="", outcome=outcome)

    def _show(self, name: str) -> None:
        """The service, as soon as it is recorded, and as long as it is."""
        shown = self.service
        try:
            if shown is None or shown.name != name:
                self._desk.get(name)
                self.service = ServiceWidget(name, self._workspace)
            elif shown.facts["gone"]:
                self.service = None
        except ServiceNotFound:
            return

    def _state(self, plan: Any) -> list[Any]:
        """What only this kernel has."""
        from IPython.core.getipython import get_ipython

        from mooring_jupyter.loading import find_magic

        shell: Any = get_ipython()
        magic = find_magic(shell)
        if magic is None:
            return []
        from mooring_jupyter.preflight import look

        return look(magic, plan)

    def _models(self) -> list[str]:
        return [model.id for model in self._workspace.models.list()]

    def render_static(self) -> str:
        """What was deployed."""
        if isinstance(self.service, ServiceWidget):
            return self.service.render_static()
        return "<p>DeployWidget: open the notebook with a kernel.</p>"


def _name_of(given: dict[str, Any]) -> str:
    return str(given.get("name") or "").strip()


def _user() -> str:
    """Who works in this kernel, as jobs name it; empty for an account without a name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""


def _files() -> list[str]:
    """Scripts and configurations near the notebook."""
    found = (
        str(path)
        for pattern in ("*.py", "*.json", "*.yml", "*.yaml", "*/*.py")
        for path in sorted(Path().glob(pattern))
        if not path.name.startswith(".")
    )
    return list(dict.fromkeys(found))[:_MOST_FILES]


def _likely_script() -> str:
    for name in ("inferenceconfig.json", "score.py"):
        if Path(name).is_file():
            return name
    return ""


def _places(settings: Any) -> list[dict[str, str]]:
    """Compute types of the installed places, the simplest first."""
    from mooring.cli.places import places

    titles = {
        "process": "A process on this machine",
        "local": "Docker on this machine",
        "aci": "Docker, as Azure Container Instances",
        "aks": "Kubernetes",
        "aksendpoint": "Kubernetes, several versions",
    }
    try:
        found = [kind for place in places(settings) for kind in place.compute_types]
    except MooringError:
        targets = Targets(settings)
        found = list(targets.named("process").compute_types)
    order = list(titles)
    ordered = sorted(found, key=lambda kind: order.index(kind) if kind in order else len(order))
    return [{"value": kind, "title": titles.get(kind, kind)} for kind in ordered]
