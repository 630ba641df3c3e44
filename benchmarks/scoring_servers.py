"""The servers that `scoring.py` compares: the same ridge model behind each, each in an environment of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

CACHE = Path(os.environ.get("MOORING_BENCH_CACHE", Path.home() / ".cache" / "mooring-bench"))
CORE = Path(__file__).resolve().parent.parent / "core"
MODEL_PACKAGES = ("numpy", "scikit-learn", "joblib")
INSTALL_WITHIN_S = 300
KEY = "benchmark-key-0123456789abcdef"
ROW = [0.0381, 0.0507, 0.0617, 0.0219, -0.0442, -0.0348, -0.0434, -0.0026, 0.0199, -0.0176]
JSON = {"content-type": "application/json"}

SCORE = """
import os
import joblib
import numpy as np
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.schema_decorators import input_schema, output_schema


def init():
    global model
    model = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], "ridge.pkl"))


@input_schema("data", NumpyParameterType(np.array([[0.1] * 10])))
@output_schema(NumpyParameterType(np.array([1.0])))
def run(data):
    return model.predict(data).tolist()
"""
ECHO = "def init():\n    pass\n\n\ndef run(data):\n    return len(data)\n"
FLOOR = """
import joblib, numpy, orjson
model = joblib.load("ridge.pkl")


async def app(scope, receive, send):
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    answer = orjson.dumps(model.predict(numpy.array(orjson.loads(body)["data"])).tolist())
    length = str(len(answer)).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", length)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": answer})
"""
LITSERVE = """
import sys, joblib, numpy, litserve


class Ridge(litserve.LitAPI):
    def setup(self, device):
        self.model = joblib.load("ridge.pkl")

    def decode_request(self, request):
        return numpy.array(request["data"])

    def predict(self, x):
        return self.model.predict(x)

    def encode_response(self, output):
        return output.tolist()


if __name__ == "__main__":
    litserve.LitServer(Ridge(), accelerator="cpu").run(port=int(sys.argv[1]), generate_client_file=False)
"""
BENTOML = """
import bentoml, joblib, numpy


@bentoml.service(workers=1)
class Ridge:
    def __init__(self):
        self.model = joblib.load("ridge.pkl")

    @bentoml.api
    def score(self, data: list) -> list:
        return self.model.predict(numpy.array(data)).tolist()
"""
KSERVE = """
import sys, joblib, numpy
from kserve import Model, ModelServer


class Ridge(Model):
    def load(self):
        self.model = joblib.load("ridge.pkl")
        self.ready = True

    def predict(self, payload, headers=None):
        return {"predictions": self.model.predict(numpy.array(payload["instances"])).tolist()}


if __name__ == "__main__":
    model = Ridge("ridge")
    model.load()
    ModelServer(http_port=int(sys.argv[1]), enable_grpc=False, workers=1).start([model])
"""


@dataclass
class Candidate:
    """One server: what it needs, how it is started, what it is asked.

    `{python}`, `{bin}` and `{port}` are filled into `command`.
    """

    name: str
    packages: tuple[str, ...]
    command: list[str]
    path: str = "/score"
    body: str = json.dumps({"data": [ROW]})
    headers: dict[str, str] = field(default_factory=lambda: dict(JSON))
    variables: dict[str, str] = field(default_factory=dict)
    environment: str = ""

    def prepare(self) -> Path:
        """The environment's `bin` folder, made on first use; raises RuntimeError with the reason."""
        folder = CACHE / "envs" / (self.environment or self.name)
        done = folder / "installed"
        wanted = " ".join((*self.packages, *MODEL_PACKAGES))
        if not done.exists() or done.read_text() != wanted:
            _run(["uv", "venv", "-q", "--clear", "--python", "3.11", str(folder)])
            _run(["uv", "pip", "install", "-q", "--python", str(folder / "bin" / "python"), *wanted.split()])
            done.write_text(wanted)
        return folder / "bin"

    def start(self, work: Path, port: int) -> subprocess.Popen:
        """The running server; output goes to `<name>.log`."""
        binaries = self.prepare()
        command = [part.format(python=binaries / "python", bin=binaries, port=port) for part in self.command]
        variables = {name: value.format(work=work, port=port) for name, value in self.variables.items()}
        environment = {
            **os.environ, "OMP_NUM_THREADS": "1", "PATH": f"{binaries}:{os.environ['PATH']}", **variables,
        }  # fmt: skip
        log = (work / f"{self.name}.log").open("w")
        return subprocess.Popen(
            command, cwd=work, env=environment, stdout=log, stderr=log, start_new_session=True
        )


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_WITHIN_S, check=False)
    if done.returncode:
        raise RuntimeError(" ".join(done.stderr.split())[-200:])


def _ours(name: str, **variables: str) -> Candidate:
    return Candidate(
        name,
        ("uvloop", "orjson"),
        ["{python}", "-m", "mooring.scoring", "--entry_script", "score.py", "--port", "{port}"],
        headers={**JSON, "authorization": f"Bearer {KEY}"},
        variables={
            "PYTHONPATH": str(CORE), "AML_APP_ROOT": "{work}", "AZUREML_MODEL_DIR": "{work}",
            "MOORING_AUTH": "key", "MOORING_KEYS_FILE": "{work}/keys.json", **variables,
        },
        environment="mooring",
    )  # fmt: skip


CANDIDATES = [
    Candidate(
        "floor", ("uvicorn[standard]", "orjson"),
        ["{python}", "-m", "uvicorn", "floor:app", "--port", "{port}", "--log-level", "warning", "--no-access-log"],
    ),
    _ours("mooring"),
    _ours("mooring-batch", MOORING_BATCH="64"),
    Candidate(
        "azmlinfsrv", ("azureml-inference-server-http", "inference-schema[numpy-support]"),
        ["{bin}/azmlinfsrv", "--entry_script", "score.py", "--port", "{port}"],
        variables={"AZUREML_MODEL_DIR": "{work}", "AML_APP_ROOT": "{work}", "AZUREML_LOG_LEVEL": "WARNING"},
    ),
    Candidate(
        "mlserver", ("mlserver", "mlserver-sklearn"), ["{bin}/mlserver", "start", "mlserver"],
        path="/v2/models/ridge/infer",
        body=json.dumps({"inputs": [{"name": "data", "shape": [1, 10], "datatype": "FP64", "data": ROW}]}),
        variables={"MLSERVER_HTTP_PORT": "{port}"},
    ),
    Candidate(
        "kserve", ("kserve",), ["{python}", "kserve_server.py", "{port}"], path="/v1/models/ridge:predict",
        body=json.dumps({"instances": [ROW]}),
    ),
    Candidate(
        "bentoml", ("bentoml",), ["{bin}/bentoml", "serve", "bento_server:Ridge", "--port", "{port}"],
    ),
    Candidate("litserve", ("litserve",), ["{python}", "lit_server.py", "{port}"], path="/predict"),
    Candidate(
        "mlflow", ("mlflow",),
        ["{bin}/mlflow", "models", "serve", "-m", "mlflow_model", "-p", "{port}", "--env-manager", "local"],
        path="/invocations", body=json.dumps({"inputs": [ROW]}),
    ),
]  # fmt: skip


def lay_out(work: Path) -> None:
    """Everything the candidates need on disk: the model, the scripts, the keys."""
    if work.exists():
        shutil.rmtree(work)
    work.mkdir(parents=True)
    python = Candidate("mooring", ("uvloop", "orjson"), []).prepare() / "python"
    train = (
        "import joblib; from sklearn.datasets import load_diabetes; from sklearn.linear_model import Ridge;"
        "joblib.dump(Ridge().fit(*load_diabetes(return_X_y=True)), 'ridge.pkl')"
    )
    subprocess.run([python, "-c", train], cwd=work, check=True)
    for name, text in {
        "score.py": SCORE, "echo.py": ECHO, "floor.py": FLOOR, "lit_server.py": LITSERVE,
        "bento_server.py": BENTOML, "kserve_server.py": KSERVE,
        "keys.json": json.dumps({"primary": KEY, "secondary": KEY[::-1]}),
        "mlserver/settings.json": json.dumps({"parallel_workers": 0, "debug": False, "grpc_port": 0, "metrics_port": 0}),
        "mlserver/model-settings.json": json.dumps(
            {"name": "ridge", "implementation": "mlserver_sklearn.SKLearnModel", "parameters": {"uri": "../ridge.pkl"}}
        ),
    }.items():  # fmt: skip
        path = work / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    (work / "keys.json").chmod(0o600)


def save_mlflow_model(work: Path) -> None:
    """MLflow serves only its own format."""
    mlflow = next(candidate for candidate in CANDIDATES if candidate.name == "mlflow")
    code = "import joblib, mlflow.sklearn; mlflow.sklearn.save_model(joblib.load('ridge.pkl'), 'mlflow_model', serialization_format='cloudpickle')"
    subprocess.run(
        [mlflow.prepare() / "python", "-c", code], cwd=work, check=True, capture_output=True, timeout=120
    )


if __name__ == "__main__":
    sys.exit("run benchmarks/scoring.py")
