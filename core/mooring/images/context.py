"""What of a release goes into its image: the code, and the models."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mooring.images.ignoring import kept_files, read_ignore_rules
from mooring.images.layers import LayerFile
from mooring.images.naming import digest_of

APP_ROOT = "/var/azureml-app"
"""Where v1's containers have it."""

MODELS_FOLDER = "azureml-models"


@dataclass(frozen=True)
class CodeFiles:
    """The code of a release.

    Attributes:
        files: For a layer.
        left_out: How many files an ignore file kept out.
        ignore_file: Its name; empty when there is none.
    """

    files: tuple[LayerFile, ...]
    left_out: int
    ignore_file: str


def code_files(app_root: Path, source_directory: str, entry_script: str) -> CodeFiles:
    """The code in an app root.

    Args:
        app_root: Laid out.
        source_directory: Base name of the source directory; empty when only a script is shipped.
        entry_script: Relative to the app root; never left out.
    """
    top = app_root / source_directory
    rules = read_ignore_rules(top)
    within = entry_script.removeprefix(f"{source_directory}/") if source_directory else entry_script
    prefix = f"{APP_ROOT.strip('/')}/{source_directory}".rstrip("/")
    kept = [
        (name, path)
        for name, path in kept_files(top, rules, always=within)
        if source_directory or not name.startswith(f"{MODELS_FOLDER}/")
    ]
    total = sum(1 for name in _all_files(top) if source_directory or not name.startswith(f"{MODELS_FOLDER}/"))
    files = tuple(LayerFile(f"{prefix}/{name}", path, os.access(path, os.X_OK)) for name, path in kept)
    return CodeFiles(files, total - len(kept) if rules.file else 0, rules.file)


def model_files(app_root: Path) -> Iterable[LayerFile]:
    """The models laid out in an app root."""
    top = app_root / MODELS_FOLDER
    prefix = f"{APP_ROOT.strip('/')}/{MODELS_FOLDER}"
    for path in top.rglob("*"):
        if path.is_file():
            yield LayerFile(f"{prefix}/{path.relative_to(top).as_posix()}", path)


def models_digest(models: Sequence[Any]) -> str:
    """Names the layer of these model versions, without reading a byte of them."""
    return digest_of(
        *(f"{model.id} {model.entry} {model.digest}" for model in sorted(models, key=lambda m: str(m.id)))
    )


def ring_files(ring: Path, prefix: str) -> Iterable[LayerFile]:
    """The scoring ring, to be laid below `prefix` (without slashes at its ends)."""
    for path in ring.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            yield LayerFile(f"{prefix}/{path.relative_to(ring).as_posix()}", path)


def _all_files(top: Path) -> Iterable[str]:
    for path in top.rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts and ".git" not in path.parts:
            yield path.relative_to(top).as_posix()
