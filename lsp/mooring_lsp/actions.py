"""What a place in a document lets one do beyond fixing it: register, deploy, create configurations, add packages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mooring.inspection.distributions import distributions_for
from mooring_lsp.commands.ids import (
    ADD_PACKAGE,
    CREATE_DEPLOYMENT,
    CREATE_INFERENCE,
    DEPLOY,
    GENERATE_SAMPLE,
    REGISTER_MODEL,
)
from mooring_lsp.commands.register_model import name_for
from mooring_lsp.documents import Snapshot, folder_of
from mooring_lsp.lenses import is_config, is_script

if TYPE_CHECKING:
    from mooring.deployments.proposing import Proposal
    from mooring.inspection import ScriptUse
    from mooring.workspace import Workspace

_RUN = re.compile(r"^\s*(?:async\s+)?def\s+run\s*\(")
_DEPLOY_CALL = re.compile(r"\bModel\.(?:deploy|register|package)\(|\bWebservice\.deploy\w*\(|\.deploy\(")
_ENTRY_SCRIPT = re.compile(r"""entry_script\s*=\s*["']([^"'\n]+\.py)["']""")
_SOURCE_DIRECTORY = re.compile(r"""source_directory\s*=\s*["']([^"'\n]+)["']""")
_REGISTERED_NAME = re.compile(r"""model_name\s*=\s*["']([\w.-]+)["']""")
_TEXT = re.compile(r"""(["'])((?:(?!\1)[^\\\n])+)\1""")
_MODEL_ENDINGS = (
    ".pkl", ".pickle", ".joblib", ".onnx", ".pt", ".pth", ".h5", ".keras", ".bst", ".ubj", ".cbm", ".pmml", ".safetensors",
)  # fmt: skip


@dataclass(frozen=True)
class Action:
    """A command to offer, by its outcome."""

    title: str
    command: str
    argument: dict[str, Any] = field(default_factory=dict[str, Any])


def actions_at(
    snapshot: Snapshot, line: int, workspace: Workspace | None, use: ScriptUse | None
) -> Iterator[Action]:
    """What a line lets one do.

    Args:
        snapshot: The document.
        line: From 0.
        workspace: None as long as there is nothing in it.
        use: The configuration that names the script, when the document is one.
    """
    text = snapshot.places.line(line)
    yield from _register(snapshot, text)
    script = script_at(snapshot, text)
    if script is None:
        return
    yield from _deploy(script, workspace)
    if is_script(snapshot):
        yield from _begin(snapshot, script, workspace, use)


def script_at(snapshot: Snapshot, text: str) -> Path | None:
    """The file that "deploy this" means on a line; None on lines that mean nothing of the kind."""
    if not snapshot.uri.startswith("file:") and snapshot.kind != "cell":
        return None
    if snapshot.kind != "cell" and (is_config(snapshot) or (_RUN.match(text) and is_script(snapshot))):
        return Path(snapshot.path)
    if _DEPLOY_CALL.search(text) is None:
        return None
    named = _ENTRY_SCRIPT.search(snapshot.text)
    folder = folder_of(snapshot)
    if named is None:
        return folder / "score.py" if (folder / "score.py").is_file() else None
    source = _SOURCE_DIRECTORY.search(snapshot.text)
    places = [folder / named[1], *([folder / source[1] / named[1]] if source else [])]
    return next((each for each in places if each.is_file()), None)


def add_package_action(
    snapshot: Snapshot, module: str, use: ScriptUse | None, workspace: Workspace | None
) -> Action | None:
    """The package of a module for the environment that does not name it."""
    if use is None or use.environment_file is None or not module.isidentifier():
        return None
    name = next(iter(distributions_for(module)), module)
    pinned = f"{name}=={version}" if (version := _trained_with(workspace, snapshot, name)) else name
    title = f"Add {pinned.replace('==', ' ')} to {use.environment_file.name}"
    argument = {"uri": snapshot.uri, "package": pinned, "environment": use.environment_file.as_uri()}
    return Action(title, ADD_PACKAGE, argument)


def _register(snapshot: Snapshot, text: str) -> Iterator[Action]:
    folder = folder_of(snapshot)
    written = _REGISTERED_NAME.search(text)
    for found in _TEXT.finditer(text):
        if not found[2].lower().endswith(_MODEL_ENDINGS):
            continue
        path = folder / found[2]
        if path.is_file():
            name = written[1] if written is not None else name_for(path)
            argument = {"uri": path.as_uri(), "name": name}
            yield Action(f"Register {path.name} as the next version of {name}", REGISTER_MODEL, argument)


def _deploy(script: Path, workspace: Workspace | None) -> Iterator[Action]:
    proposal = propose(script, workspace)
    if proposal is None:
        yield Action(f"Deploy {script.name} to a local process", DEPLOY, {"uri": script.as_uri()})
        return
    what = ", ".join(proposal.models) or proposal.script.name
    for choice in proposal.choices:
        argument: dict[str, Any] = {"uri": script.as_uri(), "computeType": choice.compute_type}
        again = f" (replaces {proposal.service} at its URL)" if proposal.exists else ""
        yield Action(f"Deploy {what} to {choice.title}{again}", DEPLOY, argument)


def _begin(
    snapshot: Snapshot, script: Path, workspace: Workspace | None, use: ScriptUse | None
) -> Iterator[Action]:
    argument = {"uri": snapshot.uri}
    if use is None and not (script.parent / "inferenceconfig.json").exists():
        yield Action("Create inferenceconfig.json for this script", CREATE_INFERENCE, argument)
    if not (script.parent / "deploymentconfig.json").exists():
        yield Action("Create deploymentconfig.json for a local process", CREATE_DEPLOYMENT, argument)
    proposal = propose(script, workspace)
    if workspace is None or proposal is None or "input_schema" in snapshot.text:
        return
    for model_id in proposal.models[:1]:
        yield Action(
            f"Generate sample and schema from {model_id}", GENERATE_SAMPLE, {**argument, "model": model_id}
        )


def propose(script: Path, workspace: Workspace | None) -> Proposal | None:
    """What a deployment would take; None when nobody can say."""
    from mooring.errors import MooringError

    try:
        return workspace.services.propose(script) if workspace is not None else None
    except MooringError:
        return None


def _trained_with(workspace: Workspace | None, snapshot: Snapshot, name: str) -> str:
    """The version that the script's model was trained with."""
    proposal = propose(Path(snapshot.path), workspace)
    if workspace is None or proposal is None:
        return ""
    for model_id in proposal.models:
        version = workspace.models.get_by_id(model_id).packages.get(name)
        if version:
            return version
    return ""
