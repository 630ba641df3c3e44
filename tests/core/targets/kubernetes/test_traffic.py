"""No request fails while versions change and pods go; the cluster's own autoscaler goes up and down under load."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from mooring.deployments.target import Resources, StartFailed
from mooring.targets.kubernetes import KubernetesTarget
from mooring.targets.kubernetes.cluster import Cluster
from mooring.targets.kubernetes.judging import is_ready, name_of
from mooring.targets.kubernetes.kinds import AUTOSCALER, POD
from mooring.targets.kubernetes.scaling import REQUESTS_METRIC
from mooring.testing.reporters import Recorder

from .adapter import CUSTOM_METRICS, MetricsAdapter
from .conftest import MakeRelease
from .waiting import turn_with, until

pytestmark = [pytest.mark.kubernetes, pytest.mark.slow]

UPDATES = int(os.environ.get("MOORING_KUBERNETES_UPDATES", "2"))
KILLS = int(os.environ.get("MOORING_KUBERNETES_POD_KILLS", "1"))
BUSY = "import time\ndef init(): pass\ndef run(data):\n    end = time.process_time() + 0.05\n    while time.process_time() < end: pass\n    return 1\n"


def port_of(uri: str) -> int:
    return urlsplit(uri).port or 0


def test_no_request_fails_over_updates_and_pod_kills(
    cluster: Cluster, target: KubernetesTarget, release: MakeRelease, namespace: str, crowd_at: Any
) -> None:
    first = target.start(release(deployment={"numReplicas": 2}), Recorder())
    last = 1 + UPDATES

    with crowd_at(port_of(first.scoring_uri), dials_again=True) as crowd:
        for revision in range(2, last + 1):
            target.start(release(revision=revision, deployment={"numReplicas": 2}), Recorder())
            crowd.wait_for_more(20)
        for _ in range(KILLS):
            pods = cluster.items(POD, namespace, labels={"mooring.io/service": "echo"})
            cluster.delete(POD, namespace, name_of(next(pod for pod in pods if is_ready(pod))))
            crowd.wait_for_more(200)
            until(lambda: sum(row["state"] == "Ready" for row in target.replicas("echo")) == 2)

    assert set(crowd.answers) == {200}
    assert crowd.refused < crowd.answers[200] / 1000
    assert target.observe("echo").revision == last


def test_a_failed_update_disturbs_nobody_and_is_put_back(
    target: KubernetesTarget, release: MakeRelease, crowd_at: Any
) -> None:
    first = target.start(release(), Recorder())
    broken = release(revision=2, script="def init(): raise ValueError('no')\ndef run(d): pass\n")

    with crowd_at(port_of(first.scoring_uri), dials_again=True) as crowd:
        with pytest.raises(StartFailed):
            target.start(broken, Recorder())
        crowd.wait_for_more(50)

    assert set(crowd.answers) == {200}
    until(
        lambda: {row["revision"] for row in target.replicas("echo") if row["state"] != "Terminating"} == {1}
    )


def test_the_autoscaler_goes_from_one_to_three_and_back(
    cluster: Cluster, target: KubernetesTarget, release: MakeRelease, namespace: str, crowd_at: Any
) -> None:
    scale = {"minReplicas": 1, "maxReplicas": 3, "targetUtilization": 50}
    wanted = release(
        script=BUSY,
        resources=Resources(cpu=0.1),
        deployment={"autoScaler": scale, "numReplicas": None},
    )
    with turn_with(CUSTOM_METRICS):
        running = target.start(wanted, Recorder())

    with crowd_at(port_of(running.scoring_uri), clients=3, dials_again=True) as crowd:
        until(lambda: ready(target) == 3, within_s=180)
    # Sooner than the minute that v1's front-end took; the test is about the way back, not the wait.
    soon = {"spec": {"behavior": {"scaleDown": {"stabilizationWindowSeconds": 1}}}}
    cluster.merge(AUTOSCALER, namespace, "echo", soon)

    assert set(crowd.answers) == {200}
    until(lambda: ready(target) == 1, within_s=180)


def test_the_autoscaler_counts_requests_where_an_adapter_serves_them(
    cluster: Cluster,
    target: KubernetesTarget,
    release: MakeRelease,
    namespace: str,
    crowd_at: Any,
    tmp_path: Path,
) -> None:
    """Of a script that only waits: its CPU would never ask for another replica."""
    scale = {"minReplicas": 1, "maxReplicas": 3, "targetUtilization": 50}
    wanted = release(
        script="import time\ndef init(): pass\ndef run(data):\n    time.sleep(0.5)\n    return 1\n",
        deployment={"autoScaler": scale, "numReplicas": None},
    )

    with turn_with(CUSTOM_METRICS), MetricsAdapter(cluster, namespace, REQUESTS_METRIC, tmp_path):
        running = target.start(wanted, Recorder())
        with crowd_at(port_of(running.scoring_uri), clients=3, dials_again=True) as crowd:
            until(lambda: ready(target) == 3, within_s=180)
        made = cluster.find(AUTOSCALER, namespace, "echo")

    assert made is not None
    assert [each["type"] for each in made["spec"]["metrics"]] == ["Pods"]
    assert made["status"]["currentMetrics"][0]["pods"]["metric"]["name"] == REQUESTS_METRIC
    assert set(crowd.answers) == {200}


def ready(target: KubernetesTarget) -> int:
    return sum(row["state"] == "Ready" for row in target.replicas("echo"))
