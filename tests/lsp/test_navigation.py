"""From a name to what it means, and a script under another name wherever it is named."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.uris import to_fs_path

from mooring.workspace import Workspace

SCRIPT = "def init():\n    pass\n\n\ndef run(raw_data):\n    return raw_data\n"
NAMES = 'from azureml.core import Model\n\n\ndef init():\n    Model.get_model_path("iris")\n\n\ndef run(x):\n    return x\n'

pytestmark = pytest.mark.asyncio


@pytest.fixture
def iris(tmp_path) -> None:
    file = tmp_path / "iris.pkl"
    file.write_bytes(b"1")
    with Workspace.open() as workspace:
        for number in range(2):
            workspace.models.register(file, "iris", description=f"number {number}", tags={"team": "blue"})


def position(uri: str, line: int, character: int, kind):
    return kind(types.TextDocumentIdentifier(uri), types.Position(line, character))


async def test_a_model_leads_to_its_entry_and_tells_about_itself(editor, iris):
    uri = editor.open("score.py", NAMES)
    found = await editor.client.text_document_definition_async(position(uri, 4, 28, types.DefinitionParams))
    entry = json.loads(await asyncio.to_thread(Path(to_fs_path(found.uri)).read_text))
    assert entry["id"] == "iris:2"
    told = await editor.client.text_document_hover_async(position(uri, 4, 28, types.HoverParams))
    assert "**iris:2**" in told.contents.value
    assert "number 1" in told.contents.value
    assert "`team=blue`" in told.contents.value


async def test_the_newest_version_and_the_place_behind_a_compute_type_are_hinted(editor, iris):
    uri = editor.open("score.py", NAMES)
    whole = types.Range(types.Position(0, 0), types.Position(99, 0))
    hints = await editor.client.text_document_inlay_hint_async(
        types.InlayHintParams(types.TextDocumentIdentifier(uri), whole)
    )
    assert [(hint.label, hint.position.line) for hint in hints] == [(":2", 4)]
    config = editor.open(
        "dc.json", '{"computeType": "aci", "containerResourceRequirements": {}}', language="json"
    )
    hints = await editor.client.text_document_inlay_hint_async(
        types.InlayHintParams(types.TextDocumentIdentifier(config), whole)
    )
    assert [hint.label for hint in hints] == ["→ Docker"]


async def test_a_script_shows_its_functions_and_a_config_its_keys(editor):
    uri = editor.open("score.py", NAMES)
    params = types.DocumentSymbolParams(types.TextDocumentIdentifier(uri))
    found = await editor.client.text_document_document_symbol_async(params)
    assert [(each.name, [child.name for child in each.children]) for each in found] == [
        ("init", ["iris"]),
        ("run", []),
    ]
    text = '{"computeType": "aci", "containerResourceRequirements": {"cpu": 1}, "authEnabled": true}'
    config = editor.open("dc.json", text, language="json")
    params = types.DocumentSymbolParams(types.TextDocumentIdentifier(config))
    found = await editor.client.text_document_document_symbol_async(params)
    assert [each.name for each in found] == ["computeType", "containerResourceRequirements", "authEnabled"]
    assert [each.name for each in found[1].children] == ["cpu"]


async def test_renaming_a_script_renames_it_wherever_it_is_named(pulling_editor, folder):
    (folder / "score.py").write_text(SCRIPT)
    config = '{"entryScript": "score.py", "runtime": "python"}'
    (folder / "staging.json").write_text(config)
    (folder / "train.py").write_text('c = InferenceConfig(entry_script="score.py")\n')
    (folder / "other.py").write_text('print("score.py")\n')
    uri = pulling_editor.open("inferenceconfig.json", config, language="json", save=True)
    ready = await pulling_editor.client.text_document_prepare_rename_async(
        position(uri, 0, 20, types.PrepareRenameParams)
    )
    assert ready.placeholder == "score.py"
    edit = await pulling_editor.client.text_document_rename_async(
        types.RenameParams(types.TextDocumentIdentifier(uri), types.Position(0, 20), "answer.py")
    )
    changed = {
        change.text_document.uri: change.edits for change in edit.document_changes if hasattr(change, "edits")
    }
    assert set(changed) == {
        pulling_editor.uri(name) for name in ("inferenceconfig.json", "staging.json", "train.py")
    }
    assert all(edit.new_text == "answer.py" for edits in changed.values() for edit in edits)
    (moved,) = [change for change in edit.document_changes if not hasattr(change, "edits")]
    assert (moved.old_uri, moved.new_uri) == (pulling_editor.uri("score.py"), pulling_editor.uri("answer.py"))


async def test_a_script_that_is_moved_in_the_explorer_takes_its_names_along(pulling_editor, folder):
    (folder / "score.py").write_text(SCRIPT)
    (folder / "inferenceconfig.json").write_text('{"entryScript": "score.py", "runtime": "python"}')
    edit = await pulling_editor.client.workspace_will_rename_files_async(
        types.RenameFilesParams(
            [types.FileRename(pulling_editor.uri("score.py"), pulling_editor.uri("src/score.py"))]
        )
    )
    (change,) = edit.document_changes
    assert [each.new_text for each in change.edits] == ["src/score.py"]
