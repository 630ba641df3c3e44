"""What is wrong appears while it is typed, at its place, and goes when it is put right."""

from __future__ import annotations

import json

import pytest
from lsprotocol import types

GOOD = """\
import json


def init():
    global model
    model = 1


def run(raw_data):
    return json.loads(raw_data)
"""
OLD_IMPORT = "from sklearn.externals import joblib\n" + GOOD.replace(
    "model = 1", "model = joblib.load('m.pkl')"
)
CONFIG = json.dumps({"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}, indent=2)

pytestmark = pytest.mark.asyncio


def codes(diagnostics: list[types.Diagnostic]) -> set[object]:
    return {each.code for each in diagnostics}


async def test_a_good_script_has_none(editor):
    assert await editor.diagnostics(editor.open("score.py", GOOD)) == []


async def test_a_mistake_shows_at_its_place_and_goes_when_it_is_put_right(editor):
    uri = editor.open("score.py", OLD_IMPORT)
    found = await editor.diagnostics(uri)
    at_first_line = [each for each in found if each.range.start.line == 0]
    assert at_first_line
    assert {each.source for each in found} == {"mooring"}
    editor.replace(uri, 2, GOOD)
    assert await editor.diagnostics(uri, 2) == []


async def test_the_last_version_is_the_one_that_counts_in_a_burst_of_changes(editor):
    uri = editor.open("score.py", GOOD)
    start = types.Range(types.Position(0, 0), types.Position(0, 0))
    for version in range(2, 52):
        editor.replace(uri, version, "\n", start)
    assert await editor.diagnostics(uri, 51) == []


async def test_closing_a_document_takes_its_diagnostics_away(editor):
    uri = editor.open("score.py", OLD_IMPORT)
    assert await editor.diagnostics(uri)
    closing = types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
    editor.client.text_document_did_close(closing)
    assert await editor.diagnostics(uri, None) == []


async def test_columns_count_utf16_units_behind_an_emoji(editor):
    uri = editor.open("deploymentconfig.json", '{"computeType": "aci", /* 😀 */ "cpuu": 1}', language="json")
    found = await editor.diagnostics(uri)
    unknown = next(each for each in found if each.code == "key-unknown")
    assert (unknown.range.start.character, unknown.range.end.character) == (32, 38)


async def test_a_line_separator_inside_a_text_ends_no_line(editor):
    uri = editor.open("score.py", "S = 'a\u2028b\x0c'\n" + GOOD)
    assert await editor.diagnostics(uri) == []
    editor.replace(uri, 2, "zzz", types.Range(types.Position(10, 11), types.Position(10, 11)))
    found = await editor.diagnostics(uri, 2)
    assert [(each.code, each.range.start.line, each.range.end.character) for each in found] == [
        ("undefined-name", 10, 18)
    ]


async def test_a_config_with_an_unknown_key_says_so(editor):
    uri = editor.open("inferenceconfig.yml", "entryScript: score.py\nruntimee: python\n", language="yaml")
    assert "key-unknown" in codes(await editor.diagnostics(uri))


async def test_a_conda_file_is_looked_at(editor):
    text = "name: e\ndependencies:\n  - python=3.6\n  - pip:\n      - azureml-defaults\n"
    found = await editor.diagnostics(editor.open("conda.yml", text, language="yaml"))
    assert any("3.6" in each.message for each in found)


async def test_other_files_are_left_alone(editor):
    assert await editor.diagnostics(editor.open("train.py", "import nothing\nprint(1\n")) == []
    assert await editor.diagnostics(editor.open("package.json", '{"name": }', language="json")) == []


async def test_a_script_is_held_against_the_environment_of_the_config_that_names_it(editor, folder):
    (folder / "conda.yml").write_text("name: e\ndependencies:\n  - python=3.11\n  - pip:\n      - numpy\n")
    script = GOOD.replace("import json", "import json\n\nimport xgboost")
    uri = editor.open("score.py", script, save=True)
    await editor.diagnostics(uri)
    config = editor.open("inferenceconfig.json", CONFIG, language="json")
    assert await editor.diagnostics(uri, until=lambda codes: "package-missing" in codes)
    editor.replace(config, 2, CONFIG.replace("conda.yml", ""))
    assert await editor.diagnostics(uri, until=lambda codes: not codes) == []


async def test_a_cell_that_writes_a_script_is_looked_at(editor):
    notebook = editor.uri("deploy.ipynb")
    cell = "vscode-notebook-cell:" + notebook.removeprefix("file:") + "#c1"
    cells = [types.NotebookCell(types.NotebookCellKind.Code, cell)]
    editor.client.notebook_document_did_open(
        types.DidOpenNotebookDocumentParams(
            types.NotebookDocument(notebook, "jupyter-notebook", 1, cells),
            [types.TextDocumentItem(cell, "python", 1, "%%writefile score.py\n" + OLD_IMPORT)],
        )
    )
    found = await editor.diagnostics(cell)
    assert 1 in {each.range.start.line for each in found}
    editor.client.notebook_document_did_change(
        types.DidChangeNotebookDocumentParams(
            types.VersionedNotebookDocumentIdentifier(2, notebook),
            types.NotebookDocumentChangeEvent(
                cells=types.NotebookDocumentCellChanges(
                    text_content=[
                        types.NotebookDocumentCellContentChanges(
                            types.VersionedTextDocumentIdentifier(2, cell),
                            [types.TextDocumentContentChangeWholeDocument("x = 1\n")],
                        )
                    ]
                )
            ),
        )
    )
    assert await editor.diagnostics(cell, 2) == []


async def test_a_file_that_jupyterlab_cuts_out_of_a_cell_is_looked_at_in_its_place(editor, folder):
    """Their names are jupyterlab-lsp's; beside the notebook, not where it says that they are, is what they name."""
    place = ".virtual_documents/deploy.ipynb.python-1"
    only_run = "#%%entry_script\ndef run(raw_data, more):\n    return 1\n"
    script = editor.open(f"{place}(python).py", only_run)
    found = {each.code: each.range.start.line for each in await editor.diagnostics(script)}
    assert found["run-parameters"] == 1
    training = editor.open(f"{place}(python-2).py", "#%%writefile train.py\ndef run(a, b):\n    return 1\n")
    assert await editor.diagnostics(training) == []

    config = '\n{"entryScript": "no.py", "runtimee": "python"}\n'
    written = editor.open(f"{place}(json).json", config, language="json")
    assert [(each.code, each.range.start.line) for each in await editor.diagnostics(written)] == [
        ("key-unknown", 1)
    ]


async def test_a_document_that_was_never_saved_is_looked_at(editor):
    uri = editor.open("untitled:Untitled-1", OLD_IMPORT)
    assert await editor.diagnostics(uri)


async def test_an_editor_that_counts_bytes_gets_bytes(pulling_editor):
    uri = pulling_editor.open("score.py", "S = 'é😀'; T = zzz\n" + GOOD)
    report = await pulling_editor.pull(uri)
    assert [each.range.start.character for each in report.items] == [18]


async def test_an_editor_that_asks_gets_the_same_and_learns_when_nothing_has_changed(pulling_editor):
    uri = pulling_editor.open("score.py", OLD_IMPORT)
    report = await pulling_editor.pull(uri)
    assert isinstance(report, types.RelatedFullDocumentDiagnosticReport)
    assert any(each.range.start.line == 0 for each in report.items)
    again = await pulling_editor.pull(uri, report.result_id)
    assert isinstance(again, types.RelatedUnchangedDocumentDiagnosticReport)
    assert pulling_editor.client.published.empty()
