"""A service in a process uses a program and a Python package from a conda channel, beside PyPI's packages."""

import json
import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.network

SCORE = """
import os, subprocess
import idna, mooring_geo

def init():
    pass

def run(raw_data):
    drawn = subprocess.run(["dot"], capture_output=True, text=True, check=True).stdout.strip()
    return [drawn, idna.__version__, mooring_geo.__version__, os.environ["GRAPHVIZ_HOME"]]
"""


@pytest.fixture
def mooring(tmp_path):
    def call(*words, **variables):
        return subprocess.run(
            [sys.executable, "-m", "mooring", *words],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env={**os.environ, **variables},
        )

    return call


@pytest.fixture
def project(tmp_path, conda_file):
    (tmp_path / "score.py").write_text(SCORE)
    (tmp_path / "env.yml").write_text(conda_file("graphviz=2.50", "mooring_geo", pip=("idna==3.7",)))
    inference = {"entryScript": "score.py", "runtime": "python", "condaFile": "env.yml"}
    (tmp_path / "inferenceconfig.json").write_text(json.dumps(inference))
    return tmp_path


DEPLOY = ("model", "deploy", "-n", "drawer", "--ic", "inferenceconfig.json")


@pytest.mark.slow
def test_a_service_uses_a_program_of_its_channel(mooring, project, home, channel):
    (home / "settings.toml").write_text("use_conda = true\n")
    deployed = mooring(*DEPLOY)
    assert deployed.returncode == 0, deployed.stderr
    answer = mooring("service", "run", "-n", "drawer", "-d", "{}")
    drawn, idna, geo, graphviz_home = json.loads(answer.stdout)

    assert drawn.startswith(f"drawn by {home}/environments/")
    assert (idna, geo) == ("3.7", "0.3")
    assert graphviz_home.startswith(f"{home}/environments/")
    assert "4 from conda" in deployed.stderr
    assert f"graphviz 2.50.0 comes from conda channel '{channel.url}'" in deployed.stderr
    assert "conda-package-without-twin" not in deployed.stderr
    again = mooring("service", "update", "-n", "drawer", "--ic", "inferenceconfig.json")
    assert again.returncode == 0, again.stderr
    assert "reused" in again.stderr


def test_what_channels_lack_is_the_verdict(mooring, project, conda_file):
    (project / "env.yml").write_text(conda_file("graphviz=9.9"))
    deployed = mooring(*DEPLOY, MOORING_USE_CONDA="1")

    assert deployed.returncode != 0
    assert "have no 'graphviz 9.9.*'" in deployed.stdout + deployed.stderr
    assert "Traceback" not in deployed.stderr


def test_a_check_tells_what_will_come_from_a_channel(mooring, project):
    asked = mooring("check", MOORING_USE_CONDA="yes")
    unasked = mooring("check")

    assert "conda-package-from-channel" in asked.stdout
    assert "conda-package-without-twin" not in asked.stdout
    assert "conda-package-without-twin" in unasked.stdout
