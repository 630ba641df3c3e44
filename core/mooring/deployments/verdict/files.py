"""The rule about files that are not there: by far the most common reason why init() fails."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from pathlib import Path

from mooring.deployments.values import Failure
from mooring.deployments.verdict.raised import Raised
from mooring.deployments.verdict.scene import Scene

_QUOTED = re.compile(r"""['"](?P<path>[^'"]+)['"]""")
_SHOWN = 8


def judge_missing_file(raised: Raised, scene: Scene) -> Failure | None:
    """FileNotFoundError, and libraries that say the same in their own way."""
    if raised.type not in ("FileNotFoundError", "NotADirectoryError", "OSError", "IOError"):
        return None
    found = _QUOTED.search(raised.text)
    if found is None or ("No such file" not in raised.text and "not" not in raised.text.lower()):
        return None
    wanted = Path(found["path"])
    absolute = wanted if wanted.is_absolute() else scene.app_root / wanted
    if absolute.exists() and raised.type in ("OSError", "IOError"):
        return None
    inside_models = absolute.is_relative_to(scene.models_root)
    what = "the model file" if inside_models or _looks_like_model(wanted) else f"the file {wanted.name}"
    evidence, remedy = (
        _explain(absolute, wanted, scene) if inside_models else _explain_elsewhere(wanted, scene)
    )
    return Failure(
        code="init-file-missing",
        cause=f"{raised.during} could not find {what}{_place(raised)}.",
        evidence=(f"{raised.type}: {scene.shorten(str(wanted))}", *evidence),
        remedy=remedy,
        excerpt=scene.excerpt(raised.path, raised.line),
    )


def _explain(absolute: Path, wanted: Path, scene: Scene) -> tuple[list[str], str]:
    folder = absolute.parent
    while not folder.is_dir() and folder != scene.models_root:
        folder = folder.parent
    held = _list(folder)
    shown = ", ".join(held[:_SHOWN]) + (", …" if len(held) > _SHOWN else "")
    evidence = [
        f"{'The folder' if folder == absolute.parent else scene.shorten(str(folder))} holds: {shown or 'nothing'}"
    ]
    twin = _find(wanted.name, scene.models_root)
    if twin is not None:
        return evidence, f"Use {_join(twin, scene)}."
    near = difflib.get_close_matches(wanted.name, held, n=1, cutoff=0.3) or (held if len(held) == 1 else [])
    if not near:
        return evidence, f"Use one of the names above, or register the model as {wanted.name}."
    return evidence, f'Use "{(folder / near[0]).relative_to(absolute.parent) if folder == absolute.parent else _join(folder / near[0], scene)}", or register the model as {wanted.name}.'  # fmt: skip


def _explain_elsewhere(wanted: Path, scene: Scene) -> tuple[list[str], str]:
    """A path outside the models: a relative one, or one of the machine the script was written on."""
    twin = _find(wanted.name, scene.models_root)
    if twin is not None:
        return [f"The model is at {scene.shorten(str(twin))}"], f"Use {_join(twin, scene)}."
    beside = scene.source.entry_script.parent / wanted
    if scene.source.source_directory is None and beside.exists():
        folder = scene.source.entry_script.parent
        return (
            [f"{wanted} lies beside {scene.source.entry_script.name}, but only the script was deployed"],
            f'Set "sourceDirectory" to {folder} so that its files are shipped, too.',
        )
    inside = scene.app_root / scene.source.directory_name / wanted
    if scene.source.directory_name and not wanted.is_absolute() and inside.exists():
        return (
            ["The working directory is the folder above the source directory, as in Azure ML"],
            f'Open "{scene.source.directory_name}/{wanted}", or os.path.join(os.path.dirname(__file__), "{wanted}").',
        )
    held = [
        f"{model}: {', '.join(_list(scene.models_root / model.replace(':', '/')))}" for model in scene.models
    ]
    remedy = (
        "Ship the file in sourceDirectory, or register it as a model and open it below AZUREML_MODEL_DIR."
    )
    return [f"Model {line}" for line in held[:_SHOWN]], remedy


def _join(path: Path, scene: Scene) -> str:
    """Python that names a model's file, right for one model and for several."""
    relative = path.relative_to(scene.app_root / scene.model_dir).as_posix()
    return f'os.path.join(os.getenv("AZUREML_MODEL_DIR"), "{relative}")'


def _find(name: str, folder: Path) -> Path | None:
    found: Sequence[Path] = sorted(folder.rglob(name)) if folder.is_dir() and name else []
    return found[0] if found else None


def _list(folder: Path) -> list[str]:
    try:
        return sorted(f"{entry.name}/" if entry.is_dir() else entry.name for entry in folder.iterdir())
    except OSError:
        return []


def _looks_like_model(path: Path) -> bool:
    return path.suffix in {
        ".pkl",
        ".joblib",
        ".onnx",
        ".h5",
        ".pt",
        ".pth",
        ".bin",
        ".pickle",
        ".sav",
        ".model",
        ".pb",
    }


def _place(raised: Raised) -> str:
    return f" ({Path(raised.path).name}, line {raised.line})" if raised.path and raised.line else ""
