"""Documents from anywhere: several folders and workspaces, remote and unsaved ones, every kind of line end."""

from __future__ import annotations

import json

import pytest
from lsprotocol import types

from mooring.workspace import Workspace

BROKEN = (
    "from sklearn.externals import joblib\n\n\ndef init():\n    pass\n\n\ndef run(data):\n    return data\n"
)
NAMES = 'from azureml.core import Model\nM = Model.get_model_path("")\n'

pytestmark = pytest.mark.asyncio


async def labels(editor, uri: str) -> list[str]:
    params = types.CompletionParams(types.TextDocumentIdentifier(uri), types.Position(1, 26))
    found = await editor.client.text_document_completion_async(params)
    return [item.label for item in found.items]


async def test_each_folder_belongs_to_the_workspace_that_its_config_names(editor, folder, tmp_path):
    file = tmp_path / "model.pkl"
    file.write_bytes(b"1")
    for team in ("red-team", "blue-team"):
        (folder / team).mkdir()
        (folder / team / "config.json").write_text(json.dumps({"workspace_name": team}))
        with Workspace.open(team, create=True) as workspace:
            workspace.models.register(file, f"{team}-model")
    for team in ("red-team", "blue-team"):
        uri = editor.open(f"{team}/score.py", NAMES)
        assert await labels(editor, uri) == [f"{team}-model"]
        overview = await editor.ask("mooring/overview", uri=uri)
        assert overview["workspace"]["name"] == team
        assert [each["name"] for each in overview["models"]] == [f"{team}-model"]
    overview = await editor.ask("mooring/overview", workspace="red-team")
    assert [each["name"] for each in overview["models"]] == ["red-team-model"]
    assert set(overview["workspaces"]) >= {"red-team", "blue-team", "default"}


async def test_a_folder_that_is_added_is_looked_at(editor, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "env.yml").write_text("name: e\ndependencies:\n- python=3.8\n- pip:\n  - pandas\n")
    (other / "ic.json").write_text('{"entryScript": "score.py", "runtime": "python", "condaFile": "env.yml"}')
    (other / "score.py").write_text(BROKEN)
    uri = editor.open((other / "score.py").as_uri(), BROKEN)
    await editor.diagnostics(uri, until=lambda codes: "package-missing" not in codes)
    event = types.WorkspaceFoldersChangeEvent(
        added=[types.WorkspaceFolder(other.as_uri(), "other")], removed=[]
    )
    editor.client.workspace_did_change_workspace_folders(types.DidChangeWorkspaceFoldersParams(event))
    await editor.diagnostics(uri, until=lambda codes: "package-missing" in codes)


@pytest.mark.parametrize(
    "uri",
    ["vscode-vfs://github/team/project/score.py", "untitled:Untitled-1", "ssh://host/home/me/score%20me.py"],
)
async def test_a_document_that_is_no_file_here_has_findings_and_no_lens(editor, uri):
    editor.open(uri, BROKEN)
    found = await editor.diagnostics(uri)
    assert "sklearn-externals" in {each.code for each in found}
    assert await editor.lens_titles(uri) == []
    refused = await editor.command("mooring.deploy", uri=uri)
    assert refused["error"]["code"] == "argument-invalid"


@pytest.mark.parametrize("uri", ["file://server/share/project/score.py", "file:///c%3A/Users/me/score.py"])
async def test_files_of_windows_machines_are_looked_at_wherever_the_server_runs(editor, uri):
    editor.open(uri, BROKEN)
    found = await editor.diagnostics(uri)
    assert "sklearn-externals" in {each.code for each in found}
    assert await editor.lens_titles(uri) == ["Deploy this model…"]
    editor.replace(uri, 2, BROKEN.replace("from sklearn.externals import joblib", "import joblib"))
    assert await editor.diagnostics(uri, 2) == []


@pytest.mark.parametrize(
    "text", [BROKEN.replace("\n", "\r\n"), "\ufeff" + BROKEN, "\ufeff# 😀\r\n" + BROKEN.replace("\n", "\r\n")]
)
async def test_line_ends_marks_and_emoji_move_nothing(editor, text):
    uri = editor.open("score.py", text)
    found = [each for each in await editor.diagnostics(uri) if each.code == "sklearn-externals"]
    (action,) = await editor.actions(uri, found, ["quickfix"])
    (edits,) = (
        action.edit.changes.values() if action.edit.changes else [action.edit.document_changes[0].edits]
    )
    from .conftest import edited

    assert edited(text, edits) == text.replace("from sklearn.externals import joblib", "import joblib")
