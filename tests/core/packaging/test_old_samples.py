"""The public guides' own samples, which ask for Python 3.6.2, in containers: what takes its place is said, then built, then right."""

from __future__ import annotations

import json
import shutil
import subprocess
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from mooring.configs import InferenceConfig, LocalDeploymentConfig
from mooring.engine import Engine
from mooring.environments import Environment, realize, resolve
from mooring.images.proxy import proxy_image
from mooring.settings import Settings
from mooring.testing.reporters import Recorder
from mooring.workspace import Workspace

from .conftest import BASE, NETWORK
from .old_pythons import make_base_image

pytestmark = [pytest.mark.docker, pytest.mark.network, pytest.mark.slow, pytest.mark.usefixtures("old_base")]

SEEDS = Path(__file__).parents[2] / "workspaces" / "seeds"

RIDGE = """
import joblib, numpy as np
from sklearn.linear_model import Ridge
rows = np.arange(200.0).reshape(20, 10)
joblib.dump(Ridge().fit(rows, rows.sum(axis=1)), "model.pkl")
"""
FRAME = """
import joblib, pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder
rows = pd.DataFrame({
    "input_name_1": [5.1, 1.0] * 10, "input_name_2": ["value2", "value1"] * 10, "input_name_3": [3, 1] * 10,
})
words = ColumnTransformer([("words", OneHotEncoder(), ["input_name_2"])], remainder="passthrough")
joblib.dump(make_pipeline(words, LogisticRegression()).fit(rows, [1, 0] * 10), "model.pkl")
"""
NUMBERS = [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]]
ROWS = [
    {"input_name_1": 5.1, "input_name_2": "value2", "input_name_3": 3},
    {"input_name_1": 1.0, "input_name_2": "value1", "input_name_3": 1},
]


@pytest.fixture(scope="module")
def old_images(
    engine: Engine, missing: Callable[[str], None], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, str]]:
    """The usual base image's name with a place for the Python, as settings have it, and the front's image."""
    name = f"mooring-test-python-{uuid.uuid4().hex[:12]}"
    if not make_base_image(engine, "3.8", BASE, f"{name}:3.8"):
        missing("Python 3.8 for a base image")
    home = tmp_path_factory.mktemp("front")
    settings = Settings(home=home, docker_base_image=BASE, docker_build_network=NETWORK)
    yield f"{name}:{{python}}", proxy_image(engine, settings, lambda _text: None)
    engine.api.remove_image(f"{name}:3.8", force=True, noprune=True)


@pytest.fixture
def old_base(old_images: tuple[str, str], workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> str:
    """Base images are to be had for Python 3.8 alone."""
    base, front = old_images
    monkeypatch.setenv("MOORING_DOCKER_BASE_IMAGE", base)
    monkeypatch.setenv("MOORING_DOCKER_FRONT_IMAGE", front)
    return base


@pytest.mark.parametrize(
    ("sample", "train", "model", "data", "expected"),
    [
        ("score.py myenv.yml", RIDGE, "sklearn_regression_model.pkl", NUMBERS, [55.0, 55.0]),
        ("score.py myenv_unpinned.yml", RIDGE, "sklearn_regression_model.pkl", NUMBERS, [55.0, 55.0]),
        ("score_frame.py myenv_frame.yml", FRAME, "model_name", ROWS, [1, 0]),
    ],
    ids=["pinned", "unpinned", "a frame of strings and numbers"],
)
def test_a_sample_is_deployed_unchanged(
    sample: str,
    train: str,
    model: str,
    data: Any,
    expected: list[float],
    tmp_path: Path,
    old_base: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    script, conda = sample.split()
    for folder in ("x/y", "env"):
        Path(folder).mkdir(parents=True)
    shutil.copy(SEEDS / script, "x/y/score.py")
    shutil.copy(SEEDS / conda, "env/myenv.yml")
    told = Recorder()
    with Workspace.open() as workspace:  # reads the settings that name the base image
        trained = Environment.from_conda_specification("training", "env/myenv.yml")
        ready = realize(resolve(trained, settings=workspace.settings), settings=workspace.settings)
        subprocess.run([str(ready.python), "-c", train], check=True)
        workspace.models.register("model.pkl", model)
        config = InferenceConfig(entry_script="x/y/score.py", runtime="python", conda_file="env/myenv.yml")

        workspace.services.deploy("sample", [model], config, LocalDeploymentConfig(), reporter=told)
        answer = workspace.services.run("sample", json.dumps({"data": data}))
        workspace.services.delete("sample")

    assert answer == pytest.approx(expected, rel=0.01)
    said = [text for _, text in told.events]
    substituted = next(number for number, text in enumerate(said) if "3.6.2" in text)
    built = next(number for number, text in enumerate(said) if old_base.format(python="3.8") in text)
    assert "Python 3.8 takes its place" in said[substituted]
    assert substituted < built
