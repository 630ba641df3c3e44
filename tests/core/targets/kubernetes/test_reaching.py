"""Each way to a service: a node port is the contract's; here the others."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import ssl
import urllib.request
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mooring.configs import AksDeploymentConfig
from mooring.deployments.calls import call
from mooring.deployments.ownership import process_started
from mooring.deployments.target import Release, ServerOptions
from mooring.settings import Settings
from mooring.targets.kubernetes import KubernetesTarget
from mooring.targets.kubernetes.cluster import Cluster
from mooring.targets.kubernetes.computes import Compute, Computes
from mooring.targets.kubernetes.kinds import INGRESS, NETWORK_POLICY, NODE, SERVICE
from mooring.testing.reporters import Recorder

from .certificates import self_signed
from .conftest import MakeRelease
from .controller import GATEWAY_API, has_gateway_api
from .waiting import turn_with, until

pytestmark = [pytest.mark.kubernetes]


def attached(settings: Settings, **facts: Any) -> None:
    Computes(settings).add(Compute(name="here", registry=settings.docker_registry, **facts))


def test_a_forward_of_this_machine_leads_to_what_is_not_exposed(
    target: KubernetesTarget, settings: Settings, release: MakeRelease
) -> None:
    attached(settings, expose="port-forward")
    running = target.start(release(), Recorder())
    pid = int(next(iter(_pids(settings))))

    answer = call(running.scoring_uri, method="POST", body=b"1")
    os.kill(pid, signal.SIGKILL)
    until(lambda: not process_started(pid))
    seen = target.observe("echo")  # starts it again
    again = call(running.scoring_uri, method="POST", body=b"2")
    target.stop("echo")

    assert running.details["reached_by"] == "port-forward of this machine"
    assert (answer.status, again.status) == (200, 200)
    assert seen.running is not None
    assert seen.running.scoring_uri == running.scoring_uri
    with pytest.raises(OSError, match=r"."):
        call(running.scoring_uri, method="POST", body=b"3", timeout_s=5)


def test_a_clusters_certificate_is_every_services(
    cluster: Cluster,
    target: KubernetesTarget,
    settings: Settings,
    release: MakeRelease,
    namespace: str,
    tmp_path: Path,
) -> None:
    certificate, key = self_signed(tmp_path)
    attached(
        settings, ssl_cert=str(certificate), ssl_key=str(key), ssl_cname="localhost", network_policy=True
    )

    running = target.start(release(sample={"data": [1]}), Recorder())

    assert running.scoring_uri.startswith("https://localhost:")
    trusted = ssl.create_default_context(cafile=str(certificate))
    asked = urllib.request.Request(running.scoring_uri, b"1", {"Content-Type": "application/json"})
    with urllib.request.urlopen(asked, timeout=10, context=trusted) as answer:
        assert answer.status == 200
    assert cluster.find(NETWORK_POLICY, namespace, "echo") is not None
    target.stop("echo")
    assert cluster.find(NETWORK_POLICY, namespace, "echo") is None


def test_below_an_ingress_a_service_answers_at_the_path_that_the_ingress_hands_on(
    cluster: Cluster, target: KubernetesTarget, settings: Settings, release: MakeRelease, namespace: str
) -> None:
    """No controller has to rewrite anything; here a node port stands for the controller's connection."""
    attached(settings, expose="ingress", ingress_class="any")
    target.start(with_keys(release()), Recorder())
    made = cluster.find(INGRESS, namespace, "echo")
    assert made is not None
    (path,) = made["spec"]["rules"][0]["http"]["paths"]
    cluster.merge(SERVICE, namespace, "echo", {"spec": {"type": "NodePort"}})
    behind = cluster.find(SERVICE, namespace, "echo")
    assert behind is not None
    inside = f"http://127.0.0.1:{behind['spec']['ports'][0]['nodePort']}{path['path']}"

    def answers(way: str, **more: Any) -> int:
        with contextlib.suppress(OSError):
            return call(inside + way, **more).status
        return 0

    assert (path["path"], path["pathType"]) == ("/api/v1/service/echo", "Prefix")
    until(lambda: answers("/score", method="POST", body=b"1", bearer="one") == 200)
    assert answers("/score", method="POST", body=b"1") == 401
    assert [answers(way) for way in ("/", "/metrics", "/metrics/no")] == [200, 200, 401]


def test_a_load_balancer_that_nobody_assigns_is_told_and_the_url_moves_once_somebody_does(
    cluster: Cluster, target: KubernetesTarget, settings: Settings, release: MakeRelease, namespace: str
) -> None:
    address = unused_address(cluster)
    if address is None:
        pytest.skip("no way from here to addresses that the nodes take for a load balancer's")
    attached(settings, expose="load-balancer")
    told = Recorder()

    running = target.start(release(), told)
    if running.details["reached_by"] == "load balancer":
        pytest.skip("something in this cluster assigns addresses")
    before = call(running.scoring_uri, method="POST", body=b"1")
    # What a cloud's controller does: an address that leads to the Service, written down in its status.
    balancer = {"status": {"loadBalancer": {"ingress": [{"ip": address}]}}}
    cluster.merge(SERVICE, namespace, "echo/status", balancer)
    until(lambda: moved(target))
    after = target.observe("echo")
    answer = call(f"http://{address}:8080/score", method="POST", body=b"2")
    second = target.start(release(revision=2), Recorder())

    assert running.details["reached_by"] == "port-forward of this machine"
    assert any(
        "load-balancer of echo is pending" in text for phase, text in told.events if phase == "address"
    )
    assert (before.status, answer.status) == (200, 200)
    assert after.running is not None
    assert after.running.scoring_uri == f"http://{address}:8080/score"
    assert second.scoring_uri == after.running.scoring_uri


def moved(target: KubernetesTarget) -> bool:
    return target.observe("echo").details["reached_by"] == "load balancer"


def unused_address(cluster: Cluster) -> str | None:
    """One near the node's own, which nobody has; None when the node is another machine."""
    (node, *_) = cluster.items(NODE, None)
    own = next(each["address"] for each in node["status"]["addresses"] if each["type"] == "InternalIP")
    with contextlib.suppress(OSError), socket.socket() as probe:
        probe.bind((own, 0))
        first, second, *_ = own.split(".")
        return f"{first}.{second}.{200 + os.getpid() % 50}.{1 + os.getpid() % 250}"
    return None


def with_keys(release: Release) -> Release:
    keys = release.folder / "keys.json"
    keys.write_text(json.dumps({"primary": "one", "secondary": "two", "signing": "s" * 32}))
    return replace(release, server=ServerOptions(auth_mode="key", keys_path=keys))


def test_a_gateway_that_the_cluster_can_not_have_is_told(
    cluster: Cluster, target: KubernetesTarget, settings: Settings
) -> None:
    attached(settings, expose="gateway", gateway="infra/public", host="models.example.com")

    with turn_with(GATEWAY_API):
        if has_gateway_api(cluster):
            pytest.skip("this cluster has the Gateway API")
        found = target.check("echo", AksDeploymentConfig.of({}))

    assert "gateway-missing" in [finding.code for finding in found]


def _pids(settings: Settings) -> list[int]:
    files = settings.workspace_dir.rglob("forward.json")
    return [json.loads(file.read_text())["pid"] for file in files]
