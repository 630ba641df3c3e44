"""A path below an address that others use, too: a real controller serves the Ingress and the HTTPRoute."""

from __future__ import annotations

import os
import ssl
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from mooring import AksEndpoint, Model
from mooring.configs import AksDeploymentConfig
from mooring.deployments.calls import call
from mooring.sdk.workspace import Workspace
from mooring.settings import Settings
from mooring.targets.kubernetes import KubernetesTarget, reaching
from mooring.targets.kubernetes.cluster import Cluster
from mooring.targets.kubernetes.computes import Computes
from mooring.targets.kubernetes.kinds import GATEWAY, SERVICE
from mooring.testing.reporters import Recorder

from .certificates import self_signed
from .conftest import MakeRelease, script, stop_or_skip
from .controller import Traefik, gateway_api
from .test_reaching import attached, with_keys
from .waiting import until

pytestmark = [pytest.mark.kubernetes, pytest.mark.slow]

PATH = "/api/v1/service/echo"


@pytest.fixture(autouse=True)
def _traefik_is_here(cluster: Cluster) -> None:
    if not os.environ.get("MOORING_TEST_TRAEFIK"):
        stop_or_skip("no ingress controller: MOORING_TEST_TRAEFIK is not set, see traefik/build")


@pytest.fixture
def traefik(cluster: Cluster, namespace: str, tmp_path: Path) -> Iterator[Traefik]:
    with Traefik(cluster, namespace, tmp_path) as running:
        yield running


def test_an_ingress_gets_its_address_from_the_controller_and_keeps_it_without_failing_a_request(
    target: KubernetesTarget, settings: Settings, release: MakeRelease, traefik: Traefik, crowd_at: Any
) -> None:
    if not traefik.has_port_80:
        stop_or_skip("port 80 is not ours to listen at")
    attached(settings, expose="ingress", ingress_class=traefik.name)

    running = target.start(release(), Recorder())
    with crowd_at(traefik.http, path=f"{PATH}/score") as crowd:
        crowd.wait_for_more(20)
        second = target.start(release(revision=2), Recorder())
        crowd.wait_for_more(20)

    assert running.scoring_uri == f"http://{traefik.address}{PATH}/score"
    assert running.details["reached_by"] == "ingress"
    assert second.scoring_uri == running.scoring_uri
    assert call(running.scoring_uri, method="POST", body=b"1").status == 200
    assert dict(crowd.answers).keys() == {200}


def test_an_ingress_has_the_clusters_certificate_and_asks_for_the_services_keys(
    target: KubernetesTarget, settings: Settings, release: MakeRelease, traefik: Traefik, tmp_path: Path
) -> None:
    trusted = with_certificate(settings, traefik, tmp_path)

    running = target.start(with_keys(release()), Recorder())
    with httpx.Client(verify=trusted) as client:
        with_key = client.post(running.scoring_uri, json=1, headers={"Authorization": "Bearer one"})
        without = client.post(running.scoring_uri, json=1)

    assert running.scoring_uri == f"https://localhost:{traefik.https}{PATH}/score"
    assert (with_key.status_code, without.status_code) == (200, 401)


def test_an_ingress_of_a_class_that_is_not_there_is_told_with_those_that_are_and_a_forward_serves(
    target: KubernetesTarget, settings: Settings, release: MakeRelease, traefik: Traefik
) -> None:
    attached(settings, expose="ingress", ingress_class="no-such", host=f"127.0.0.1:{traefik.http}")
    told = Recorder()

    running = target.start(release(), told)

    assert running.details["reached_by"] == "port-forward of this machine"
    pending = next(text for _, text in told.events if "is pending" in text)
    _, _, there = pending.partition("has no IngressClass 'no-such'; it has ")
    assert traefik.name in there
    assert call(running.scoring_uri, method="POST", body=b"1").status == 200


def test_a_gateway_tells_its_address_and_why_it_refuses_a_route(
    cluster: Cluster,
    target: KubernetesTarget,
    settings: Settings,
    release: MakeRelease,
    namespace: str,
    tmp_path: Path,
) -> None:
    attached(settings, expose="gateway", gateway=f"{namespace}/public")
    told = Recorder()
    nobody = {"namespaces": {"from": "Selector", "selector": {"matchLabels": {"is": "nobody"}}}}

    with gateway_api(cluster), Traefik(cluster, namespace, tmp_path, has_gateways=True) as traefik:
        missing = target.check("echo", AksDeploymentConfig.of({"namespace": namespace}))
        cluster.create(GATEWAY, namespace, traefik.gateway("public", allowedRoutes=nobody))
        refused = target.start(release(), told)
        open_again = traefik.gateway("public")["spec"]
        cluster.merge(GATEWAY, namespace, "public", {"spec": open_again})
        until(lambda: target.observe("echo").details["reached_by"] == "gateway")
        moved = target.observe("echo").running
        answer = call(moved.scoring_uri, method="POST", body=b"1") if moved else None
        target.stop("echo")

    assert [each.code for each in missing] == ["gateway-missing"]
    assert f"no Gateway 'public' in namespace {namespace}" in missing[0].problem
    assert refused.details["reached_by"] == "port-forward of this machine"
    pending = next(text for _, text in told.events if "is pending" in text)
    assert "none of its listeners allows routes of this namespace" in pending
    assert moved is not None
    assert moved.scoring_uri == f"http://127.0.0.1:{traefik.http}{PATH}/score"
    assert answer is not None
    assert answer.status == 200
    assert urlsplit(refused.scoring_uri).hostname == "127.0.0.1"


def test_an_ingress_with_a_certificate_leads_to_the_versions_of_an_endpoint(
    ws: Workspace,
    cluster: Cluster,
    settings: Settings,
    namespace: str,
    traefik: Traefik,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Versions get node ports here, as pods of the tests' cluster may not reach Services of their own node."""
    monkeypatch.setitem(reaching._SEARCH_S, "ingress", 5.0)  # none answers before the versions have them
    trusted = with_certificate(settings, traefik, tmp_path)
    config = AksEndpoint.deploy_configuration(
        version_name="one", namespace=namespace, num_replicas=1, cpu_cores=0.05, memory_gb=0.2
    )
    endpoint = Model.deploy(ws, "shared", [], script(tmp_path, "one"), config)
    assert isinstance(endpoint, AksEndpoint)
    try:
        endpoint.wait_for_deployment()
        endpoint.create_version("two", inference_config=script(tmp_path, "two"), traffic_percentile=20)
        endpoint.wait_for_deployment()
        for version in ("shared-one", "shared-two"):
            cluster.merge(SERVICE, namespace, version, {"spec": {"type": "NodePort"}})
        endpoint.update_version("two", traffic_percentile=50)

        headers = {"Authorization": f"Bearer {endpoint.get_keys()[0]}"}
        uri = endpoint.scoring_uri or ""
        with httpx.Client(verify=trusted, headers=headers) as client:
            until(lambda: client.post(uri, json=1).status_code == 200)
            seen = {client.post(uri, json=1).json() for _ in range(20)}
    finally:
        endpoint.delete()

    assert uri == f"https://localhost:{traefik.https}/api/v1/service/shared/score"
    assert seen == {"one", "two"}


def test_a_service_moves_when_its_cluster_exposes_it_in_another_way(
    target: KubernetesTarget, settings: Settings, release: MakeRelease, traefik: Traefik
) -> None:
    attached(settings, expose="port-forward")
    first = target.start(release(), Recorder())
    here = Computes(settings).get("here")

    shared = {"expose": "ingress", "ingress_class": traefik.name, "host": f"127.0.0.1:{traefik.http}"}
    Computes(settings).replace(replace(here, **shared))
    before_the_update = target.observe("echo").running
    second = target.start(release(revision=2), Recorder())
    Computes(settings).replace(replace(here, expose="node-port"))
    third = target.start(release(revision=3), Recorder())

    assert before_the_update is not None
    assert before_the_update.scoring_uri == first.scoring_uri
    assert second.scoring_uri == f"http://127.0.0.1:{traefik.http}{PATH}/score"
    with pytest.raises(OSError, match=r"."):
        call(first.scoring_uri, method="POST", body=b"1", timeout_s=5)
    assert third.details["reached_by"] == "node port"
    assert call(third.scoring_uri, method="POST", body=b"1").status == 200
    until(lambda: call(second.scoring_uri, method="POST", body=b"1").status == 404)


def with_certificate(settings: Settings, traefik: Traefik, folder: Path) -> ssl.SSLContext:
    """The cluster's Ingress has one of its own, which the context trusts."""
    certificate, key = self_signed(folder)
    attached(
        settings,
        expose="ingress",
        ingress_class=traefik.name,
        host=f"localhost:{traefik.https}",
        ssl_cert=str(certificate),
        ssl_key=str(key),
    )
    return ssl.create_default_context(cafile=str(certificate))
