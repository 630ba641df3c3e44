"""`dnsNameLabel` and certificates: found wrong before the start, stable afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mooring.configs import AciDeploymentConfig
from mooring.deployments.calls import call
from mooring.engine import Engine
from mooring.settings import Settings
from mooring.targets.docker import DockerTarget
from mooring.targets.docker.host_names import is_known_here
from mooring.testing.reporters import Recorder

from .conftest import MakeRelease
from .test_safety import make_certificate

pytestmark = [pytest.mark.docker, pytest.mark.usefixtures("nothing_left")]


@pytest.fixture
def target(settings: Settings) -> Iterator[DockerTarget]:
    made = DockerTarget(settings)
    yield made
    made.stop("echo")


@pytest.fixture
def label(tmp_path: Path) -> str:
    """Of its own, as others may use the engine."""
    return f"mooring-{abs(hash(str(tmp_path))) % 10**9}"


def test_the_address_of_a_label_is_the_same_after_a_new_deployment(
    engine: Engine, target: DockerTarget, release: MakeRelease, label: str
) -> None:
    wanted = replace(release(), deployment={"computeType": "aci", "dnsNameLabel": label})
    first = target.start(wanted, Recorder())
    target.stop("echo")
    second = target.start(wanted, Recorder())

    host = f"{label}.localhost" if is_known_here(f"{label}.localhost") else "127.0.0.1"
    assert first.scoring_uri == second.scoring_uri == f"http://{host}:{second.port}/score"
    assert second.details["fqdn"] == f"{label}.localhost"
    assert call(second.scoring_uri, method="POST", body=b"7").status == 200
    seen = target.observe("echo").running
    assert seen is not None
    assert seen.scoring_uri == second.scoring_uri


def test_a_label_leads_to_the_service_from_other_containers_of_the_workspace(
    engine: Engine, target: DockerTarget, release: MakeRelease, label: str
) -> None:
    target.start(replace(release(), deployment={"dnsNameLabel": label}), Recorder())
    app = target.observe("echo").details["container"]
    code = f"import urllib.request as u; print(u.urlopen('http://{label}:5001/').status)"
    asked = engine.api.exec_create(app, ["/opt/mooring/environment/bin/python", "-c", code])

    assert engine.api.exec_start(asked["Id"]).strip() == b"200"


def test_a_label_of_another_service_is_refused_first(
    target: DockerTarget, release: MakeRelease, label: str
) -> None:
    target.start(replace(release(), deployment={"dnsNameLabel": label}), Recorder())
    wanted = AciDeploymentConfig(cpu_cores=1, memory_gb=1, dns_name_label=label)

    (finding,) = target.check("another", wanted)

    assert finding.code == "dns-label-taken"
    assert "echo" in finding.problem
    assert not target.check("echo", wanted)


def test_a_key_that_does_not_fit_its_certificate_is_refused_first(
    target: DockerTarget, tmp_path: Path
) -> None:
    first, second = make_certificate(tmp_path / "1"), make_certificate(tmp_path / "2")
    wanted = AciDeploymentConfig(
        cpu_cores=1,
        memory_gb=1,
        ssl_enabled=True,
        ssl_cname="localhost",
        ssl_cert_pem_file=first["sslCertificate"],
        ssl_key_pem_file=second["sslKey"],
    )

    (finding,) = target.check("echo", wanted)

    assert finding.code == "certificate-unusable"
    assert second["sslKey"] in finding.problem
