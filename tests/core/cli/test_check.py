"""`mooring check` and `mooring explain`, as people and programs see them."""

from __future__ import annotations

import json

import pytest

GOOD = "def init():\n    pass\n\n\ndef run(raw_data):\n    return raw_data\n"
BROKEN = "from sklearn.externals import joblib\n\n\ndef init():\n    print(joblib, unknown)\n\n\ndef run(raw_data):\n    return raw_data\n"


@pytest.fixture
def script(work):
    file = work / "score.py"
    file.write_text(BROKEN)
    return file


def test_errors_make_the_exit_code_one(mooring, script):
    ran = mooring("check")

    assert ran.exit_code == 1
    assert "score.py:5:19 · error · undefined-name · Nothing defines unknown" in ran.out
    assert ran.out.rstrip().endswith("1 file looked at: 1 error, 1 warning. --fix would put 1 right.")


def test_without_errors_it_is_nought(mooring, work):
    (work / "score.py").write_text(GOOD)
    ran = mooring("check", "score.py")

    assert (ran.exit_code, ran.out) == (0, "1 file looked at: no findings.\n")


def test_json_is_a_list_with_these_keys(mooring, script):
    ran = mooring("check", "-o", "json")

    assert ran.exit_code == 1
    assert ran.json[0] == {
        "path": "score.py",
        "line": 1,
        "column": 1,
        "end_line": 1,
        "end_column": 37,
        "code": "sklearn-externals",
        "severity": "warning",
        "problem": "sklearn.externals.joblib is gone since scikit-learn 0.23.",
        "remedy": "Write `import joblib`.",
        "fixable": True,
    }
    assert ran.err == ""


def test_no_findings_are_an_empty_list(mooring, work):
    assert mooring("check", work, "-o", "json").json == []


def test_github_shows_them_on_the_lines(mooring, script):
    first, second = mooring("check", "-o", "github").out.splitlines()

    assert first.startswith(
        "::warning file=score.py,line=1,endLine=1,col=1,endColumn=37,title=sklearn-externals::"
    )
    assert second.startswith("::error file=score.py,line=5,")


def test_sarif_names_its_rules_and_places(mooring, script):
    (run,) = mooring("check", "-o", "sarif").json["runs"]

    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["sklearn-externals", "undefined-name"]
    assert [result["level"] for result in run["results"]] == ["warning", "error"]
    region = run["results"][1]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 5, "startColumn": 19, "endLine": 5, "endColumn": 26}


def test_sarif_names_files_by_uris_and_explains_its_rules(mooring, work):
    folder = work / "a b é"
    folder.mkdir()
    (folder / "score.py").write_text(BROKEN)

    (run,) = mooring("check", "a b é", "-o", "sarif").json["runs"]

    (place, _) = (result["locations"][0]["physicalLocation"] for result in run["results"])
    assert place["artifactLocation"] == {"uri": "a%20b%20%C3%A9/score.py"}
    rule = run["tool"]["driver"]["rules"][0]
    assert rule["defaultConfiguration"] == {"level": "warning"}
    assert rule["help"]["markdown"].startswith("# sklearn-externals")


def test_schemas_of_all_configs_are_written_for_other_editors(mooring, work):
    written = mooring("check", "--schemas", "schemas", "-o", "json").json

    assert len(written) == 3
    for name in written:
        assert json.loads((work / name).read_text())["$id"].startswith("urn:mooring:")


def test_fix_changes_the_file_and_says_so(mooring, script):
    ran = mooring("check", "--fix")

    assert script.read_text() == BROKEN.replace("from sklearn.externals ", "")
    assert "1 file looked at: 1 error. 1 put right." in ran.out


def test_two_fixes_at_one_place_are_made_in_one_go(mooring, work):
    script = work / "score.py"
    script.write_text(
        "def init():\n    model = 1\n    scaler = 2\n\n\ndef run(raw_data):\n    return [model, scaler]\n"
    )
    ran = mooring("check", "--fix")

    assert "global model, scaler" in script.read_text()
    assert ran.exit_code == 0
    assert "2 put right." in ran.out


def test_rules_can_be_chosen(mooring, script):
    assert mooring("check", "--ignore", "undefined-name,sklearn-externals").exit_code == 0
    assert "undefined-name" not in mooring("check", "--ignore", "undefined-name").out
    ran = mooring("check", "--select", "undefined-nam")
    assert (ran.exit_code, "did you mean 'undefined-name'?" in ran.err) == (2, True)


def test_the_table_in_pyproject_counts(mooring, script, work):
    (work / "pyproject.toml").write_text('[tool.mooring.check]\nignore = ["undefined-name"]\n')

    assert mooring("check").exit_code == 0

    (work / "pyproject.toml").write_text("[tool.mooring.check]\nignored = []\n")
    assert "has no 'ignored'" in mooring("check").err


def test_a_path_that_is_not_there_is_a_mistake(mooring, work):
    ran = mooring("check", "nowhere")

    assert (ran.exit_code, "'nowhere'" in ran.err) == (2, True)


def test_models_are_held_against_the_script(mooring, work):
    (work / "ridge.pkl").write_bytes(b"x")
    mooring("model", "register", "-n", "diabetes", "-p", "ridge.pkl")
    (work / "score.py").write_text(
        'import os\n\n\ndef init():\n    print(os.path.join(os.environ["AZUREML_MODEL_DIR"], "model.pkl"))\n\n\n'
        "def run(raw_data):\n    return raw_data\n"
    )
    ran = mooring("check", "-m", "diabetes:1", "--fix", "-o", "json")

    assert ran.json == []
    assert '"ridge.pkl"' in (work / "score.py").read_text()


def test_explain_shows_a_rules_page(mooring):
    ran = mooring("explain", "run-missing")

    assert ran.exit_code == 0
    assert ran.out.startswith("# run-missing\n")
    assert "## Bad" in ran.out
    assert json.loads(mooring("explain", "run-missing", "-o", "json").out)["severity"] == "error"


def test_explain_knows_failures_as_well(mooring):
    assert "docs/failures.md" in mooring("explain", "init-file-missing").out


def test_an_unknown_code_is_not_found(mooring):
    ran = mooring("explain", "run-mising")

    assert (ran.exit_code, "did you mean 'run-missing'?" in ran.err) == (3, True)
