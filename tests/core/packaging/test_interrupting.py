"""Ctrl-C while an image is built: nothing goes on, nothing is left."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from mooring.engine import Engine
from mooring.images.labels import ROLE, SCOPE, scope_of
from mooring.workspace import Workspace

pytestmark = [pytest.mark.docker]

CONDA = "dependencies:\n- python=3.11\n"


def _deploy(project: Path, *more: str) -> subprocess.Popen[str]:
    (project / "myenv.yml").write_text(CONDA)
    words = ["model", "deploy", "-n", "scorer", "-m", "offset:1", "--cp", "local", "--es", "score.py"]
    command = [sys.executable, "-m", "mooring", *words, "--cf", "myenv.yml", *more]
    return subprocess.Popen(command, cwd=project, stderr=subprocess.PIPE, text=True)


def _await(engine: Engine, process: subprocess.Popen[str], is_there) -> None:
    give_up = time.monotonic() + 60
    while not any(is_there(each) for each in engine.api.containers(all=True)):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < give_up
        time.sleep(0.05)


def test_an_interrupted_step_of_a_dockerfile_ends_with_the_build(
    engine: Engine, workspace: Workspace, project: Path
) -> None:
    mark = f"sleep 9{time.time_ns()}"
    (project / "steps").write_text(f"RUN {mark}\n")
    process = _deploy(project, "--ds", "steps")
    _await(engine, process, lambda each: mark in each["Command"])

    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[1]

    assert process.returncode == 130
    assert "Traceback" not in said
    give_up = time.monotonic() + 20
    while any(mark in each["Command"] for each in engine.api.containers(all=True)):
        assert time.monotonic() < give_up, "the step goes on"
        time.sleep(0.1)
    assert not workspace.services.list()


def test_an_interrupted_installation_leaves_no_container(
    engine: Engine, workspace: Workspace, project: Path
) -> None:
    label = f"{SCOPE}={scope_of(workspace.settings)}"
    (project / "steps").write_text(f"RUN echo {time.time_ns()} > /etc/unique\n")
    process = _deploy(project, "--ds", "steps")
    scope = scope_of(workspace.settings)
    _await(
        engine, process, lambda each: each["Labels"].get(ROLE) == "build" and each["Labels"][SCOPE] == scope
    )

    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)

    assert process.returncode == 130
    assert not engine.api.containers(all=True, filters={"label": label})
    assert not workspace.services.list()


def test_an_interrupted_init_takes_container_and_address_along(
    engine: Engine, workspace: Workspace, project: Path
) -> None:
    label = f"{SCOPE}={scope_of(workspace.settings)}"
    (project / "score.py").write_text(
        f"# {project}\nimport time\ndef init(): time.sleep(3600)\ndef run(d): pass\n"
    )
    process = _deploy(project)
    _await(
        engine,
        process,
        lambda each: (
            each["Labels"].get(SCOPE) == scope_of(workspace.settings)
            and each["Labels"].get(ROLE) == "app"
            and each["State"] == "running"
        ),
    )

    process.send_signal(signal.SIGINT)
    said = process.communicate(timeout=60)[1]

    assert process.returncode == 130
    assert "Traceback" not in said
    assert not engine.api.containers(all=True, filters={"label": label})
    assert not engine.api.volumes(filters={"label": label})["Volumes"]
    assert not engine.api.networks(filters={"label": label})
    assert not workspace.services.list()
