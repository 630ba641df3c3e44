"""A workspace, a model and a script small enough to deploy in a moment, in the interpreter of the tests."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from mooring import Environment, InferenceConfig, Workspace

SCORE = """
import json, os

def init():
    global offset
    folder = os.environ["AZUREML_MODEL_DIR"]
    with open(os.path.join(folder, "offset.txt")) as file:
        offset = float(file.read())

def run(data):
    return [value + offset for value in json.loads(data)["data"]]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "score.py").write_text(SCORE)
    (tmp_path / "offset.txt").write_text("10")
    return tmp_path


@pytest.fixture
def ws(folder: Path) -> Workspace:
    return Workspace()


@pytest.fixture
def environment() -> Environment:
    environment = Environment("as-it-is")
    environment.python.user_managed_dependencies = True
    environment.python.interpreter_path = sys.executable
    return environment


@pytest.fixture
def inference_config(folder: Path, environment: Environment) -> InferenceConfig:
    return InferenceConfig(entry_script="score.py", environment=environment)
