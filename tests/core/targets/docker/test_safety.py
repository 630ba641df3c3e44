"""What a container may do, and what nobody may read."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from mooring.configs import AciDeploymentConfig
from mooring.deployments.calls import call
from mooring.deployments.target import Release, ServerOptions
from mooring.settings import Settings
from mooring.targets.docker import DockerTarget
from mooring.targets.docker.engine import Engine
from mooring.testing.reporters import Recorder

from .conftest import MakeRelease

pytestmark = [pytest.mark.docker, pytest.mark.usefixtures("nothing_left")]

CANARY = "canary-3f9a1c7e5d"
CURIOUS = """
import json
import os


def init():
    pass


def run(data):
    try:
        open("/var/azureml-app/made", "w")
        writes = True
    except OSError:
        writes = False
    status = dict(line.split(":", 1) for line in open("/proc/self/status"))
    return {
        "uid": os.getuid(), "writes": writes, "caps": status["CapEff"].strip(), "new": status["NoNewPrivs"].strip(),
        "seen": os.environ.get("THEIRS"),
    }
"""


@pytest.fixture
def target(settings: Settings):
    made = DockerTarget(settings)
    yield made
    made.stop("echo")


def with_keys(release: Release) -> Release:
    path = release.folder / "keys.json"
    path.write_text(json.dumps({"primary": CANARY, "secondary": f"{CANARY}-2"}), encoding="utf-8")
    path.chmod(0o600)
    return replace(release, server=ServerOptions(auth_mode="key", keys_path=path))


def test_the_script_runs_without_rights(target: DockerTarget, release: MakeRelease) -> None:
    running = target.start(release(script=CURIOUS), Recorder())

    seen = call(running.scoring_uri, method="POST", body=b"1").decoded()

    assert seen["uid"] == 10001
    assert seen["writes"] is False
    assert int(seen["caps"], 16) == 0
    assert seen["new"] == "1"


def test_only_this_machine_can_connect(engine: Engine, target: DockerTarget, release: MakeRelease) -> None:
    target.start(release(), Recorder())

    listed = engine.containers(target._place("echo").labels)
    published = [port["IP"] for each in listed for port in each["Ports"] if port.get("PublicPort")]

    assert published == ["127.0.0.1"]


def test_publishing_to_everybody_asks_for_authentication(settings: Settings) -> None:
    target = DockerTarget(replace(settings, docker_publish="0.0.0.0"))

    (finding,) = target.check("echo", AciDeploymentConfig(cpu_cores=1, memory_gb=1))

    assert finding.code == "published-without-auth"
    assert not target.check("echo", AciDeploymentConfig(cpu_cores=1, memory_gb=1, auth_enabled=True))


def test_no_key_and_no_variable_can_be_read_from_the_engine(
    engine: Engine, target: DockerTarget, release: MakeRelease
) -> None:
    wanted = with_keys(release(script=CURIOUS, environment_variables={"THEIRS": CANARY}))
    running = target.start(wanted, Recorder())
    answer = call(running.scoring_uri, method="POST", body=b"1", bearer=CANARY)

    places = [engine.find_container(each["Id"]) for each in engine.containers(target._place("echo").labels)]
    image = target.observe("echo").details["image"]
    places += [
        engine.find_image(image),
        engine.api.history(image),
        [line.text for line in target.logs("echo")],
    ]
    places.append(
        [engine.api.logs(each["Id"]).decode() for each in engine.containers(target._place("echo").labels)]
    )

    assert answer.decoded()["seen"] == CANARY
    assert call(running.scoring_uri, method="POST", body=b"1", bearer="wrong").status == 401
    assert CANARY not in json.dumps(places)


def test_new_keys_are_in_force_when_they_were_applied(target: DockerTarget, release: MakeRelease) -> None:
    wanted = with_keys(release())
    running = target.start(wanted, Recorder())
    (wanted.folder / "keys.json").write_text(
        json.dumps({"primary": "newer", "secondary": "x"}), encoding="utf-8"
    )

    target.apply_keys("echo")

    assert call(running.scoring_uri, method="POST", body=b"1", bearer="newer").status == 200
    assert call(running.scoring_uri, method="POST", body=b"1", bearer=CANARY).status == 401
