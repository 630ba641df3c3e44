"""The steps of the demo; each does what a user could do with the other verbs."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from mooring.deployments.target import Reporter
from mooring.errors import MooringError

if TYPE_CHECKING:
    from mooring.configs import InferenceConfig
    from mooring.deployments.desk import ServiceDesk
    from mooring.deployments.values import Service
    from mooring.registry import ModelVersion
    from mooring.registry.registry import ModelRegistry
    from mooring.settings import Settings

FILES = ("train.py", "score.py", "inferenceconfig.json", "deploymentconfig.json", "myenv.yml", "sample.json")
MODEL_FILE = "ridge.pkl"
MODEL_NAME = "diabetes"
_MADE_BY = {"made-by": "mooring-demo"}


class DemoView(Reporter, Protocol):
    """Told what the demo does."""

    def say(self, label: str, text: str, elapsed_s: float | None = None) -> None:
        """A step is done."""


@dataclass(eq=False)
class DemoNameTaken(MooringError):
    """A service of that name is not the demo's to replace."""

    code = "demo-name-taken"
    name: str

    @property
    def problem(self) -> str:
        """Whose it is."""
        return f"There is a service {self.name!r} that the demo did not make."

    @property
    def remedy(self) -> str:
        """Another name."""
        return "Choose another name: mooring demo -n my-demo."


@dataclass(eq=False)
class TrainingFailed(MooringError):
    """The demo's train.py, perhaps edited, did not run through."""

    code = "demo-training-failed"
    script: str
    said: str

    @property
    def problem(self) -> str:
        """What Python said last."""
        return f"{self.script} failed: {self.said}"

    @property
    def remedy(self) -> str:
        """Mend or remove it."""
        return f"Mend {self.script}, or remove it and run the demo again for a fresh one."


def check_name_is_free(desk: ServiceDesk, name: str) -> None:
    """Return when the demo may have the name.

    Raises:
        DemoNameTaken: A service has it that the demo did not make.
    """
    for service in desk.list():
        if service.name == name and not _MADE_BY.items() <= service.properties.items():
            raise DemoNameTaken(name=name)


def write_files(folder: Path) -> dict[str, list[str]]:
    """Write what is missing; names by what became of them: `Wrote`, `Kept` (edited), nothing for the unchanged."""
    folder.mkdir(parents=True, exist_ok=True)
    told: dict[str, list[str]] = {"Wrote": [], "Kept": []}
    for name in FILES:
        path, text = folder / name, _asset(name)
        if not path.exists():
            path.write_text(text, encoding="utf-8")
            told["Wrote"].append(name)
        elif path.read_text(encoding="utf-8", errors="replace") != text:
            told["Kept"].append(f"{name} (yours)")
    return {label: names for label, names in told.items() if names}


def make_environment(settings: Settings, folder: Path, view: DemoView) -> Path:
    """Install what myenv.yml asks for, or find it installed; returns its Python."""
    from mooring.environments import Environment, realize, resolve

    began = time.monotonic()

    def tell(phase: str, text: str = "") -> None:
        view.progress("environment", text or phase)

    tell("resolving")
    environment = Environment.from_conda_specification("demo", folder / "myenv.yml")
    resolution = resolve(environment, settings=settings, progress=tell)
    tell("installing")
    ready = realize(resolution, settings=settings, progress=tell)
    locked = dict(line.split()[0].split("==") for line in resolution.requirements if "==" in line.split()[0])
    learn = f"scikit-learn {locked['scikit-learn']}, " if "scikit-learn" in locked else ""
    kept = "reused" if ready.reused else "locked, kept for next time"
    text = f"python {resolution.python_version}, {learn}{len(resolution.requirements)} packages  ({kept})"
    view.say("Environment", text, time.monotonic() - began)
    return ready.python


def train(python: Path, folder: Path, view: DemoView) -> None:
    """Run train.py, unless its model is there and younger.

    Raises:
        TrainingFailed: It did not run through.
    """
    script, model = folder / "train.py", folder / MODEL_FILE
    what = "ridge regression on scikit-learn's diabetes data"
    if model.exists() and model.stat().st_mtime >= script.stat().st_mtime:
        view.say("Trained", f"{what}  ({model} is there)")
        return
    began = time.monotonic()
    view.progress("Training", what)
    done = subprocess.run(
        [str(python), script.name, MODEL_FILE], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        lines = done.stderr.strip().splitlines() or [f"exit code {done.returncode}"]
        raise TrainingFailed(script=str(script), said=lines[-1])
    view.say("Trained", f"{what}: {done.stdout.strip()}", time.monotonic() - began)


def register(models: ModelRegistry, folder: Path) -> tuple[ModelVersion, bool]:
    """The model's version, and whether it is a new one: the same file is not registered twice."""
    path = folder / MODEL_FILE
    digest = f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    newest = next(iter(models.list(MODEL_NAME, latest=True)), None)
    if newest is not None and newest.digest == digest:
        return newest, False
    model = models.register(
        path,
        MODEL_NAME,
        framework="ScikitLearn",
        description="Ridge regression on scikit-learn's diabetes data.",
        sample_input=json.loads((folder / "sample.json").read_text(encoding="utf-8")),
    )
    return model, True


def deploy(desk: ServiceDesk, name: str, model: ModelVersion, folder: Path, view: DemoView) -> Service:
    """Deploy with the folder's config files, in place of what the demo deployed before."""
    from mooring.configs import InferenceConfig, load_deployment_config

    inference = InferenceConfig.load(folder / "inferenceconfig.json")
    _anchor(inference, folder)
    deployment: Any = load_deployment_config(folder / "deploymentconfig.json")[0]
    deployment.properties = dict(_MADE_BY)
    return desk.deploy(name, [model.id], inference, deployment, overwrite=True, reporter=view)


def _anchor(inference: InferenceConfig, folder: Path) -> None:
    """Take files from the demo's folder: v1 looks in the current one first, which may hold another score.py."""
    for attribute in ("source_directory", "entry_script", "conda_file"):
        written = getattr(inference, attribute)
        if written and (folder / written).exists():
            setattr(inference, attribute, str((folder / written).absolute()))


def _asset(name: str) -> str:
    folder = files("mooring.cli") / "demo_assets"
    source = f"{name}.txt" if name.endswith(".py") else name
    text = (folder / source).read_text(encoding="utf-8")
    return text.replace("PYTHON_VERSION", f"{sys.version_info[0]}.{sys.version_info[1]}")
