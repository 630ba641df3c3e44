"""Deploy a model: where, how large, guarded how; what is wrong with it, and what would happen, while it is filled in."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

import traitlets
from ipywidgets import widget_serialization

from mooring.configs.config_form import config_fields
from mooring.deployments import ChecksFailed
from mooring.deployments.discovery import Targets
from mooring.errors import MooringError
from mooring_jupyter.widgets.form_config import deployment_of, inference_of
from mooring_jupyter.widgets.opening import name_of, open_workspace
from mooring_jupyter.widgets.reporting import Reporter
from mooring_jupyter.widgets.service import ServiceWidget
from mooring_jupyter.widgets.view import View

_MOST_FILES = 200


class DeployWidget(View, page="deploy"):
    """A form that deploys.

    The fields of the place come from its configuration's schema. Findings and the plan follow what is filled in, and
    the service shows itself below as soon as it is recorded: after a reload of the page it is there again.

    Args:
        model: `name:version` or a `Model`, chosen already; also a list of them.
        service: A name, filled in already.
        script: Entry script or inference configuration, filled in already.
        workspace: Where to; the default one unless given.
    """

    service = traitlets.Any(allow_none=True).tag(sync=True, **widget_serialization)
    """The `ServiceWidget` of what was deployed."""

    def __init__(self, model: Any = None, service: str = "", script: str = "", workspace: Any = None) -> None:
        self._workspace = open_workspace(workspace or getattr(model, "workspace", None))
        self._desk = self._workspace.services
        chosen = model if isinstance(model, list | tuple) else [model] if model is not None else []
        super().__init__(
            models=self._models(),
            files=_files(),
            places=_places(self._workspace.settings),
            given={
                "models": [each if isinstance(each, str) else each.id for each in chosen],
                "name": service,
                "script": script or _likely_script(),
            },
            done="",
        )

    def do_look(self) -> None:
        """Models and files as they are now."""
        self.change(models=self._models(), files=_files())

    def do_fields(self, compute_type: str) -> list[dict[str, Any]]:
        """The settings of a place."""
        return [field.to_dict() for field in config_fields(compute_type)]

    def do_plan(self, given: dict[str, Any]) -> dict[str, Any]:
        """What would happen; or the findings that stop it."""
        try:
            plan = self._desk.plan_deploy(
                str(given.get("name") or "").strip(),
                _models_of(given),
                inference_of(given),
                deployment_of(given),
                overwrite=bool(given.get("overwrite")),
            )
        except ChecksFailed as error:
            return {"line": "", "findings": [finding.to_dict() for finding in error.findings], "stops": True}
        findings = [finding.to_dict() for finding in (*plan.findings, *self._state(plan))]
        return {**plan.to_dict(), "findings": findings, "stops": False}

    def do_deploy(self, given: dict[str, Any]) -> str:
        """Deploy, and show the service."""
        name = str(given.get("name") or "").strip()
        operation = self._desk.prepare_deploy(
            name,
            _models_of(given),
            inference_of(given),
            deployment_of(given),
            overwrite=bool(given.get("overwrite")),
            reporter=Reporter(self),
        )
        self.service = ServiceWidget(name, self._workspace)
        done = operation.carry_out()
        self.change(done=name)
        return done.scoring_uri

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
        done = self.facts.get("done")
        if done and isinstance(self.service, ServiceWidget):
            return self.service.render_static()
        return f"<p>DeployWidget{f' for {escape(str(done))}' if done else ''}: open the notebook with a kernel.</p>"


def _models_of(given: dict[str, Any]) -> Sequence[str]:
    return [name_of(model) for model in given.get("models") or [] if model]


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
