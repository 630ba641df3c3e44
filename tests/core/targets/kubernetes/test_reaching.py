"""Each way to a service: a node port is the contract's; here the others."""

from __future__ import annotations

import os
import signal
import ssl
import urllib.request
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from mooring.configs import AksDeploymentConfig
from mooring.deployments.calls import call
from mooring.settings import Settings
from mooring.targets.kubernetes import KubernetesTarget
from mooring.targets.kubernetes.cluster import Cluster
from mooring.targets.kubernetes.computes import Compute, Computes
from mooring.targets.kubernetes.kinds import INGRESS, NETWORK_POLICY
from mooring.targets.kubernetes.place import KubernetesPlace
from mooring.targets.kubernetes.reaching import exposing_objects
from mooring.testing.reporters import Recorder

from .conftest import MakeRelease

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


def test_an_ingress_is_one_the_cluster_takes(cluster: Cluster, settings: Settings, namespace: str) -> None:
    compute = Compute(name="here", expose="ingress", ingress_class="nginx", host="models.example.com")
    place = KubernetesPlace(settings, "echo", compute, namespace)

    (made,) = [cluster.apply(INGRESS, namespace, each) for each in exposing_objects(place, 8080)]

    assert made["spec"]["rules"][0]["host"] == "models.example.com"
    cluster.delete(INGRESS, namespace, "echo")


def test_a_gateway_that_the_cluster_can_not_have_is_told(
    cluster: Cluster, target: KubernetesTarget, settings: Settings
) -> None:
    if cluster.ask("GET", "/apis/gateway.networking.k8s.io/v1") is not None:
        pytest.skip("this cluster has the Gateway API")
    attached(settings, expose="gateway", gateway="infra/public")

    found = target.check("echo", AksDeploymentConfig.of({}))

    assert "gateway-missing" in [finding.code for finding in found]


def _pids(settings: Settings) -> list[int]:
    import json

    files = settings.workspace_dir.rglob("forward.json")
    return [json.loads(file.read_text())["pid"] for file in files]


def self_signed(folder: Path) -> tuple[Path, Path]:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(timezone.utc)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "chain.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return certificate, private
