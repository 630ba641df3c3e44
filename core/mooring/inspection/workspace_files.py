"""`config.json` of a workspace, as `Workspace.from_config()` reads it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING

from mooring.errors import did_you_mean
from mooring.findings import Finding
from mooring.inspection.rule import Rule

if TYPE_CHECKING:
    from mooring.configs import Document

WORKSPACE_CONFIG = Rule(
    code="workspace-config",
    severity="warning",
    title="A workspace's `config.json` lacks a key, or has one that means nothing",
    why="`Workspace.from_config()` reads `subscription_id`, `resource_group` and `workspace_name`. On your own machines "
    "only the name counts; the other two are kept so that the file works with Azure as well.",
    bad='# .azureml/config.json\n{"subscription_id": "0", "resource_group": "group", "workspacename": "team"}\n',
    good='# .azureml/config.json\n{"subscription_id": "0", "resource_group": "group", "workspace_name": "team"}\n',
    subject="config",
)

_KEYS = ("subscription_id", "resource_group", "workspace_name")
_OLD_KEYS = {"location", "Id", "Scope", "RunTemplate", "tenant_id", "workspace_region"}


def is_workspace_config(document: Document) -> bool:
    """Whether a document is a workspace's: it has two of its three keys, or is where one belongs."""
    value = document.value
    if not isinstance(value, dict) or len(value) >= 10:  # noqa: PLR2004
        return False
    place = PurePath(document.path.replace("\\", "/"))
    return len(set(_KEYS) & set(value)) > 1 or (
        place.name == "config.json" and place.parent.name == ".azureml"
    )


def inspect_workspace_config(document: Document) -> Iterator[Finding]:
    """Findings in a workspace's config."""
    value = document.value
    missing = [key for key in _KEYS if key not in value]
    for key in missing:
        near = next((known for known in value if did_you_mean(str(known), [key])), None)
        place = document.key_span_of((near,)) if near is not None else document.span_of()
        problem = f"There is no {key}" + (f", but a {near!r}." if near is not None else ".")
        remedy = f"Rename {near!r} to {key!r}." if near is not None else f"Add {key!r}."
        yield Finding(WORKSPACE_CONFIG.code, "warning", problem, remedy, document.path, place)
    for key in value:
        if key in _KEYS and not isinstance(value[key], str):
            problem = f"{key} must be a text, not {value[key]!r}."
            place = document.span_of((key,))
            yield Finding(
                WORKSPACE_CONFIG.code, "warning", problem, "Write it in quotes.", document.path, place
            )
