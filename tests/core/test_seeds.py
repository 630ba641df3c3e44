"""The public guides' own files and lines, as people still have them: what is right runs, what is wrong is told."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

import mooring

pytestmark = pytest.mark.usefixtures("v1_names")

SEEDS = Path(__file__).parent.parent / "workspaces" / "seeds"
SAMPLE = json.dumps({"data": [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]]})

TRAIN = """
import joblib, numpy as np
from sklearn.linear_model import Ridge
rows = np.arange(200.0).reshape(20, 10)
joblib.dump(Ridge().fit(rows, rows.sum(axis=1)), "sklearn_regression_model.pkl")
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The layout of the guide: x/y/score.py and env/myenv.yml below the folder that is worked in."""
    (tmp_path / "x" / "y").mkdir(parents=True)
    (tmp_path / "env").mkdir()
    shutil.copy(SEEDS / "score.py", tmp_path / "x" / "y" / "score.py")
    shutil.copy(SEEDS / "myenv.yml", tmp_path / "env" / "myenv.yml")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.network
@pytest.mark.slow
def test_the_scikit_learn_sample_of_2019_deploys_unchanged(project):
    """Python 3.6.2 and scikit-learn 0.20.0 can't be had; the nearest that can, 3.8 and 0.22.2, take their place."""
    from azureml.core import Workspace
    from azureml.core.model import InferenceConfig, Model
    from azureml.core.webservice import Webservice

    from mooring.environments import Environment, realize, resolve

    ws = Workspace()
    environment = Environment.from_conda_specification("training", "env/myenv.yml")
    ready = realize(resolve(environment, settings=ws.core.settings), settings=ws.core.settings)
    subprocess.run([str(ready.python), "-c", TRAIN], check=True)
    model = Model.register(ws, "sklearn_regression_model.pkl", "sklearn_regression_model.pkl")

    inference_config = InferenceConfig(
        runtime="python", entry_script="x/y/score.py", conda_file="env/myenv.yml"
    )
    service = Model.deploy(ws, "myservice", [model], inference_config)
    service.wait_for_deployment(show_output=True)

    said = "\n".join(item.text for item in service.stream())
    assert service.state == "Healthy"
    assert "3.6.2" in said
    assert "scikit-learn" in said
    assert service.run(SAMPLE) == pytest.approx([55.0, 55.0], rel=0.01)

    new_model = Model.register(
        model_path="sklearn_regression_model.pkl",
        model_name="sklearn_regression_model.pkl",
        tags={"key": "0.1"},
        description="test",
        workspace=ws,
    )
    service = Webservice(name="myservice", workspace=ws)
    service.update(models=[new_model])
    service.wait_for_deployment()
    assert [m.version for m in service.models] == [2]

    service.delete()
    new_model.delete()


def test_a_model_of_a_run_is_registered_as_the_guide_shows(project, capsys):
    from azureml.core import Experiment, Workspace

    (project / "outputs").mkdir()
    (project / "outputs" / "sklearn_mnist_model.pkl").write_bytes(b"model")
    run = Experiment(Workspace(), "myexperiment").start_logging()

    model = run.register_model(model_name="sklearn_mnist", model_path="outputs/sklearn_mnist_model.pkl")
    print(model.name, model.id, model.version, sep="\t")  # noqa: T201

    assert capsys.readouterr().out.splitlines()[-1] == "sklearn_mnist\tsklearn_mnist:1\t1"


def test_an_onnx_model_is_registered_as_the_guide_shows(project):
    from azureml.core import Workspace
    from azureml.core.model import Model

    ws = Workspace()
    (project / "mnist").mkdir()
    (project / "mnist" / "model.onnx").write_bytes(b"onnx")

    model = Model.register(workspace = ws,
                           model_path ="mnist/model.onnx",
                           model_name = "onnx_mnist",
                           tags = {"onnx": "demo"},
                           description = "MNIST image classification CNN from ONNX Model Zoo")  # fmt: skip

    assert (model.id, model.tags) == ("onnx_mnist:1", {"onnx": "demo"})


def test_environments_are_registered_and_fetched_as_the_guide_shows(project):
    from azureml.core import Workspace
    from azureml.core.environment import Environment
    from azureml.core.model import InferenceConfig

    ws = Workspace()
    myenv = Environment.from_conda_specification(name="myenv", file_path="env/myenv.yml")
    myenv.register(workspace=ws)

    myenv = Environment.get(workspace=ws, name="myenv", version="1")
    inference_config = InferenceConfig(entry_script="x/y/score.py", environment=myenv)

    assert inference_config.environment.name == "myenv"


def test_configurations_are_made_as_the_guide_shows():
    from azureml.core.webservice import AciWebservice, AksWebservice, LocalWebservice

    assert LocalWebservice.deploy_configuration(port=8890).port == 8890
    assert AciWebservice.deploy_configuration(cpu_cores = 1, memory_gb = 1).memory_gb == 1  # fmt: skip
    assert AksWebservice.deploy_configuration(cpu_cores = 1, memory_gb = 1).cpu_cores == 1  # fmt: skip


def test_the_guides_client_code_works(project):
    """`requests` is what the guide's clients use; the header and the body are theirs, word for word."""
    import urllib.request

    from azureml.core import Environment, Workspace
    from azureml.core.model import InferenceConfig, Model

    (project / "echo.py").write_text(
        textwrap.dedent(
            """
            import json
            def init(): pass
            def run(data): return [sum(row) for row in json.loads(data)["data"]]
            """
        )
    )
    environment = Environment("as-it-is")
    environment.python.user_managed_dependencies = True
    environment.python.interpreter_path = sys.executable
    config = mooring.ProcessWebservice.deploy_configuration(auth_enabled=True)
    service = Model.deploy(
        Workspace(), "guarded", [], InferenceConfig("echo.py", environment=environment), config
    )
    service.wait_for_deployment()

    headers = {"Content-Type":"application/json"}  # fmt: skip
    if service.auth_enabled:
        headers["Authorization"] = "Bearer "+service.get_keys()[0]  # fmt: skip

    request = urllib.request.Request(service.scoring_uri, data=SAMPLE.encode(), headers=headers)
    with urllib.request.urlopen(request) as response:
        assert (response.status, json.load(response)) == (200, [55, 55])
