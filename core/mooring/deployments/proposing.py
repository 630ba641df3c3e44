"""What a deployment takes when somebody only says "this one": the same proposal on every face."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING

from mooring.deployments.errors import NothingToDeploy, nearest_service_name
from mooring.deployments.parts import Parts
from mooring.errors import MooringError

if TYPE_CHECKING:
    from mooring.configs import DeploymentConfig, Document, InferenceConfig
    from mooring.deployments.target import Target
    from mooring.deployments.values import Revision, Service

_PLACES = {"process": "a local process", "local": "Docker", "aks": "Kubernetes"}
"""Compute types to offer, one for each place, in words that follow `Deploy … to`."""

_CONFIG_ENDINGS = {".json", ".yml", ".yaml"}
_LARGEST_CONFIG = 200_000  # bytes
_MOST_FILES = 200  # of a folder; one with more is no project


@dataclass(frozen=True)
class Choice:
    """A place to deploy to.

    Attributes:
        title: In words that follow `Deploy … to`.
    """

    compute_type: str
    title: str


@dataclass(frozen=True)
class Proposal:
    """What a deployment would take.

    Attributes:
        service: Name of the service: the one that runs the script already, or a free one.
        exists: Whether that service is there.
        models: Ids.
        script: Absolute path.
        folder: Where relative paths of the inference configuration start.
        inference_config: None when no file names the script.
        deployment_config: None when none lies beside.
        conda_file: Used when there is no inference configuration.
        compute_type: Where it would run.
        choices: Where else it could.
    """

    service: str
    exists: bool
    models: tuple[str, ...]
    script: Path
    folder: Path
    inference_config: Path | None = None
    deployment_config: Path | None = None
    conda_file: Path | None = None
    compute_type: str = "process"
    choices: tuple[Choice, ...] = ()

    def load_inference(self) -> InferenceConfig:
        """The inference configuration.

        Raises:
            MooringError: It can't work.
        """
        from mooring.configs import InferenceConfig, load_inference_config

        if self.inference_config is not None:
            config, _ = load_inference_config(self.inference_config, current=self.folder)
            for name in ("source_directory", "entry_script", "conda_file"):
                written = getattr(config, name)
                if written and (self.folder / written).exists():
                    setattr(config, name, str((self.folder / written).absolute()))
            return config
        conda = str(self.conda_file) if self.conda_file else None
        return InferenceConfig(
            entry_script=str(self.script), conda_file=conda, runtime="python" if conda else None
        )

    def load_deployment(self) -> DeploymentConfig:
        """The deployment configuration; the defaults of the compute type without a file.

        Raises:
            MooringError: It can't work.
        """
        from mooring.configs import DEPLOYMENT_CONFIGS, load_deployment_config

        if self.deployment_config is not None:
            return load_deployment_config(self.deployment_config)[0]
        return DEPLOYMENT_CONFIGS[self.compute_type].of({})


def propose(parts: Parts, path: Path, *, compute_type: str | None = None) -> Proposal:
    """What deploying a script or configuration would take; nothing is made.

    Args:
        parts: Around the desk.
        path: Of an entry script, an inference or a deployment configuration.
        compute_type: Where to; None leaves it to the deployment configuration, or to a process of this machine.

    Raises:
        NothingToDeploy: The file leads to no entry script.
    """
    path = Path(os.path.abspath(path))  # noqa: PTH100  links stay: they are what the user named
    given = _read(path)
    script, inference = _script_of(path, given)
    deployment = _deployment_of(path, given, inference or script, compute_type)
    service = find_service(parts, script)
    models = _models_of(parts, script, service)
    name = service.name if service is not None else _free_name(parts, models, script)
    kind = compute_type or (_compute_type_of(deployment) if deployment else None)
    from mooring.inspection.project import working_folder

    document = _read(inference) if inference is not None else None
    return Proposal(
        service=name,
        exists=service is not None,
        models=tuple(models),
        script=script,
        folder=working_folder(inference, document) if inference and document else script.parent,
        inference_config=inference,
        deployment_config=deployment,
        conda_file=None if inference is not None else _only_conda_file(script.parent),
        compute_type=kind or (service.compute_type if service is not None else "process"),
        choices=tuple(_choices(parts)),
    )


def find_service(parts: Parts, script: Path) -> Service | None:
    """The service that runs a script, of several the one changed last; as recorded, not as it is now."""
    using = [record for record in parts.store.list() if script in scripts_of(parts, record)]
    return max(using, key=lambda record: record.updated_time, default=None)


def scripts_of(parts: Parts, record: Service) -> set[Path]:
    """The entry script that a service runs, as it was named and with links followed; empty when it never got far."""
    revision = current_revision(parts, record)
    entry = revision.inference.get("entryScript") if revision is not None else None
    if not isinstance(entry, str):
        return set()
    return {Path(entry), Path(entry).resolve()}


def current_revision(parts: Parts, record: Service) -> Revision | None:
    """What a service was asked to be last: what serves, else the last attempt."""
    revisions = parts.store.revisions(record.name)
    serving = [each for each in revisions if each.number == record.revision]
    return next(iter(serving), revisions[-1] if revisions else None)


def _script_of(path: Path, given: Document | None) -> tuple[Path, Path | None]:
    from mooring.configs import is_inference_config
    from mooring.inspection.project import find_use

    if path.suffix == ".py":
        return path, _inference_config_for(path)
    if given is not None and is_inference_config(given):
        use = find_use(path, given)
        if use is not None:
            return use.script, path
    for config, document in _configs_in(path.parent):
        use = find_use(config, document) if is_inference_config(document) else None
        if use is not None:
            return use.script, config
    script = path.parent / "score.py"
    if script.is_file():
        return script, None
    raise NothingToDeploy(path=str(path))


def _inference_config_for(script: Path) -> Path | None:
    """The nearest configuration that names the script, in its folder or one above, up to the repository's."""
    from mooring.configs import is_inference_config
    from mooring.inspection.project import find_use

    for folder in islice(script.parents, 4):
        for config, document in _configs_in(folder):
            use = find_use(config, document) if is_inference_config(document) else None
            if use is not None and use.script == script:
                return config
        if (folder / ".git").exists():
            break
    return None


def _deployment_of(path: Path, given: Document | None, beside: Path, compute_type: str | None) -> Path | None:
    from mooring.configs import is_deployment_config

    if given is not None and is_deployment_config(given) and compute_type in (None, _kind(given)):
        return path
    found = [
        (config, _kind(document))
        for config, document in _configs_in(beside.parent)
        if is_deployment_config(document)
    ]
    fitting = [config for config, kind in found if compute_type in (None, kind)]
    named = [config for config in fitting if config.stem.lower() == "deploymentconfig"]
    if named or compute_type is not None or len(fitting) == 1:
        return next(iter(named or fitting), None)
    return None  # several, none by the usual name: nobody can say which one is meant


def _configs_in(folder: Path) -> Iterator[tuple[Path, Document]]:
    try:
        files = sorted(islice((each for each in folder.iterdir()), _MOST_FILES))
    except OSError:
        return
    for file in files:
        document = _read(file)
        if document is not None:
            yield file, document


def _read(file: Path) -> Document | None:
    from mooring.configs import ConfigUnreadable, may_be_config, read_document

    try:
        if file.suffix.lower() not in _CONFIG_ENDINGS or file.stat().st_size > _LARGEST_CONFIG:
            return None
        text = file.read_text(encoding="utf-8-sig", errors="replace")
        return read_document(text, path=str(file)) if may_be_config(text) else None
    except (OSError, ConfigUnreadable):
        return None


def _kind(document: Document) -> str | None:
    written = document.value.get("computeType") if isinstance(document.value, dict) else None
    return written.lower() if isinstance(written, str) else None


def _compute_type_of(config: Path) -> str | None:
    document = _read(config)
    return _kind(document) if document is not None else None


def _only_conda_file(folder: Path) -> Path | None:
    """The folder's conda file, when there is exactly one."""
    from mooring.inspection.recognition import kind_of_file

    try:
        files = [each for each in sorted(islice(folder.iterdir(), _MOST_FILES)) if each.is_file()]
        found = [
            each
            for each in files
            if each.suffix.lower() in {".yml", ".yaml"}
            and kind_of_file(str(each)) is not None
            and re.search(
                r"^dependencies\s*:", each.read_text(encoding="utf-8", errors="replace"), re.MULTILINE
            )
        ]
    except OSError:
        return None
    return found[0] if len(found) == 1 else None


def _models_of(parts: Parts, script: Path, service: Service | None) -> list[str]:
    from mooring.inspection.wanted_models import choose_models, wanted_models

    if service is not None and service.models:
        return newest_versions(parts, service.models)
    try:
        text = script.read_text(encoding="utf-8-sig", errors="replace")
    except OSError:
        return []
    return [model.id for model in choose_models(wanted_models(text), parts.models.list())]


def newest_versions(parts: Parts, models: Sequence[str]) -> list[str]:
    """The newest registered version of each model; the id itself where none is left."""
    return [_newest(parts, model) for model in models]


def _newest(parts: Parts, model_id: str) -> str:
    try:
        return parts.models.get(model_id.rpartition(":")[0]).id
    except MooringError:
        return model_id


def _free_name(parts: Parts, models: Sequence[str], script: Path) -> str:
    wished = [model.rpartition(":")[0] for model in models[:1]]
    wished += [each for each in (script.stem, script.parent.name) if each.lower() not in {"score", "main"}]
    names = [near for each in wished if (near := nearest_service_name(each))]
    name = names[0] if names else "scorer"
    taken = {record.name for record in parts.store.list()}
    return next(each for n in count(1) if (each := name if n == 1 else f"{name[:28]}-{n}") not in taken)


def title_of(target: Target) -> str:
    """A place in words that follow `Deploy … to`."""
    return next((title for kind, title in _PLACES.items() if kind in target.compute_types), target.name)


def _choices(parts: Parts) -> Iterator[Choice]:
    for compute_type, title in _PLACES.items():
        try:
            parts.targets.for_compute_type(compute_type)
        except MooringError:
            continue
        yield Choice(compute_type, title)
