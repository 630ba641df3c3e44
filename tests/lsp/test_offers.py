"""What a line offers beyond fixes: register, deploy, create configurations, add packages, declare a schema."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mooring.workspace import Workspace

SCRIPT = """\
import json
import os

import sklearn


def init():
    global model
    model = open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "ridge.pkl"))


def run(raw_data):
    rows = json.loads(raw_data)["data"]
    return rows
"""
SDK = """\
from azureml.core import Model
model = Model.register(ws, model_path="ridge.pkl", model_name="diabetes")
config = InferenceConfig(entry_script="score.py")
service = Model.deploy(ws, "scorer", [model], config)
"""
RUN = 11

pytestmark = pytest.mark.asyncio


@pytest.fixture
def project(folder: Path) -> Path:
    (folder / "score.py").write_text(SCRIPT)
    (folder / "ridge.pkl").write_bytes(b"weights")
    return folder


def register(project: Path, **facts: object) -> None:
    with Workspace.open() as workspace:
        workspace.models.register(project / "ridge.pkl", "diabetes", **facts)


async def test_a_model_file_that_code_names_can_be_registered(editor, project):
    uri = editor.open("train.py", SDK)
    offers = await editor.actions_on(uri, 1)
    done = await editor.take(offers["Register ridge.pkl as the next version of diabetes"])
    assert done["model"]["id"] == "diabetes:1"
    with Workspace.open() as workspace:
        assert workspace.models.get("diabetes").entry == "ridge.pkl"


async def test_a_script_is_deployed_by_its_outcome_from_run_from_configs_and_from_sdk_code(editor, project):
    register(project)
    (project / "inferenceconfig.json").write_text('{"entryScript": "score.py", "runtime": "python"}')
    script = editor.open("score.py", SCRIPT)
    config = editor.open(
        "inferenceconfig.json", (project / "inferenceconfig.json").read_text(), language="json"
    )
    code = editor.open("train.py", SDK)
    title = "Deploy diabetes:1 to a local process"
    offered = (await editor.actions_on(script, RUN))[title].command
    assert offered.arguments[0]["computeType"] == "process"
    assert title in await editor.actions_on(config, 0)
    assert title in await editor.actions_on(code, 3)
    assert title not in await editor.actions_on(script, 0)
    assert await editor.actions_on(code, 0) == {}
    assert await editor.lens_titles(script) == ["Deploy this model…"]


async def test_configurations_are_created_and_never_overwritten(editor, project):
    (project / "myenv.yml").write_text("name: e\ndependencies:\n- pip:\n  - joblib\n")
    uri = editor.open("score.py", SCRIPT)
    offers = await editor.actions_on(uri, RUN)
    assert (await editor.take(offers["Create inferenceconfig.json for this script"]))["ok"]
    written = json.loads((project / "inferenceconfig.json").read_text())
    assert written == {"entryScript": "score.py", "runtime": "python", "condaFile": "myenv.yml"}
    assert (await editor.take(offers["Create deploymentconfig.json for a local process"]))["ok"]
    assert json.loads((project / "deploymentconfig.json").read_text())["computeType"] == "process"
    again = await editor.take(offers["Create inferenceconfig.json for this script"])
    assert again["error"]["code"] == "file-exists"


async def test_a_missing_package_is_added_to_the_environment_with_the_models_version(editor, project):
    with Workspace.open() as workspace:
        model = workspace.models.register(project / "ridge.pkl", "diabetes")
    trained = model.packages.get("scikit-learn", "")
    text = "name: e\r\ndependencies:\r\n- python=3.11\r\n- pip:\r\n  # pinned\r\n  - joblib\r\n"
    (project / "myenv.yml").write_text(text, newline="")
    config = '{"entryScript": "score.py", "runtime": "python", "condaFile": "myenv.yml"}'
    editor.open("inferenceconfig.json", config, language="json")
    uri = editor.open("score.py", SCRIPT)
    found = await editor.diagnostics(uri, until=lambda codes: "package-missing" in codes)
    missing = [each for each in found if each.code == "package-missing"]
    titles = {action.title: action for action in await editor.actions(uri, missing, ["quickfix"])}
    pinned = f"scikit-learn=={trained}" if trained else "scikit-learn"
    action = titles[f"Add {pinned.replace('==', ' ')} to myenv.yml"]
    assert (await editor.take(action))["ok"]
    with (project / "myenv.yml").open(newline="") as file:
        assert file.read() == text + f"  - {pinned}\r\n"
    await editor.diagnostics(uri, until=lambda codes: "package-missing" not in codes)


async def test_a_sample_and_a_schema_come_from_the_registered_model(editor, project):
    register(project, sample_input={"data": [[1, 2]]}, sample_output=[3])
    uri = editor.open("score.py", SCRIPT)
    offers = await editor.actions_on(uri, RUN)
    done = await editor.take(offers["Generate sample and schema from diabetes:1"])
    assert done["schema"]
    assert json.loads((project / "sample.json").read_text()) == {"data": [[1, 2]]}
    edits = editor.client.edits[-1]
    assert '@input_schema("data", StandardPythonParameterType([[1, 2]]))' in edits
    assert "rows = data" in edits
    assert "def run(data):" in edits


async def test_a_model_without_a_sample_says_how_to_give_one(editor, project):
    register(project)
    uri = editor.open("score.py", SCRIPT)
    answer = await editor.command("mooring.generateSample", uri=uri)
    assert answer["error"]["code"] == "sample-unknown"
    assert "--sample-input" in answer["error"]["remedy"]
