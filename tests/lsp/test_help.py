"""Fixes, hover, completion, links and lenses, as an editor asks for them."""

from __future__ import annotations

import json
from datetime import datetime, timezone

import pytest
from lsprotocol import types

from mooring.deployments.values import Revision, Service
from mooring.workspace import Workspace

BROKEN = "# 😀\nfrom sklearn.externals import joblib\n\n\ndef init():\n    pass\n\n\ndef run(data):\n    return data\n"
COMMENTED = '{"computeType": "aci", /* 😀 */ /* b */ "containerResourceRequirements": {"cpu": 1}}'

pytestmark = pytest.mark.asyncio


def applied(text: str, action: types.CodeAction) -> str:
    from mooring_lsp.convert import Places

    changes = action.edit.document_changes
    edits = changes[0].edits if changes else next(iter(action.edit.changes.values()))
    places = Places(text)
    for edit in sorted(edits, key=lambda each: places.offset_at(each.range.start), reverse=True):
        start, end = places.offset_at(edit.range.start), places.offset_at(edit.range.end)
        text = text[:start] + edit.new_text + text[end:]
    return text


def at(uri: str, line: int, character: int, kind=types.HoverParams):
    return kind(types.TextDocumentIdentifier(uri), types.Position(line, character))


async def labels(editor, uri: str, line: int, character: int) -> list[str]:
    found = await editor.client.text_document_completion_async(
        at(uri, line, character, types.CompletionParams)
    )
    return [item.label for item in found.items] if found else []


async def test_a_quick_fix_puts_it_right(editor):
    uri = editor.open("score.py", BROKEN)
    found = [each for each in await editor.diagnostics(uri) if each.code == "sklearn-externals"]
    (action,) = await editor.actions(uri, found, ["quickfix"])
    assert applied(BROKEN, action) == BROKEN.replace("from sklearn.externals import joblib", "import joblib")


async def test_a_fix_for_an_older_text_is_not_offered(editor):
    uri = editor.open("score.py", BROKEN)
    found = await editor.diagnostics(uri)
    editor.replace(uri, 2, "\n" + BROKEN)
    assert await editor.actions(uri, found, ["quickfix"]) == []


async def test_all_is_fixed_at_once(editor):
    uri = editor.open("deploymentconfig.json", COMMENTED, language="json")
    await editor.diagnostics(uri)
    (action,) = await editor.actions(uri, [], ["source.fixAll"])
    assert json.loads(applied(COMMENTED, action))["computeType"] == "aci"


async def test_a_key_explains_itself(editor):
    uri = editor.open("deploymentconfig.json", COMMENTED, language="json")
    found = await editor.client.text_document_hover_async(at(uri, 0, 78))
    assert "**containerResourceRequirements.cpu**" in found.contents.value
    assert "Default: `0.1`" in found.contents.value
    assert await editor.client.text_document_hover_async(at(uri, 0, 0)) is None


async def test_keys_and_words_of_a_config_are_completed(editor):
    text = '{"computeType": "aci", "containerResourceRequirements": {\n  "\n}, "\n}'
    uri = editor.open("deploymentconfig.json", text, language="json")
    inside = await labels(editor, uri, 1, 3)
    assert "cpu" in inside
    assert "computeType" not in inside
    assert "containerResourceRequirements" in await labels(editor, uri, 2, 4)
    config = editor.open("inferenceconfig.yml", "entryScript: score.py\nruntime: \n", language="yaml")
    assert "python" in await labels(editor, config, 1, 9)


async def test_registered_models_are_completed_and_a_missing_store_is_not_made(editor, home, tmp_path):
    text = 'from azureml.core import Model\nM = Model.get_model_path("")\nI = "iris:"\n'
    uri = editor.open("score.py", text)
    assert await labels(editor, uri, 1, 26) == []
    assert not (home / "workspaces").exists()
    file = tmp_path / "model.pkl"
    file.write_bytes(b"1")
    with Workspace.open() as workspace:
        for name in ("iris", "iris", "wine"):
            workspace.models.register(file, name)
    assert await labels(editor, uri, 1, 26) == ["iris", "wine"]
    assert await labels(editor, uri, 2, 10) == ["iris:2", "iris:1"]


async def test_a_config_links_to_what_it_names(editor, folder):
    (folder / "score.py").write_text(BROKEN)
    (folder / "conda.yml").write_text("name: e\ndependencies:\n  - python=3.11\n")
    text = '{"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}'
    uri = editor.open("inferenceconfig.json", text, language="json")
    params = types.DocumentLinkParams(types.TextDocumentIdentifier(uri))
    links = await editor.client.text_document_document_link_async(params)
    assert [link.target for link in links] == [editor.uri("score.py"), editor.uri("conda.yml")]
    assert links[0].range == types.Range(types.Position(0, 17), types.Position(0, 25))


async def test_a_script_that_no_service_runs_offers_a_deployment_and_looking_makes_no_store(editor, home):
    uri = editor.open("score.py", BROKEN)
    assert await editor.lens_titles(uri) == ["Deploy this model…"]
    assert (
        await editor.lens_titles(editor.open("game.py", "def run(screen, level, lives):\n    pass\n")) == []
    )
    assert not (home / "workspaces").exists()


async def test_run_tells_the_services_that_use_the_script(editor, folder):
    uri = editor.open("score.py", BROKEN, save=True)
    now = datetime.now(timezone.utc)
    with Workspace.open() as workspace:
        store = workspace.database.services
        for name, script in (("iris", "score.py"), ("wine", "other.py")):
            store.put(Service(name, "aci", "process", now, now, models=("iris:3",)))
            inference = {"entryScript": str(folder / script)}
            store.put_revision(Revision(name, 1, "serving", now, inference=inference))
        lens, *_ = await editor.lenses(uri)
        command = types.ExecuteCommandParams(lens.command.command, lens.command.arguments)
        await editor.client.workspace_execute_command_async(command)
        for name in ("iris", "wine"):
            store.remove(name)
    assert lens.range.start == types.Position(8, 0)
    assert lens.command.title.startswith("iris ")
    assert "iris:3" in lens.command.title
    assert editor.client.messages[-1].message.startswith("iris is ")
