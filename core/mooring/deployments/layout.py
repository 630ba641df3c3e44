"""What a revision's app root holds: the script with its folder, and the models; the same on every target."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mooring.registry import ModelRegistry, ModelVersion

MODELS = "azureml-models"

# Never part of what a script needs, and sometimes larger than all the rest.
_LEFT_OUT = shutil.ignore_patterns(".git", "__pycache__", "*.pyc", ".ipynb_checkpoints", ".DS_Store")


@dataclass(frozen=True)
class Source:
    """Where a revision's code comes from.

    Attributes:
        entry_script: Absolute.
        source_directory: Absolute; None when only the script itself is shipped.
        entry_in_app_root: The script's path, relative to the app root, with forward slashes.
    """

    entry_script: Path
    source_directory: Path | None
    entry_in_app_root: str

    @property
    def directory_name(self) -> str:
        """Base name the source directory keeps in the app root; empty without one."""
        return self.source_directory.name if self.source_directory else ""

    def original_of(self, path: str, app_root: Path) -> str:
        """The user's own file for a path inside the app root; other paths come back as they are."""
        try:
            relative = Path(path).relative_to(app_root)
        except ValueError:
            return path
        if relative.parts and relative.parts[0] == MODELS:
            return path
        if self.source_directory is None:
            known = (self.entry_script.name, "main.py")
            return str(self.entry_script) if relative.as_posix() in known else path
        if relative.parts and relative.parts[0] == self.directory_name:
            return str(self.source_directory.joinpath(*relative.parts[1:]))
        return path


def lay_out(source: Source, app_root: Path, models: Sequence[ModelVersion], registry: ModelRegistry) -> None:
    """Fill an app root that does not exist yet.

    Raises:
        OSError: The disk is full, or a file can't be read.
    """
    app_root.mkdir(parents=True)
    if source.source_directory is None:
        shutil.copy2(source.entry_script, app_root / source.entry_script.name)
        if source.entry_script.name != "main.py":
            shutil.copy2(source.entry_script, app_root / "main.py")
    else:
        _copy_folder(source.source_directory, app_root / source.directory_name, but_not=app_root)
        if not (
            app_root / source.entry_in_app_root
        ).exists():  # the script lies outside of its source directory
            shutil.copy2(source.entry_script, app_root / source.entry_in_app_root)
    check_out_models(app_root, models, registry)


def lay_out_again(
    old_app_root: Path, app_root: Path, models: Sequence[ModelVersion], registry: ModelRegistry
) -> None:
    """Fill an app root with the code another revision had.

    Raises:
        OSError: The disk is full, or the old revision's files are gone.
    """
    shutil.copytree(old_app_root, app_root, ignore=shutil.ignore_patterns(MODELS, "__pycache__"))
    check_out_models(app_root, models, registry)


def check_out_models(app_root: Path, models: Sequence[ModelVersion], registry: ModelRegistry) -> None:
    """Lay each model version at `azureml-models/<name>/<version>/`."""
    for model in models:
        registry.checkout(model, app_root / MODELS)


def model_dir(models: Sequence[ModelVersion]) -> str:
    """What AZUREML_MODEL_DIR says, relative to the app root: of the one model, of all of several, nothing of none."""
    if not models:
        return ""
    return f"{MODELS}/{models[0].name}/{models[0].version}" if len(models) == 1 else MODELS


def digest_of(path: Path) -> str:
    """`sha256:` digest of a file."""
    return f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"


def remove_folder(folder: Path) -> None:
    """Remove a folder whose files may be read-only, as checked-out models are; nothing happens when it is gone."""
    for inner in _folders(folder):
        inner.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)


def _folders(folder: Path) -> Iterable[Path]:
    import os

    if not folder.is_dir() or folder.is_symlink():
        return
    for path, _, _ in os.walk(folder):
        yield Path(path)


def _copy_folder(source: Path, destination: Path, *, but_not: Path) -> None:
    """Copy a folder, links followed, dangling ones skipped; `but_not` may lie inside it (a home in a project)."""

    def leave_out(folder: str, names: list[str]) -> set[str]:
        left_out = _LEFT_OUT(folder, names)
        return left_out | {name for name in names if but_not.is_relative_to(Path(folder) / name)}

    shutil.copytree(source, destination, ignore=leave_out, ignore_dangling_symlinks=True)
