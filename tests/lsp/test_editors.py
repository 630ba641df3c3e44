"""Neovim and Emacs as they come, with the set-up that docs/editor.md gives. Without them the tests skip; in CI they fail."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from mooring.workspace import Workspace

HERE = Path(__file__).with_name("editors")
SERVER = str(Path(sys.executable).with_name("mooring-lsp"))
SCRIPT = """\
from sklearn.externals import joblib
import json
import os


def init():
    global factor
    with open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "factor.json")) as file:
        factor = json.load(file)


def run(raw_data):
    return [factor * each for each in json.loads(raw_data)["data"]]
"""
INTERPRETER = {"name": "here", "python": {"userManagedDependencies": True, "interpreterPath": sys.executable}}


def editor(variable: str, command: str) -> str:
    """The editor that a variable names, or the one on the path."""
    found = os.environ.get(variable) or shutil.which(command)
    if found is None:
        if os.environ.get("CI", "").lower() == "true":
            pytest.fail(f"CI must have {command}: {variable} is not set")
        pytest.skip(f"no {command}: {variable} is not set")
    return found


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "score.py").write_text(SCRIPT)
    (tmp_path / "factor.json").write_text("2")
    (tmp_path / "inferenceconfig.json").write_text(
        json.dumps({"entryScript": "score.py", "environment": INTERPRETER})
    )
    with Workspace.open() as workspace:
        workspace.models.register(tmp_path / "factor.json", "doubler", sample_input={"data": [1, 2]})
    return tmp_path


def drive(command: list[str], project: Path) -> list[str]:
    told = {"MOORING_TEST_FOLDER": str(project), "MOORING_TEST_SERVER": SERVER, "HOME": str(project / "home")}
    (project / "home").mkdir()
    done = subprocess.run(
        command,
        env={**os.environ, **told},
        cwd=project,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


@pytest.mark.timeout(360)
def test_neovim_fixes_deploys_tests_and_stops(project):
    nvim = editor("MOORING_TEST_NVIM", "nvim")
    said = drive(
        [nvim, "--clean", "--headless", "-n", "-i", "NONE", "-c", f"luafile {HERE / 'drive.lua'}"], project
    )
    assert said[0].startswith("squiggle ")
    assert said[1:3] == ["fixed", "lens Deploy this model…"]
    assert said[3].startswith("lens doubler ● Healthy · doubler:1")
    assert said[4:7] == ["test 200 [2,4]", "log true", "stopped"]
    assert any("doubler is stopped and deleted" in line for line in said)


@pytest.mark.timeout(360)
def test_emacs_shows_a_mistake_and_its_fix(project):
    emacs = editor("MOORING_TEST_EMACS", "emacs")
    said = drive([emacs, "--batch", "-l", str(HERE / "drive.el")], project)
    assert said[0].startswith("squiggle ")
    assert "sklearn-externals" in said[0]
    assert said[1:3] == ["fixed", "lens Deploy this model…"]
