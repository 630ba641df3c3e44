"""Registered models: find, compare, tag, deploy, delete."""

from __future__ import annotations

from html import escape
from typing import Any

import traitlets
from ipywidgets import widget_serialization

from mooring.registry import ModelVersion
from mooring.watching import Change, Subscription
from mooring_jupyter.widgets.deploy import DeployWidget
from mooring_jupyter.widgets.opening import open_workspace
from mooring_jupyter.widgets.view import View

_MOST = 1000


class ModelsWidget(View, page="models"):
    """The models of a workspace, live.

    Args:
        workspace: The default one unless given.
    """

    form = traitlets.Any(allow_none=True).tag(sync=True, **widget_serialization)
    """The `DeployWidget` of the model chosen to be deployed."""

    def __init__(self, workspace: Any = None) -> None:
        self._workspace = open_workspace(workspace)
        super().__init__(models=self._list())
        self._watch: Subscription | None = self._workspace.watch(self._changed)

    def close(self) -> None:
        """Stop looking."""
        watch = getattr(self, "_watch", None)
        if watch is not None:
            watch.close()
            self._watch = None
        super().close()

    def do_look(self) -> None:
        """As they are now."""
        self.change(models=self._list())

    def do_show(self, model: str) -> dict[str, Any]:
        """Everything about one, and who uses it."""
        found = self._workspace.models.get_by_id(model)
        return {**found.to_dict(), "users": list(self._workspace.models.users(model))}

    def do_tag(self, model: str, add: str = "", remove: str = "") -> None:
        """Add `key=value` or remove a key."""
        key, _, value = add.partition("=")
        changes: dict[str, Any] = {"add_tags": {key.strip(): value.strip()}} if add else {}
        if remove:
            changes["remove_tags"] = [remove]
        self._workspace.models.update(model, **changes)
        self.do_look()

    def do_delete(self, model: str) -> None:
        """Delete one version; refused while a service uses it."""
        self._workspace.models.delete(model)
        self.do_look()

    def do_deploy(self, model: str) -> None:
        """Open the form that deploys it."""
        self.form = DeployWidget(model, workspace=self._workspace)

    def _list(self) -> list[dict[str, Any]]:
        return [_row(model) for model in self._workspace.models.list()[:_MOST]]

    def _changed(self, change: Change) -> None:
        if "models" in change.kinds:
            self.do_look()

    def render_static(self) -> str:
        """A table."""
        rows = "".join(
            f"<tr><td>{escape(row['id'])}</td><td>{escape(row['framework'])}</td><td>{escape(row['tags'])}</td></tr>"
            for row in self.facts["models"]
        )
        return f"<table><thead><tr><th>Model</th><th>Framework</th><th>Tags</th></tr></thead><tbody>{rows}</tbody></table>"


def _row(model: ModelVersion) -> dict[str, Any]:
    from mooring.sdk.cards import size

    framework = " ".join(filter(None, (model.framework, model.framework_version)))
    return {
        "id": model.id,
        "name": model.name,
        "version": model.version,
        "framework": framework,
        "size": size(model.size_bytes),
        "created": model.created_time.isoformat(),
        "tags": ", ".join(f"{key}={value}" for key, value in model.tags.items()),
    }
