"""Images of a registry that wants a login: pulled by digest with a Secret of the service's own, or said to be refused."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from mooring.deployments.calls import call
from mooring.deployments.target import StartFailed
from mooring.images.logins import RegistryLogins
from mooring.settings import Settings
from mooring.targets.kubernetes import KubernetesTarget
from mooring.targets.kubernetes.cluster import Cluster
from mooring.targets.kubernetes.computes import Compute, Computes
from mooring.targets.kubernetes.kinds import DEPLOYMENT, SECRET
from mooring.testing.reporters import Recorder

from .conftest import MakeRelease
from .registries import PASSWORD, USER, Registry

pytestmark = [pytest.mark.kubernetes]


@pytest.fixture
def private(tmp_path: Path, settings: Settings) -> Iterator[Registry]:
    with Registry(tmp_path, has_login=True) as registry:
        RegistryLogins(settings).add(registry.address, USER, PASSWORD)
        Computes(settings).add(Compute(name="here", registry=registry.address))
        yield registry


def test_pods_pull_by_digest_with_a_secret_that_is_the_services(
    cluster: Cluster, target: KubernetesTarget, release: MakeRelease, private: Registry, namespace: str
) -> None:
    told = Recorder()
    running = target.start(release(), told)
    target.start(release(revision=2), told)
    secret = cluster.find(SECRET, namespace, "echo-pull")
    deployment = cluster.find(DEPLOYMENT, namespace, "echo")
    manifest = json.dumps(target.manifest("echo"))

    assert call(running.scoring_uri, method="POST", body=b"1").status == 200
    assert secret is not None
    assert deployment is not None
    written = json.loads(base64.b64decode(secret["data"][".dockerconfigjson"]))
    assert written["auths"][private.address]["username"] == USER
    pod = deployment["spec"]["template"]["spec"]
    assert pod["imagePullSecrets"] == [{"name": "echo-pull"}]
    assert pod["containers"][0]["image"].startswith(f"{private.address}/mooring/service@sha256:")
    assert PASSWORD not in json.dumps(told.events) + json.dumps(told.data) + manifest

    target.stop("echo")
    assert cluster.find(SECRET, namespace, "echo-pull") is None


def test_a_registry_that_refuses_the_nodes_is_told_with_how_to_log_in(
    target: KubernetesTarget, release: MakeRelease, settings: Settings, private: Registry
) -> None:
    """The login serves for pushing and is forgotten before the objects are made, as with a login of docker's own."""
    told = Recorder()
    logins = RegistryLogins(settings)
    told.event = lambda phase, text, data=None: phase == "image" and logins.remove(private.address)

    with pytest.raises(StartFailed) as caught:
        target.start(release(script="def init(): pass\ndef run(d): return 1\n"), told)

    assert caught.value.crash.code == "registry-unauthorised"
    assert private.address in caught.value.crash.engine
    assert f"mooring image login --registry {private.address}" in caught.value.crash.advice
