"""Cells that are files: written and checked, never executed."""

from __future__ import annotations

import pytest

SCRIPT = "def init():\n    pass\n\n\ndef run(data):\n    return [1]\n"


def test_the_script_is_written_and_not_executed(shell, cell, tmp_path):
    told = cell(f"%%entry_script src/score.py\nprint('executed')\n{SCRIPT}")

    assert (tmp_path / "src" / "score.py").read_text() == f"print('executed')\n{SCRIPT}"
    assert "src/score.py written · no findings" in told
    assert "\nexecuted" not in told
    assert "init" not in shell.user_ns


def test_findings_are_shown_under_the_cell(cell):
    told = cell("%%entry_script\nfrom sklearn.externals import joblib\n\n" + SCRIPT)

    assert "score.py written · 1 " in told
    assert "sklearn-externals" in told


@pytest.mark.parametrize(
    ("magic", "text", "file", "code"),
    [
        ("inference_config", '{"entryScript": "missing.py"}', "inferenceconfig.json", "missing.py"),
        ("deployment_config", '{"computeType": "docket"}', "deploymentconfig.json", "docket"),
        ("conda", "name: e\ndependencies:\n  - pip:\n    - scikit-learn=1.0\n", "myenv.yml", "scikit-learn"),
    ],
)
def test_configs_and_conda_files_likewise(cell, tmp_path, magic, text, file, code):
    told = cell(f"%%{magic}\n{text}")

    assert (tmp_path / file).read_text().rstrip() == text.rstrip()
    assert f"{file} written · " in told
    assert code in told


def test_deploy_goes_on_to_a_service_and_again_to_its_next_revision(shell, cell):
    assert "Healthy in" in cell(f"%%entry_script score.py --deploy nb\n{SCRIPT}")
    assert "revision 2" in cell(f"%%entry_script score.py --deploy nb\n{SCRIPT.replace('[1]', '[2]')}")

    cell("answer = %mooring test nb -d x")
    assert shell.user_ns["answer"] == [2]


def test_errors_stop_the_deployment(cell):
    told = cell("%%entry_script --deploy nb\ndef init():\n    pass\n\n\ndef run(data):\n    return nowhere\n")

    assert "not deployed" in told
    assert "undefined-name" in told
    assert "nb" not in cell("%mooring services")


def test_variables_in_the_file_name_are_expanded(shell, cell, tmp_path):
    shell.user_ns["script_file"] = "other.py"

    cell(f"%%entry_script $script_file\n{SCRIPT}")

    assert (tmp_path / "other.py").exists()


def test_a_wrong_line_is_told(cell):
    assert "takes one file name" in cell(f"%%entry_script a.py b.py\n{SCRIPT}")
    assert "deploys nothing" in cell("%%conda --deploy nb\nname: x\n")
