"""Models of three frameworks, each served in a container with packages of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from mooring.configs import InferenceConfig, LocalDeploymentConfig
from mooring.workspace import Workspace

pytestmark = [pytest.mark.docker, pytest.mark.network, pytest.mark.slow]

ROWS = [[0.0, 1.0, 2.0, 3.0], [4.0, 5.0, 6.0, 7.0]]
SUMS = [6.0, 22.0]

SKLEARN = """
import joblib, numpy as np
from sklearn.linear_model import LinearRegression
rows = np.arange(80.0).reshape(20, 4) ** 1.1
joblib.dump(LinearRegression().fit(rows, rows.sum(axis=1)), "model.pkl")
"""
ONNX = """
import onnx
from onnx import TensorProto, helper
axes = helper.make_tensor("axes", TensorProto.INT64, [1], [1])
node = helper.make_node("ReduceSum", ["rows", "axes"], ["sums"], keepdims=0)
rows = helper.make_tensor_value_info("rows", TensorProto.FLOAT, [None, 4])
sums = helper.make_tensor_value_info("sums", TensorProto.FLOAT, [None])
graph = helper.make_graph([node], "sums", [rows], [sums], [axes])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
onnx.save(model, "model.onnx")
"""
LIGHTGBM = """
import lightgbm, numpy as np
rows = np.random.default_rng(1).uniform(0, 8, (4000, 4))
data = lightgbm.Dataset(rows, rows.sum(axis=1))
lightgbm.train({"objective": "regression", "verbose": -1, "num_leaves": 63}, data, 200).save_model("model.txt")
"""
SCORE = """
import json, os
{imports}

def init():
    global model
    model = {load}

def run(data):
    rows = json.loads(data)["data"]
    return {predict}
"""


def _version(package: str) -> str:
    from importlib.metadata import version

    return version(package)


@pytest.fixture
def serve(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., list[float]]:
    monkeypatch.chdir(tmp_path)

    def run(train: str, model: str, packages: list[str], steps: str = "", **script: str) -> list[float]:
        subprocess.run([sys.executable, "-W", "ignore", "-c", train], check=True)
        workspace.models.register(model, "sums")
        path = f'os.path.join(os.environ["AZUREML_MODEL_DIR"], {model!r})'
        script["load"] = script["load"].format(path=path)
        Path("score.py").write_text(SCORE.format(**script))
        listed = "".join(f"  - {each}\n" for each in packages)
        Path("myenv.yml").write_text(f"dependencies:\n- python=3.11\n- pip:\n{listed}")
        options = {}
        if steps:
            Path("steps").write_text(steps)
            options["extra_docker_file_steps"] = "steps"
        config = InferenceConfig(entry_script="score.py", conda_file="myenv.yml", **options)
        workspace.services.deploy("sums", ["sums"], config, LocalDeploymentConfig())
        answer: list[float] = workspace.services.run("sums", json.dumps({"data": ROWS}))
        return answer

    return run


def test_scikit_learn(serve: Callable[..., list[float]]) -> None:
    answer = serve(
        SKLEARN,
        "model.pkl",
        [f"scikit-learn=={_version('scikit-learn')}", f"numpy=={_version('numpy')}", "joblib"],
        imports="import joblib",
        load="joblib.load({path})",
        predict="model.predict(rows).tolist()",
    )

    assert answer == pytest.approx(SUMS)


def test_onnx_runtime(serve: Callable[..., list[float]]) -> None:
    answer = serve(
        ONNX,
        "model.onnx",
        ["onnxruntime", "numpy"],
        imports="import numpy, onnxruntime",
        load="onnxruntime.InferenceSession({path})",
        predict='model.run(None, {"rows": numpy.array(rows, dtype="float32")})[0].tolist()',
    )

    assert answer == pytest.approx(SUMS)


def test_lightgbm_with_the_system_library_it_needs_from_an_extra_step(
    serve: Callable[..., list[float]],
) -> None:
    answer = serve(
        LIGHTGBM,
        "model.txt",
        [f"lightgbm=={_version('lightgbm')}", "numpy"],
        "RUN apt-get update -qq && apt-get install -y -qq libgomp1 && rm -rf /var/lib/apt/lists/*\n",
        imports="import lightgbm",
        load="lightgbm.Booster(model_file={path})",
        predict="model.predict(rows).tolist()",
    )

    assert answer == pytest.approx(SUMS, rel=0.1)
