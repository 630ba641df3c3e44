"""Several versions behind one URL, through v1's own class."""

from __future__ import annotations

import http.client
import json
import os
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from mooring import AksEndpoint, Model, Webservice
from mooring.deployments.calls import call
from mooring.sdk.exceptions import WebserviceException
from mooring.sdk.workspace import Workspace
from mooring.targets.kubernetes.cluster import Cluster
from mooring.targets.kubernetes.kinds import DEPLOYMENT, POD
from mooring.targets.kubernetes.router import default_of, weights

from .conftest import script

REQUESTS = 1000
SHARES = int(os.environ.get("MOORING_KUBERNETES_SHARES", "1"))
WAITS = "import time\ndef init(): pass\ndef run(data):\n    time.sleep(5 if 'long' in str(data) else 0.01)\n    return 1\n"


class TestWeights:
    def test_what_is_not_assigned_goes_to_the_default(self) -> None:
        table = {"one": {"traffic": 0, "default": True}, "two": {"traffic": 25}}

        assert weights(table) == {"one": 192, "two": 64}

    def test_the_first_version_is_the_default_until_another_is(self) -> None:
        assert default_of({"one": {}, "two": {}}) == "one"
        assert default_of({"one": {}, "two": {"default": True}}) == "two"


def split_of(endpoint: Webservice) -> Counter[str]:
    """Who answers, over one connection: whatever sticks to a connection would show."""
    parts = urlsplit(endpoint.scoring_uri or "")
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    headers = {"Authorization": f"Bearer {endpoint.get_keys()[0]}", "Content-Type": "application/json"}
    seen: Counter[str] = Counter()
    for _ in range(REQUESTS):
        connection.request("POST", "/score", b"1", headers)
        response = connection.getresponse()
        seen[json.loads(response.read())] += 1
    connection.close()
    return seen


@pytest.mark.kubernetes
@pytest.mark.slow
def test_versions_share_requests_as_they_are_told(
    ws: Workspace, cluster: Cluster, namespace: str, tmp_path: Path
) -> None:
    config = AksEndpoint.deploy_configuration(
        version_name="one", namespace=namespace, num_replicas=1, cpu_cores=0.05, memory_gb=0.2
    )
    endpoint = Model.deploy(ws, "shared", [], script(tmp_path, "one"), config)
    assert isinstance(endpoint, AksEndpoint)
    try:
        endpoint.wait_for_deployment()
        uri, keys = endpoint.scoring_uri, endpoint.get_keys()
        assert (endpoint.namespace, endpoint.num_replicas) == (namespace, 1)
        assert endpoint.container_resource_requirements == {"cpu": 0.05, "memoryInGB": 0.2}
        assert [row["state"] for row in endpoint.replicas] == ["Ready"]
        endpoint.create_version("two", inference_config=script(tmp_path, "two"), traffic_percentile=20)
        endpoint.wait_for_deployment()

        seen = split_of(endpoint)
        assert abs(seen["two"] - 200) <= 10
        assert abs(seen["one"] - 800) <= 10

        with pytest.raises(WebserviceException, match="is the default"):
            endpoint.delete_version("one")
        endpoint.create_version("three", traffic_percentile=90)
        with pytest.raises(WebserviceException, match="More than everything"):
            endpoint.wait_for_deployment()
        endpoint.update_version("two", traffic_percentile=100, is_default=True)
        assert set(split_of(endpoint)) == {"two"}
        endpoint.delete_version("one")

        assert (endpoint.scoring_uri, endpoint.get_keys()) == (uri, keys)
        assert {name: version.is_default for name, version in endpoint.versions.items()} == {"two": True}
        assert "shared-one" not in [item["metadata"]["name"] for item in cluster.items(DEPLOYMENT, namespace)]
    finally:
        endpoint.delete()

    left = {"mooring.io/service": "shared"}
    assert not cluster.items(DEPLOYMENT, namespace, labels=left)
    assert all(pod["metadata"].get("deletionTimestamp") for pod in cluster.items(POD, namespace, labels=left))


@pytest.mark.kubernetes
@pytest.mark.slow
def test_no_request_fails_while_shares_change(
    ws: Workspace, cluster: Cluster, namespace: str, tmp_path: Path, crowd_at: Any
) -> None:
    """Short ones from a crowd, half of it on connections that stay open, and long ones all the while."""
    config = AksEndpoint.deploy_configuration(
        version_name="one",
        namespace=namespace,
        num_replicas=1,
        auth_enabled=False,
        replica_max_concurrent_requests=16,
        max_request_wait_time=60_000,
    )
    endpoint = Model.deploy(ws, "moving", [], script(tmp_path, "one", WAITS), config)
    assert isinstance(endpoint, AksEndpoint)
    try:
        endpoint.wait_for_deployment()
        endpoint.create_version("two", inference_config=script(tmp_path, "two", WAITS))
        endpoint.wait_for_deployment()
        uri = endpoint.scoring_uri or ""
        port = urlsplit(uri).port or 0
        with ThreadPoolExecutor(1) as pool, crowd_at(port, clients=4, dials_again=True) as crowd:
            ends = threading.Event()
            long_ones = pool.submit(ask_long_ones, uri, ends)
            for share in range(1, 1 + SHARES):
                endpoint.update_version("two", traffic_percentile=share * 100 / SHARES)
                crowd.wait_for_more(20)
            ends.set()
        answered = long_ones.result()
    finally:
        endpoint.delete()

    assert set(crowd.answers) == {200}, crowd.answers
    assert crowd.refused <= crowd.answers[200] / 1000
    assert set(answered) == {200}


def ask_long_ones(uri: str, ends: threading.Event) -> Counter[int | str]:
    answered: Counter[int | str] = Counter()
    while not ends.is_set():
        try:
            answered[call(uri, method="POST", body=b'"long"', timeout_s=60).status] += 1
        except OSError as error:  # noqa: PERF203 - each one counts
            answered[repr(error)] += 1
    return answered
