"""The desk over the process target: what the memory target can only pretend."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from mooring.configs import InferenceConfig, ProcessDeploymentConfig
from mooring.deployments.calls import call
from mooring.deployments.desk import ServiceDesk
from mooring.deployments.discovery import Targets
from mooring.deployments.errors import ChecksFailed, DeploymentFailed
from mooring.deployments.parts import Parts
from mooring.testing import CurrentInterpreter, Recorder

LOADS = (
    "import os\n\n\ndef init():\n    global content\n"
    "    content = open(os.path.join(os.getenv('AZUREML_MODEL_DIR'), 'ridge.pkl')).read()\n"
    "    print('loaded the model')\n\n\ndef run(raw_data):\n    return content\n"
)
DECORATED = (
    "from inference_schema.schema_decorators import input_schema\n"
    "from inference_schema.parameter_types.standard_py_parameter_type import StandardPythonParameterType\n\n\n"
    "def init():\n    pass\n\n\n"
    "@input_schema('data', StandardPythonParameterType([1, 2]))\ndef run(data):\n    return sum(data)\n"
)


@pytest.fixture
def parts(workspace):
    return Parts(
        workspace.settings,
        workspace.database.services,
        models=lambda: workspace.models,
        environments=lambda: workspace.environments,
        targets=Targets(workspace.settings),
        builder=CurrentInterpreter(),
    )


@pytest.fixture
def desk(parts):
    yield ServiceDesk(parts)
    for service in ServiceDesk(parts).list():
        ServiceDesk(parts).delete(service.name)


@pytest.fixture
def write(project):
    def write(script: str) -> None:
        (project / "score.py").write_text(script)

    return write


def test_deploy_ask_update_watch_and_delete(desk, inference, models, write, parts):
    write(LOADS)
    told = Recorder()

    service = desk.deploy(
        "scorer", ["diabetes:1"], inference, ProcessDeploymentConfig(auth_enabled=True), reporter=told
    )

    assert told.phases == ["plan", "checked", "environment", "started", "init", "sample", "healthy"]
    assert desk.run("scorer", "1") == "first"
    assert call(service.scoring_uri, method="POST", body=b"1").status == 401
    assert desk.update("scorer", models=["diabetes:2"]).scoring_uri == service.scoring_uri
    assert desk.run("scorer", "1") == "second"
    assert "loaded the model" in "\n".join(line.text for line in desk.logs("scorer"))
    desk.delete("scorer")
    assert not parts.folder("scorer").exists()
    with pytest.raises(OSError, match="refused"):
        call(service.scoring_uri)


def test_regenerated_keys_hold_at_once(desk, inference):
    service = desk.deploy("scorer", [], inference, ProcessDeploymentConfig(auth_enabled=True))
    before = desk.keys("scorer").primary

    desk.regenerate_key("scorer", "Primary")

    assert desk.run("scorer", "1") == "1"
    assert call(service.scoring_uri, method="POST", body=b"1", bearer=before).status == 401


def test_tokens_open_a_service_until_the_signing_key_changes(desk, inference):
    service = desk.deploy("scorer", [], inference, ProcessDeploymentConfig(token_auth_enabled=True))
    token = desk.token("scorer").access_token

    assert call(service.scoring_uri, method="POST", body=b"1", bearer=token).status == 200
    desk.regenerate_key("scorer", "Signing")
    assert call(service.scoring_uri, method="POST", body=b"1", bearer=token).status == 401
    assert desk.run("scorer", "1") == "1"


def test_the_sample_of_the_schema_is_sent(desk, inference, write):
    write(DECORATED)
    told = Recorder()

    desk.deploy("scorer", [], inference, reporter=told)

    assert dict(told.events)["sample"].startswith("200 in")


def test_an_undecorated_script_is_only_asked_for_its_health(desk, inference):
    told = Recorder()

    desk.deploy("scorer", [], inference, reporter=told)

    assert "sample" not in told.phases


def test_a_wrong_model_file_gets_its_verdict_and_what_served_goes_on(desk, inference, models, write, project):
    write(LOADS)
    desk.deploy("scorer", ["diabetes:1"], inference)
    write(LOADS.replace("ridge.pkl", "model.pkl"))

    with pytest.raises(DeploymentFailed) as caught:
        desk.reload("scorer")

    failure = caught.value.failure
    assert failure.code == "init-file-missing"
    assert failure.remedy.startswith('Use "ridge.pkl"')
    assert failure.excerpt.path == str(project / "score.py")
    assert "scorer-1 still serves diabetes:1" in failure.kept
    assert desk.run("scorer", "1") == "first"


def test_a_port_that_is_taken_is_found_before_anything_is_made(desk, inference, parts):
    import socket

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ChecksFailed, match=str(port)):
            desk.deploy("scorer", [], inference, ProcessDeploymentConfig(port=port))

    assert list(desk.list()) == []


def test_a_worker_that_is_killed_in_init_is_told_from_one_that_raises(desk, inference, write):
    write("import os\n\n\ndef init():\n    os.kill(os.getpid(), 9)\n\n\ndef run(raw_data):\n    return 1\n")

    with pytest.raises(DeploymentFailed) as caught:
        desk.deploy("scorer", [], inference)

    assert caught.value.failure.code == "killed"


def test_the_log_of_a_failed_start_is_kept(desk, inference, write):
    write("print('so far so good')\n\n\ndef init(): int('no further')\n\n\ndef run(raw_data): return 1\n")
    with pytest.raises(DeploymentFailed):
        desk.deploy("scorer", [], inference)

    log = "\n".join(line.text for line in desk.logs("scorer", last_start=True))

    assert "so far so good" in log
    assert "no further" in log


def test_a_dead_supervisor_is_told_and_reloading_brings_the_service_back(desk, inference, parts):
    service = desk.deploy("scorer", [], inference)
    pid = parts.targets.named("process").observe("scorer").running.details["pid"]
    os.kill(pid, signal.SIGKILL)

    seen = desk.get("scorer")

    assert (seen.state, seen.failure.code) == ("Unhealthy", "supervisor-gone")
    assert desk.reload("scorer").scoring_uri == service.scoring_uri
    assert desk.run("scorer", "1") == "1"


def test_control_c_leaves_no_half_service(desk, inference, write, tmp_path, workspace, project):
    write(
        f"import time\n\n\ndef init():\n    open({str(tmp_path / 'begun')!r}, 'w')\n    time.sleep(60)\n\n\ndef run(raw_data):\n    return 1\n"
    )
    killing = Path(__file__).with_name("killing.py")
    code = (
        f"import sys; sys.path.insert(0, {str(killing.parent)!r}); import killing; from pathlib import Path\n"
        f"_, desk = killing.open_desk(Path({str(workspace.settings.home)!r}))\n"
        f"print('go', flush=True)\nkilling.deploy(desk, 'scorer', [], Path({str(project)!r}))\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert child.stdout.readline() == "go\n"
    begun = wait_until((tmp_path / "begun").exists)
    child.send_signal(signal.SIGINT)
    _, complained = child.communicate()

    assert begun
    assert "KeyboardInterrupt" in complained
    assert list(desk.list()) == []


def test_no_request_fails_during_updates(desk, inference, models, write):
    write(LOADS)
    service = desk.deploy("scorer", ["diabetes:1"], inference)
    statuses: list[int] = []
    done = threading.Event()

    def ask():
        while not done.is_set():
            statuses.append(call(service.scoring_uri, method="POST", body=b"1").status)

    asker = threading.Thread(target=ask)
    asker.start()
    for n in range(3):
        desk.update("scorer", models=[models[(n + 1) % 2]])
    done.set()
    asker.join()

    assert set(statuses) == {200}


@pytest.mark.network
@pytest.mark.slow
def test_a_conda_file_becomes_an_environment(workspace, project):
    (project / "env.yml").write_text("name: e\ndependencies:\n- python=3.11\n- pip:\n  - idna==3.7\n")
    (project / "score.py").write_text(
        "import idna\n\n\ndef init(): pass\n\n\ndef run(raw_data): return idna.__version__\n"
    )
    inference = InferenceConfig(
        entry_script="score.py", source_directory=str(project), runtime="python", conda_file="env.yml"
    )
    told = Recorder()
    desk = workspace.services
    try:
        desk.deploy("scorer", [], inference, reporter=told)

        assert desk.run("scorer", "1") == "3.7"
        assert "python 3.11" in dict(told.events)["environment"]
    finally:
        desk.delete("scorer")


@pytest.mark.network
@pytest.mark.slow
def test_an_environment_that_can_not_be_had_is_the_verdict(workspace, project):
    (project / "env.yml").write_text(
        "name: e\ndependencies:\n- python=3.11\n- pip:\n  - idna==3.7\n  - idna==3.6\n"
    )
    inference = InferenceConfig(
        entry_script="score.py", source_directory=str(project), runtime="python", conda_file="env.yml"
    )
    desk = workspace.services
    try:
        with pytest.raises(DeploymentFailed) as caught:
            desk.deploy("scorer", [], inference)

        assert caught.value.failure.code == "environment-unresolvable"
        assert desk.get("scorer").state == "Failed"
    finally:
        desk.delete("scorer")


def wait_until(claim, within_s: float = 20.0) -> bool:
    """Polls something another process does; the claim itself is the synchronisation."""
    import time

    give_up = time.monotonic() + within_s
    while not claim() and time.monotonic() < give_up:
        time.sleep(0.01)
    return bool(claim())
