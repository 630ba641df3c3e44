"""Which models a script asks for, as far as its text tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from mooring.inspection.model_paths import model_paths
from mooring.inspection.rules.azure import model_names
from mooring.inspection.script import Script
from mooring.inspection.source import SourceText
from mooring.registry.values import ModelVersion


@dataclass(frozen=True)
class WantedModels:
    """What a script says about its models.

    Attributes:
        names: Those that `get_model_path` names, in the order of the text.
        files: Base names of what is joined to AZUREML_MODEL_DIR.
    """

    names: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


def wanted_models(text: str, path: str = "") -> WantedModels:
    """What the text of an entry script asks for; it is not run."""
    script = Script(SourceText(text.removeprefix("\ufeff"), path))
    names = dict.fromkeys(name for _, name in model_names(script))
    return WantedModels(tuple(names), tuple(dict.fromkeys(_files(script))))


def choose_models(wanted: WantedModels, registered: Sequence[ModelVersion]) -> list[ModelVersion]:
    """The newest registered version of each model that is asked for.

    A script that only names a file gets the model registered last that holds one of that name; one that names
    nothing, the only model there is.
    """
    newest: dict[str, ModelVersion] = {}
    for model in registered:
        if model.name not in newest or newest[model.name].version < model.version:
            newest[model.name] = model
    if wanted.names:
        return [newest[name] for name in wanted.names if name in newest]
    latest = sorted(newest.values(), key=lambda model: model.created_time, reverse=True)
    holding = [model for model in latest if _holds(model, wanted.files)]
    return holding[:1] or (latest if len(latest) == 1 else [])


def _holds(model: ModelVersion, files: Sequence[str]) -> bool:
    held = {PurePosixPath(entry.path).name for entry in model.manifest} | {model.entry}
    return any(name in held for name in files)


def _files(script: Script) -> list[str]:
    return [path.steps[-1] for path in model_paths(script) if path.steps]
