"""What a file of the file browser is to Mooring."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from mooring.errors import MooringError
from mooring_jupyter.paths import below

if TYPE_CHECKING:
    from mooring.workspace import Workspace
    from mooring_jupyter.shapes import FileFacts, FileKind, Proposal

_FRAMEWORKS = {
    ".onnx": "Onnx",
    ".pt": "PyTorch",
    ".pth": "PyTorch",
    ".keras": "TfKeras",
    ".h5": "TfKeras",
    ".pkl": None,
    ".pickle": None,
    ".joblib": "ScikitLearn",
    ".safetensors": None,
    ".ubj": None,
    ".cbm": None,
    ".mlmodel": None,
    ".pb": "TensorFlow",
    ".tflite": "TensorFlow",
}
_LARGEST_CONFIG = 1_000_000


def describe(workspace: Workspace, root: Path, path: Path) -> FileFacts:
    """What a file is, and what deploying it would take."""
    return {
        "path": below(root, path) or "",
        "kind": kind_of(path),
        "suggestedName": _suggest(path),
        "framework": _FRAMEWORKS.get(path.suffix.lower()) if path.is_file() else None,
        "registered": [model.id for model in workspace.models.list(latest=True) if model.entry == path.name],
        "proposal": _propose(workspace, root, path),
    }


def _propose(workspace: Workspace, root: Path, path: Path) -> Proposal | None:
    """None when the file leads to no entry script, or the workspace can't tell."""
    try:
        found = workspace.services.propose(path)
    except MooringError:
        return None
    return {
        "service": found.service,
        "exists": found.exists,
        "models": list(found.models),
        "entryScript": below(root, found.script),
        "inferenceConfig": below(root, found.inference_config),
        "deploymentConfig": below(root, found.deployment_config),
        "condaFile": below(root, found.conda_file),
        "computeType": found.compute_type,
    }


def kind_of(path: Path) -> FileKind:
    """What a file is by its name, and by what it holds where the name does not tell."""
    if path.is_dir():
        return "model" if (path / "MLmodel").is_file() else "folder"
    suffix = path.suffix.lower()
    if suffix in _FRAMEWORKS:
        return "model"
    if suffix == ".ipynb":
        return "notebook"
    try:
        is_small = path.stat().st_size <= _LARGEST_CONFIG
        text = path.read_text(encoding="utf-8-sig", errors="replace") if is_small else ""
    except OSError:
        return "other"
    return _kind_of_text(path, text)


def _kind_of_text(path: Path, text: str) -> FileKind:
    from mooring.inspection.recognition import is_entry_script, kind_of_file

    kind = kind_of_file(path.name)
    if kind == "script":
        return "script" if is_entry_script(text, str(path)) else "other"
    if kind == "requirements":
        return "environment"
    return _kind_of_config(path, text) if kind == "config" else "other"


def _kind_of_config(path: Path, text: str) -> FileKind:
    from mooring.configs import is_deployment_config, is_inference_config, may_be_config, read_document

    if path.suffix.lower() in (".yml", ".yaml") and re.search(r"^dependencies\s*:", text, re.MULTILINE):
        return "environment"
    if not may_be_config(text):
        return "other"
    try:
        document = read_document(text, path=str(path))
    except MooringError:
        return "other"
    if is_inference_config(document):
        return "inference-config"
    return "deployment-config" if is_deployment_config(document) else "other"


def _suggest(path: Path) -> str:
    """A name that both a model and a service may have."""
    name = re.sub(r"[^a-z0-9]+", "-", path.stem.lower()).strip("-")
    if not name or not name[0].isalpha():
        name = f"model-{name}".strip("-")
    return name[:32].rstrip("-")
