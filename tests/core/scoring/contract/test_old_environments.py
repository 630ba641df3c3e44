"""The ring in users' environments: an old Python with nothing installed, and pins of the azureml-defaults era."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from uv import find_uv_bin

from mooring.environments import SCORING_REQUIREMENTS

CORE = Path(__file__).resolve().parents[4] / "core"

DRIVER = r"""
import asyncio, importlib, json, os, pkgutil, sys, tempfile
import mooring.scoring.contract, mooring.scoring.schema, mooring.scoring.shims
from mooring.scoring.contract.application import Application
from mooring.scoring.messages import Request
from mooring.scoring.settings import ServerSettings

HEAVY = ("werkzeug_objects", "numpy_type", "pandas_type", "spark_type")
for package in (mooring.scoring.contract, mooring.scoring.schema, mooring.scoring.shims):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        if not module.name.endswith(HEAVY):
            importlib.import_module(module.name)

def ask(script, body, content_type="application/json"):
    root = tempfile.mkdtemp()
    with open(os.path.join(root, "score.py"), "w") as file:
        file.write("def init():\n    pass\n\n" + script)
    application = Application(ServerSettings(app_root=root, entry_script="score.py"))
    application.load()
    request = Request("POST", "/score", "/score", "", [("content-type", content_type)], body)
    answer = application.answer(request)
    if hasattr(answer, "__await__"):
        async def wait():
            return await answer
        answer = asyncio.run(wait())
    application.swagger("3")
    return [answer.status, answer.body.decode()]

scripts = json.load(sys.stdin)
print(json.dumps({name: ask(script, body.encode(), kind) for name, (script, body, kind) in scripts.items()}))
"""

STANDARD = """
from inference_schema.schema_decorators import input_schema, output_schema
from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType
@input_schema("data", StandardPythonParameterType({"a": 1.5}))
@output_schema(StandardPythonParameterType([1]))
def run(data):
    return data
"""
RAW = """
from azureml.contrib.services.aml_request import AMLRequest, rawhttp
from azureml.contrib.services.aml_response import AMLResponse
@rawhttp
def run(request):
    return AMLResponse(request.get_json(), 202, {"X-A": "1"}, json_str=True)
"""
COLLECTING = """
from azureml.core.model import Model
from azureml.monitoring import ModelDataCollector
def run(data):
    return ModelDataCollector("m", identifier="i").collect([1])
"""
SCRIPTS = {
    "text": ("def run(data):\n    return [data, 1.5]\n", "x", "text/plain"),
    "schema": (STANDARD, '{"data": {"a": 2}}', "application/json"),
    "raw": (RAW, "[1]", "application/json"),
    "async": ("async def run(data):\n    return data\n", "x", "text/plain"),
    "typed": (
        "from typing import List\ndef run(rows: List[float]):\n    return sum(rows)\n",
        "[1, 2.5]",
        "application/json",
    ),
    "shims": (
        COLLECTING,
        "x",
        "text/plain",
    ),
}
EXPECTED = {
    "text": [200, '["x", 1.5]'],
    "schema": [200, '{"a": 2}'],
    "raw": [202, "[1]"],
    "async": [200, '"x"'],
    "typed": [200, "3.5"],
    "shims": [200, "{}"],
}
NUMPY = """
import numpy as np
import pandas as pd
from inference_schema.schema_decorators import input_schema
from inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType
from inference_schema.parameter_types.pandas_parameter_type import PandasParameterType
@input_schema("data", NumpyParameterType(np.array([[1.0, 2.0]])))
@input_schema("frame", PandasParameterType(pd.DataFrame({"a": [1], "b": ["x"]})))
def run(data, frame):
    return [data.sum(axis=1).tolist(), frame["a"].tolist()]
"""


def answers(python: Path, scripts: dict, tmp_path: Path) -> dict:
    """Ask in another interpreter; only the ring itself is on its path, as in a user's environment."""
    ring = tmp_path / "ring" / "mooring"
    shutil.copytree(
        CORE / "mooring" / "scoring", ring / "scoring", ignore=shutil.ignore_patterns("__pycache__")
    )
    shutil.copy(CORE / "mooring" / "__init__.py", ring)
    done = subprocess.run(
        [str(python), "-W", "error::SyntaxWarning", "-c", DRIVER],
        input=json.dumps(scripts),
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ring.parent), "PYTHONDONTWRITEBYTECODE": "1", "PATH": "/usr/bin:/bin"},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def find_python(version: str) -> Path:
    """An interpreter of that version: on the path, or one of pyenv's; skips when there is none."""
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    installed = sorted(root.glob(f"versions/{version}.*/bin/python"))
    if installed:
        return installed[-1]
    found = shutil.which(f"python{version}")
    if found is None:
        pytest.skip(f"no Python {version} here")
    return Path(found)


@pytest.mark.parametrize("version", ["3.8", "3.9", "3.10", "3.12", "3.13"])
def test_an_environment_with_nothing_in_it_serves(version, tmp_path):
    assert answers(find_python(version), SCRIPTS, tmp_path) == EXPECTED


@pytest.mark.network
@pytest.mark.slow
def test_pins_of_the_azureml_defaults_era_serve_and_stay(old_pins, tmp_path):
    before = installed(old_pins)
    install(old_pins, *SCORING_REQUIREMENTS["3.8"])
    scripts = {
        **SCRIPTS,
        "numpy": (NUMPY, '{"data": [[1, 2]], "frame": [{"a": 3, "b": "y"}]}', "application/json"),
    }

    assert answers(old_pins, scripts, tmp_path) == {**EXPECTED, "numpy": [200, "[[3.0], [3]]"]}
    after = installed(old_pins)
    assert before.items() <= after.items()
    assert {"orjson", "pyjwt", "uvloop"} <= after.keys()


OLD_PINS = (
    "flask==1.0.3", "werkzeug==1.0.1", "jinja2<3.1", "itsdangerous<2.1", "markupsafe<2.1", "numpy==1.19.5", "pandas==1.1.5",
)  # fmt: skip


def install(python: Path, *requirements: str) -> None:
    """Wheels into an environment; raises RuntimeError with the installer's words."""
    command = [
        find_uv_bin(),
        "pip",
        "install",
        "-q",
        "--python",
        str(python),
        "--only-binary",
        ":all:",
        *requirements,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)


def installed(python: Path) -> dict[str, str]:
    """Version by package."""
    command = [find_uv_bin(), "pip", "list", "-q", "--python", str(python), "--format", "json"]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    return {package["name"].lower(): package["version"] for package in found}


@pytest.fixture(scope="session")
def old_pins(tmp_path_factory) -> Path:
    """Python 3.8 with Flask 1, werkzeug 1, numpy 1.19, pandas 1.1; skipped where they have no wheels."""
    home = tmp_path_factory.mktemp("old") / "venv"
    subprocess.run([find_uv_bin(), "venv", "-q", "--python", str(find_python("3.8")), str(home)], check=True)
    python = home / "bin" / "python"
    try:
        install(python, *OLD_PINS)
    except RuntimeError as error:
        pytest.skip(str(error)[-300:])
    return python
