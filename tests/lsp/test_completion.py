"""Names that the workspace knows, snippets and modules, where they are written."""

from __future__ import annotations

import pytest
from lsprotocol import types

from mooring.environments import Environment
from mooring.settings import load_settings
from mooring.targets.kubernetes.computes import Compute, Computes
from mooring.workspace import Workspace

pytestmark = pytest.mark.asyncio


@pytest.fixture
def filled(tmp_path) -> None:
    file = tmp_path / "model.pkl"
    file.write_bytes(b"1")
    with Workspace.open() as workspace:
        workspace.models.register(file, "iris", description="petals", tags={"team": "blue"})
        environment = Environment("training")
        environment.python.conda_dependencies.add_pip_package("scikit-learn==1.5.0")
        workspace.environments.register(environment)
    Computes(load_settings()).add(Compute(name="big-cluster", context="big", namespace="default"))


async def offered(
    editor, name: str, text: str, *, language: str = "python"
) -> dict[str, types.CompletionItem]:
    """What is offered where `|` stands."""
    before, _, after = text.partition("|")
    uri = editor.open(name, before + after, language=language)
    line = before.count("\n")
    place = types.Position(line, len(before.rpartition("\n")[2]))
    found = await editor.client.text_document_completion_async(
        types.CompletionParams(types.TextDocumentIdentifier(uri), place)
    )
    return {item.label: item for item in (found.items if found else [])}


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ('Model.get_model_path("|")', "iris"),
        ('Model(ws, name="ir|")', "iris"),
        ('m = ["iris:|"]', "iris:1"),
        ('Environment.get(ws, "|")', "training"),
        ('Environment.get(workspace=ws, name="tr|")', "training"),
        ('AksCompute(ws, "|")', "big-cluster"),
        ('AksWebservice.deploy_configuration(compute_target_name="b|")', "big-cluster"),
    ],
)
async def test_names_are_offered_where_code_names_them(editor, filled, text, label):
    assert list(await offered(editor, "use.py", text)) == [label]


async def test_a_name_tells_about_itself_when_it_is_chosen(editor, filled):
    item = (await offered(editor, "use.py", 'Model.get_model_path("|")'))["iris"]
    told = await editor.client.completion_item_resolve_async(item)
    assert "**iris:1**" in told.documentation.value
    assert "petals" in told.documentation.value
    assert "`team=blue`" in told.documentation.value
    item = (await offered(editor, "use2.py", 'Environment.get(ws, "|")'))["training"]
    told = await editor.client.completion_item_resolve_async(item)
    assert "`scikit-learn==1.5.0`" in told.documentation.value


async def test_configs_offer_environments_and_clusters(editor, filled):
    text = '{"entryScript": "score.py", "environment": {"name": |}}'
    item = (await offered(editor, "ic.json", text, language="json"))["training"]
    assert item.text_edit.new_text == '"training"'
    text = '{"computeType": "aks", "computeTargetName": "|"}'
    item = (await offered(editor, "dc.json", text, language="json"))["big-cluster"]
    assert item.text_edit.new_text == "big-cluster"


async def test_a_script_is_offered_what_it_lacks(editor):
    script = "import json\n\n\ndef run(data):\n    return data\n\n\nde|\n"
    found = await offered(editor, "score.py", script)
    assert list(found) == ["def init()"]
    assert "AZUREML_MODEL_DIR" in found["def init()"].text_edit.new_text
    found = await offered(editor, "score2.py", "def init():\n    pass\n\n\n@in|\n")
    assert list(found) == ["@input_schema"]
    assert await offered(editor, "plain.py", "print(1)\nde|\n") == {}


async def test_imports_offer_what_the_environment_has(editor, folder):
    (folder / "env.yml").write_text("name: e\ndependencies:\n- pip:\n  - scikit-learn==1.5.0\n  - pillow\n")
    config = '{"entryScript": "score.py", "runtime": "python", "condaFile": "env.yml"}'
    (folder / "score.py").write_text("x = 1\n")
    uri = editor.open("ic.json", config, language="json", save=True)
    await editor.diagnostics(uri)
    found = await offered(editor, "score.py", "import |\n")
    assert list(found) == ["PIL", "sklearn"]
    assert found["sklearn"].detail.startswith("scikit-learn 1.5.0")
