"""What a container may do, and what nobody may read."""

from __future__ import annotations

import json
import ssl
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from mooring.configs import AciDeploymentConfig
from mooring.deployments.calls import call
from mooring.deployments.target import Release, Resources, ServerOptions
from mooring.engine import Engine
from mooring.settings import Settings
from mooring.targets.docker import DockerTarget
from mooring.testing.reporters import Recorder

from .conftest import MakeRelease

pytestmark = [pytest.mark.docker, pytest.mark.usefixtures("nothing_left")]

CANARY = "canary-3f9a1c7e5d"
CURIOUS = """
import json
import ssl
import subprocess
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


def test_limits_are_in_force_and_told(engine: Engine, target: DockerTarget, release: MakeRelease) -> None:
    target.start(replace(release(), resources=Resources(cpu=0.5, memory_gb=0.5)), Recorder())

    details = target.observe("echo").details
    host = engine.find_container(details["container"])["HostConfig"]

    assert (details["cpu_limit"], details["memory_limit_bytes"]) == (0.5, 512 * 1024**2)
    assert (host["NanoCpus"], host["Memory"], host["MemorySwap"]) == (5 * 10**8, 2**29, 2**29)
    assert (host["PidsLimit"], host["ReadonlyRootfs"], host["CapDrop"]) == (1024, True, ["ALL"])


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


def test_tls_is_served_with_the_certificate_given_and_renewed_by_an_update(
    target: DockerTarget, release: MakeRelease, tmp_path: Path
) -> None:
    first, second = make_certificate(tmp_path / "1"), make_certificate(tmp_path / "2")
    config = {"sslEnabled": True, "cname": "localhost"}

    running = target.start(replace(release(), deployment={**config, **first}), Recorder())
    shown = ssl.get_server_certificate(("127.0.0.1", running.port or 0))
    again = replace(release(revision=2, port=running.port), deployment={**config, **second})
    target.start(again, Recorder())
    renewed = ssl.get_server_certificate(("127.0.0.1", running.port or 0))

    assert running.scoring_uri == f"https://localhost:{running.port}/score"
    assert shown.strip() == Path(first["sslCertificate"]).read_text().strip()
    assert renewed.strip() == Path(second["sslCertificate"]).read_text().strip()
    assert target.observe("echo").state == "Healthy"


def make_certificate(folder: Path) -> dict[str, str]:
    folder.mkdir()
    paths = {"sslCertificate": str(folder / "cert.pem"), "sslKey": str(folder / "key.pem")}
    out = ["-keyout", paths["sslKey"], "-out", paths["sslCertificate"]]
    wanted = ["-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    subprocess.run(["openssl", "req", "-x509", *wanted, *out], check=True, capture_output=True)
    return paths
