"""Engines of other machines: deployed to, called, read and tidied as this machine's; out of reach is said first."""

from __future__ import annotations

import contextlib
import ssl
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from mooring.configs import AciDeploymentConfig, LocalDeploymentConfig
from mooring.deployments.calls import call
from mooring.deployments.target import StartFailed
from mooring.settings import Settings
from mooring.targets.docker import DockerTarget, target
from mooring.testing.reporters import Recorder

from .conftest import MakeRelease

pytestmark = [pytest.mark.docker, pytest.mark.usefixtures("nothing_left")]


@pytest.fixture(params=["ssh", "tls"])
def place(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The engine's address, as if it were far."""
    if request.param == "ssh":
        return str(request.getfixturevalue("ssh_place"))
    folder = request.getfixturevalue("certificates")("certificates")
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    monkeypatch.setenv("DOCKER_CERT_PATH", str(folder))
    return str(request.getfixturevalue("relay")(certificates=folder).place)


def test_a_service_lives_on_an_engine_of_another_machine(
    place: str, settings: Settings, release: MakeRelease, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DOCKER_HOST", place)
    target = DockerTarget(settings)
    running = target.start(release(), Recorder())
    try:
        first = call(running.scoring_uri, method="POST", body=b"7").status
        target.start(release(revision=2, port=running.port), Recorder())
        second = call(running.scoring_uri, method="POST", body=b"7").status
        state = target.observe("echo").state
        said = [line.text for line in target.logs("echo")]
    finally:
        target.stop("echo")

    assert (first, second, state) == (200, 200, "Healthy")
    assert running.scoring_uri == f"http://127.0.0.1:{running.port}/score"
    assert running.details["engine"] == place
    assert any("serves" in text for text in said)


@pytest.fixture
def elsewhere(
    relay: Callable[..., Any], missing: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine is at an address of this machine on which it publishes nothing."""
    try:
        monkeypatch.setenv("DOCKER_HOST", relay(host="127.0.0.2").place)
    except OSError:
        missing("second address on the loopback")


@pytest.mark.usefixtures("elsewhere")
def test_publishing_where_nobody_gets_from_here_is_refused_first(settings: Settings) -> None:
    everywhere = DockerTarget(replace(settings, docker_publish="0.0.0.0"))

    (finding,) = DockerTarget(settings).check("echo", LocalDeploymentConfig())

    assert finding.code == "address-unreachable"
    assert "127.0.0.2" in finding.problem
    assert "MOORING_DOCKER_PUBLISH" in finding.remedy
    assert not everywhere.check("echo", AciDeploymentConfig(cpu_cores=1, memory_gb=1, auth_enabled=True))


@pytest.mark.usefixtures("elsewhere")
def test_a_service_that_serves_where_nobody_gets_is_told_as_such_and_leaves_nothing(
    settings: Settings, release: MakeRelease, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(target, "_ANSWERS_WITHIN_S", 1.0)

    with pytest.raises(StartFailed) as failed:
        DockerTarget(settings).start(release(), Recorder())

    assert failed.value.crash.code == "address-unreachable"
    assert "127.0.0.2" in failed.value.crash.engine


def test_an_update_that_nobody_reaches_gives_the_address_back_with_its_certificate(
    settings: Settings,
    release: MakeRelease,
    certificates: Any,
    relay: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = certificates("tls")
    config = {"sslEnabled": True, "sslCertificate": f"{folder}/cert.pem", "sslKey": f"{folder}/key.pem"}
    here = DockerTarget(settings)
    running = here.start(replace(release(), deployment=config), Recorder())
    try:
        monkeypatch.setattr(target, "_ANSWERS_WITHIN_S", 1.0)
        monkeypatch.setenv("DOCKER_HOST", relay(host="127.0.0.2").place)
        again = replace(release(revision=2, port=running.port), deployment=config)
        with pytest.raises(StartFailed, match="echo"):
            DockerTarget(settings).start(again, Recorder())
        here.engine.api.restart(here._place("echo").front)
        shown = _certificate_at(running.port or 0)
        seen = here.observe("echo")
    finally:
        here.stop("echo")

    assert shown == (folder / "cert.pem").read_text().strip()
    assert (seen.state, seen.revision) == ("Healthy", 1)


def _certificate_at(port: int) -> str:
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        with contextlib.suppress(OSError):
            return ssl.get_server_certificate(("127.0.0.1", port)).strip()
        time.sleep(0.1)
    raise TimeoutError(port)
