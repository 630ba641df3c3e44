"""Addresses of MLflow can be registered like paths; the tests use MLflow itself, in an environment of its own."""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from filelock import FileLock

import mooring
from mooring.registry.mlflow import MlflowMissing, is_mlflow_uri


@pytest.fixture(scope="module")
def python_with_mlflow():
    """Made once a machine, as it takes a while."""
    import uv

    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    place = Path(tempfile.gettempdir(), f"mooring-tests-mlflow-{version}-{os.getuid()}")
    python = place / "bin" / "python"
    with FileLock(f"{place}.lock"):
        if not (place / "complete").exists():
            tool = uv.find_uv_bin()
            subprocess.run([tool, "venv", "-q", "--clear", "--python", sys.executable, place], check=True)
            subprocess.run(
                [tool, "pip", "install", "-q", "--python", python, "mlflow>=3", "scikit-learn", "fsspec"],
                check=True,
            )
            (place / "complete").touch()
    return python


@pytest.fixture(scope="module")
def answers(python_with_mlflow, tmp_path_factory):
    home = tmp_path_factory.mktemp("mlflow")
    script = Path(__file__).with_name("mlflow_models.py")
    environment = {**os.environ, "PYTHONPATH": str(Path(mooring.__file__).parents[1])}

    done = subprocess.run(
        [python_with_mlflow, script, home],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
        cwd=home,
    )

    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.network
@pytest.mark.slow
@pytest.mark.timeout(600)
class TestWithMlflow:
    @pytest.mark.parametrize("title", ["run", "logged"])
    def test_a_logged_model_brings_its_facts(self, answers, title):
        model = answers[title]

        assert model["run_id"] == answers["run_id"]
        assert model["experiment_name"] == "diabetes study"
        assert model["framework"] == "ScikitLearn"
        assert model["framework_version"] == model["packages"]["scikit-learn"]
        assert model["python_version"] == f"{sys.version_info.major}.{sys.version_info.minor}"
        assert model["sample_input"] == {"inputs": [[0.0, 1.0, 2.0]]}
        assert model["properties"]["mlflow.model_id"] == answers["model_id"]
        assert model["properties"]["mlflow.flavor"] == "sklearn"
        assert "float64" in model["properties"]["mlflow.signature"]
        assert f"{model['entry']}/MLmodel" in model["manifest"]
        assert model["is_folder"] is True

    def test_a_run_s_folder_keeps_its_name(self, answers):
        assert answers["run"]["entry"] == "ridge"
        assert answers["logged"]["entry"] == "model"

    def test_what_the_user_says_wins(self, answers):
        model = answers["named"]

        assert (model["framework"], model["framework_version"]) == ("Custom", None)
        assert model["tags"] == {"t": "1"}
        assert model["properties"]["p"] == "1"
        assert model["properties"]["mlflow.uri"] == "models:/known/1"

    def test_a_plain_file_of_a_run_is_a_model_with_lineage(self, answers):
        model = answers["plain"]

        assert (model["entry"], model["is_folder"], model["framework"]) == ("plain.json", False, None)
        assert (model["run_id"], model["experiment_name"]) == (answers["run_id"], "diabetes study")

    @pytest.mark.parametrize("title", ["no run", "no model"])
    def test_an_address_that_leads_nowhere_is_explained(self, answers, title):
        assert answers[title]["code"] == "mlflow-failed"
        assert "not found" in answers[title]["problem"]


@pytest.mark.skipif(importlib.util.find_spec("mlflow") is not None, reason="MLflow is installed here")
def test_without_mlflow_the_error_says_how_to_get_it(registry):
    with pytest.raises(MlflowMissing, match="pip install mlflow"):
        registry.register("runs:/abc/model", "m")


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("runs:/a/b", True),
        ("models:/m-1", True),
        ("runs", False),
        ("./models/x", False),
        (Path("runs:/a"), False),
    ],
)
def test_an_address_of_mlflow_is_told_from_a_path(path, is_one):
    assert is_mlflow_uri(path) is is_one
