"""GPUs and their like are extended resources of nodes: pods get them where there are some, and are told which are short."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from mooring.deployments.calls import call
from mooring.deployments.target import Resources, StartFailed
from mooring.settings import Settings
from mooring.targets.kubernetes import KubernetesTarget
from mooring.targets.kubernetes.cluster import Cluster
from mooring.targets.kubernetes.computes import Compute, Computes
from mooring.targets.kubernetes.judging import name_of
from mooring.targets.kubernetes.kinds import NODE, POD
from mooring.testing.reporters import Recorder

from .conftest import MakeRelease
from .waiting import until

pytestmark = [pytest.mark.kubernetes]

CHIP = f"example.com/chip-{os.getpid()}"


@pytest.fixture
def node_with_two_chips(cluster: Cluster, settings: Settings) -> Iterator[str]:
    """A node says what it has; the scheduler counts it, whatever it is."""
    node = name_of(cluster.items(NODE, None)[0])
    cluster.merge(NODE, "", f"{node}/status", {"status": {"capacity": {CHIP: "2"}}})
    Computes(settings).add(Compute(name="here", registry=settings.docker_registry, gpu_resource=CHIP))
    until(lambda: allocatable(cluster, node).get(CHIP) == "2")
    yield node
    cluster.merge(NODE, "", f"{node}/status", {"status": {"capacity": {CHIP: None}}})


def allocatable(cluster: Cluster, node: str) -> dict[str, str]:
    found = cluster.find(NODE, None, node) or {}
    told: dict[str, str] = found["status"]["allocatable"]
    return told


def test_what_a_node_has_is_given_and_what_it_lacks_is_named(
    cluster: Cluster,
    target: KubernetesTarget,
    release: MakeRelease,
    namespace: str,
    node_with_two_chips: str,
) -> None:
    running = target.start(release(resources=Resources(gpus=2)), Recorder())
    (pod,) = cluster.items(POD, namespace, labels={"mooring.io/service": "echo"})

    assert call(running.scoring_uri, method="POST", body=b"1").status == 200
    assert pod["spec"]["nodeName"] == node_with_two_chips
    assert pod["spec"]["containers"][0]["resources"]["requests"][CHIP] == "2"

    with pytest.raises(StartFailed) as caught:
        target.start(release(revision=2, resources=Resources(gpus=3)), Recorder())
    crash = caught.value.crash
    assert crash.code == "unschedulable"
    assert f"{CHIP} 3" in crash.engine
    assert f"too little {CHIP} on" in crash.engine
    assert f"{CHIP} 0" in crash.advice
    assert target.observe("echo").revision == 1
