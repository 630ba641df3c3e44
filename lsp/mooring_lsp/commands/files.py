"""`mooring.createInferenceConfig`, `createDeploymentConfig`, `addPackage`, `generateSample`: files to begin and go on with."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lsprotocol import types

from mooring.configs.starting import new_deployment_config, new_inference_config
from mooring.environments.adding import add_package
from mooring.errors import MooringError
from mooring.inspection.schema_writing import schema_fix
from mooring_lsp.answering import Answer, show
from mooring_lsp.asked import Asked, WrongArgument
from mooring_lsp.edits import apply_edits, create_file, snapshot_of
from mooring_lsp.server import MooringServer

if TYPE_CHECKING:
    from mooring.registry import ModelVersion


@dataclass(eq=False)
class NoSample(MooringError):
    """A model that nobody registered a sample with."""

    code = "sample-unknown"
    script: str
    models: list[str]

    @property
    def problem(self) -> str:
        """Whose."""
        of = ", ".join(self.models) or f"a model of {self.script}"
        return f"No sample request is registered with {of}."

    @property
    def remedy(self) -> str:
        """How to register one."""
        model = self.models[0] if self.models else "NAME:VERSION"
        return f"Give one: mooring model update -i {model} --sample-input @sample.json."


@dataclass(eq=False)
class CannotAdd(MooringError):
    """An environment file that a package can't be added to."""

    code = "package-not-added"
    package: str
    path: str

    @property
    def problem(self) -> str:
        """Which file."""
        return f"{self.path} is not written in a way that {self.package} can be added to."

    @property
    def remedy(self) -> str:
        """By hand."""
        return f"Add {self.package} to it by hand."


async def create_inference_config(ls: MooringServer, asked: Asked) -> Answer:
    """Write an inference configuration beside a script."""
    script = asked.path()
    conda = asked.find_path("environment")
    if conda is None:
        proposal = await asyncio.to_thread(lambda: asked.writable.services.propose(script))
        conda = proposal.conda_file
    path = script.parent / "inferenceconfig.json"
    await create_file(ls, path, new_inference_config(script.name, conda.name if conda is not None else None))
    return {"uri": path.as_uri()}


async def create_deployment_config(ls: MooringServer, asked: Asked) -> Answer:
    """Write a deployment configuration beside a script."""
    place = asked.path()
    compute_type = asked.find("computeType", str) or "process"
    try:
        text = new_deployment_config(compute_type)
    except KeyError:
        raise WrongArgument("computeType", "a compute type, such as process", repr(compute_type)) from None
    path = (place if place.is_dir() else place.parent) / "deploymentconfig.json"
    await create_file(ls, path, text)
    return {"uri": path.as_uri()}


async def add_to_environment(ls: MooringServer, asked: Asked) -> Answer:
    """Add a package to the conda or requirements file of a script."""
    package = asked.get("package", str)
    given = asked.find_path("environment")
    path = given if given is not None else _environment_of(ls, asked.path())
    snapshot = await snapshot_of(ls, path)
    is_conda = path.suffix.lower() in {".yml", ".yaml"}
    insertion = add_package(snapshot.text.replace("\r\n", "\n"), package, is_conda=is_conda)
    if insertion is None:
        raise CannotAdd(package=package, path=str(path))
    lines = snapshot.places.count_lines()
    text = insertion.text.replace("\n", snapshot.places.newline)
    if insertion.line >= lines:
        text = snapshot.places.newline + text
    end = snapshot.places.position_at(len(snapshot.text))
    place = types.Position(insertion.line, 0) if insertion.line < lines else end
    await apply_edits(ls, snapshot, [types.TextEdit(types.Range(place, place), text)])
    show(ls, f"Added {package} to {path.name}.")
    return {"uri": path.as_uri()}


async def generate_sample(ls: MooringServer, asked: Asked) -> Answer:
    """Write the sample of a model beside a script, and declare it as the schema where that is safe."""
    script = asked.path()
    model = await asyncio.to_thread(_model_with_sample, asked, script)
    snapshot = await snapshot_of(ls, script)
    text = json.dumps(model.sample_input, ensure_ascii=False) + "\n"
    path = script.parent / "sample.json"
    fix = schema_fix(snapshot.text.removeprefix("\ufeff"), model.sample_input, model.sample_output)
    if not path.exists():
        await create_file(ls, path, text)
    if fix is not None:
        await apply_edits(ls, snapshot, [snapshot.places.edit_of(edit) for edit in fix.edits])
        show(ls, f"{path.name} holds the sample of {model.id}; run() declares it as its schema.")
    else:
        told = f"{path.name} holds the sample of {model.id}. run() has a schema already, or reads its input itself."
        show(ls, told)
    return {"uri": path.as_uri(), "schema": fix is not None}


def _model_with_sample(asked: Asked, script: Path) -> ModelVersion:
    workspace = asked.workspace
    given = asked.find("model", str)
    ids = [given] if given is not None else list(workspace.services.propose(script).models)
    for model_id in ids:
        model = workspace.models.get_by_id(model_id)
        if model.sample_input is not None:
            return model
    raise NoSample(script=script.name, models=ids)


def _environment_of(ls: MooringServer, script: Path) -> Path:
    use = ls.checker.inspector.use_of(str(script))
    if use is None or use.environment_file is None:
        raise WrongArgument(
            "environment", "the address of the conda file: no configuration names one for the script"
        )
    return use.environment_file
