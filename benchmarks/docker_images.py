"""How long an image of the same model takes, and how large it is: Mooring against `mlflow models build-docker`.

    MOORING_DOCKER_BASE_IMAGE=… python benchmarks/docker_images.py

Both begin with the same base image: MLflow's own Dockerfile (`mlflow models generate-dockerfile`, environment manager
`local`, which is its smallest) is built with its FROM line replaced, and pip told that it may install in a
distribution's Python. Nothing of either image is there before; uv's
cache volume is as it was. Needs a Docker engine, a package index and apt. Prints Markdown.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from mooring.configs import InferenceConfig
from mooring.engine import Engine
from mooring.environments import Environment
from mooring.environments.pip_configuration import read_pip_indexes
from mooring.settings import load_settings
from mooring.workspace import Workspace

PACKAGES = ("scikit-learn==1.5.2", "numpy<2", "joblib")
TRAIN = """
import joblib, mlflow, sys
from sklearn.datasets import load_diabetes
from sklearn.linear_model import Ridge
rows, labels = load_diabetes(return_X_y=True)
model = Ridge(alpha=float(sys.argv[1])).fit(rows, labels)
joblib.dump(model, "model.pkl")
mlflow.sklearn.save_model(model, f"mlmodel-{sys.argv[1]}", input_example=rows[:1])
"""
SCORE = """
import json, os, joblib

def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))

def run(raw_data):
    return model.predict(json.loads(raw_data)["data"]).tolist()
"""
TAG = "mooring-bench-mlflow"


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="mooring-image-bench-"))
    settings = replace(load_settings(), home=folder / "home")
    base = settings.docker_base_image.format(python="3.11")
    try:
        python = rival(folder)
        print(f"| what | Mooring | {version_of(python)} |\n| --- | --- | --- |")
        with Workspace.open(settings=settings) as workspace:
            compare(Ours(workspace, folder), Theirs(folder, python, base), folder, python)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Ours:
    def __init__(self, workspace: Workspace, folder: Path) -> None:
        self._workspace = workspace
        self._folder = folder
        self.engine: Engine = workspace.images.engine

    def forget(self) -> None:
        """Images of these packages that an earlier run made."""
        for image in self.engine.api.images():
            for tag in image.get("RepoTags") or []:
                labels = image.get("Labels") or {}
                if tag.startswith("mooring/") and labels.get("io.mooring.environment") == self._digest():
                    self.engine.api.remove_image(tag, noprune=True)

    def build(self) -> str:
        self._workspace.models.register(self._folder / "model.pkl", "bench")
        return self._workspace.images.build("bench-image", ["bench"], self._config()).image_id

    def clean(self) -> None:
        for image in self._workspace.images.list():
            self._workspace.images.delete(image.id)

    def _config(self) -> InferenceConfig:
        (self._folder / "score.py").write_text(SCORE)
        packages = ", ".join(f"'{each}'" for each in PACKAGES)
        (self._folder / "myenv.yml").write_text(f"dependencies: [python=3.11, {{pip: [{packages}]}}]\n")
        environment = Environment.from_conda_specification("bench", self._folder / "myenv.yml")
        return InferenceConfig(entry_script=str(self._folder / "score.py"), environment=environment)

    def _digest(self) -> str:
        from mooring.environments import resolve

        wanted = self._config().environment
        return resolve(wanted, settings=self._workspace.settings, portable=True).digest


class Theirs:
    def __init__(self, folder: Path, python: Path, base: str) -> None:
        self._folder = folder
        self._mlflow = python.parent / "mlflow"
        self._base = base

    def build(self, alpha: str, *options: str) -> str:
        context = self._folder / "context"
        shutil.rmtree(context, ignore_errors=True)
        told = [
            "models",
            "generate-dockerfile",
            "-m",
            f"mlmodel-{alpha}",
            "-d",
            "context",
            "--env-manager",
            "local",
        ]
        subprocess.run([self._mlflow, *told], cwd=self._folder, check=True, capture_output=True)
        dockerfile = context / "Dockerfile"
        text = re.sub(
            r"^FROM .*$",
            f"FROM {self._base}\nARG PIP_INDEX_URL\nENV PIP_BREAK_SYSTEM_PACKAGES=1",
            dockerfile.read_text(),
            flags=re.MULTILINE,
        )
        dockerfile.write_text(text.replace(f"mlmodel-{alpha}", "mlmodel"))
        (context / "model_dir" / f"mlmodel-{alpha}").rename(context / "model_dir" / "mlmodel")
        network = os.environ["MOORING_DOCKER_BUILD_NETWORK"]
        command = [
            "docker",
            "build",
            "-q",
            "--network",
            network,
            "-t",
            TAG,
            *options,
            *_index(),
            str(context),
        ]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def compare(ours: Ours, theirs: Theirs, folder: Path, python: Path) -> None:
    engine = ours.engine
    try:
        train(folder, python, "1.0")
        ours.forget()
        first, mine = timed(ours.build)
        theirs_s, other = timed(lambda: theirs.build("1.0", "--no-cache"))
        row("first image", f"{first:.1f} s", f"{theirs_s:.1f} s")
        train(folder, python, "2.0")
        again, _ = timed(ours.build)
        again_s, _ = timed(lambda: theirs.build("2.0"))
        row("image of the next model version", f"{again:.1f} s", f"{again_s:.1f} s")
        base = engine.find_image(load_settings().docker_base_image.format(python="3.11"))["Size"]
        sizes = [(engine.find_image(image)["Size"] - base) / 1e6 for image in (mine, other)]
        row("image over its base", f"{sizes[0]:.0f} MB", f"{sizes[1]:.0f} MB")
    finally:
        ours.clean()
        subprocess.run(["docker", "rmi", "-f", TAG], capture_output=True, check=False)


def rival(folder: Path) -> Path:
    """A Python with MLflow and the packages of the model."""
    uv = shutil.which("uv") or sys.exit("uv is needed")
    environment = folder / "rival"
    subprocess.run([uv, "venv", "-q", "--python", "3.11", str(environment)], check=True)
    python = environment / "bin" / "python"
    subprocess.run([uv, "pip", "install", "-q", "--python", str(python), "mlflow", *PACKAGES], check=True)
    return python


def version_of(python: Path) -> str:
    code = "import mlflow; print(f'mlflow {mlflow.__version__}')"
    return subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def train(folder: Path, python: Path, alpha: str) -> None:
    subprocess.run([python, "-c", TRAIN, alpha], cwd=folder, check=True, capture_output=True)


def timed(build: Callable[[], str]) -> tuple[float, str]:
    began = time.perf_counter()
    made = build()
    return time.perf_counter() - began, made


def row(*cells: str) -> None:
    print(f"| {' | '.join(cells)} |", flush=True)


def _index() -> list[str]:
    index = read_pip_indexes().get("UV_DEFAULT_INDEX", "")
    return ["--build-arg", f"PIP_INDEX_URL={index}"] if "://" in index else []


if __name__ == "__main__":
    os.environ.setdefault("MOORING_DOCKER_BUILD_NETWORK", "host")
    main()
