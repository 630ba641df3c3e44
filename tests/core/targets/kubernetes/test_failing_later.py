"""What ends a service that served, or keeps its clients from asking: liveness, evictions, credentials, clocks."""

from __future__ import annotations

import contextlib
import os
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from mooring.configs import AksDeploymentConfig
from mooring.deployments.calls import call
from mooring.deployments.target import StartFailed
from mooring.settings import Settings
from mooring.targets.kubernetes import KubernetesTarget
from mooring.targets.kubernetes.cluster import Cluster, Json
from mooring.targets.kubernetes.computes import Compute, Computes
from mooring.targets.kubernetes.errors import CredentialsExpired
from mooring.targets.kubernetes.judging import name_of
from mooring.targets.kubernetes.kinds import POD, SECRET, SERVICE_ACCOUNT, Kind
from mooring.targets.kubernetes.permissions import role, role_binding
from mooring.testing.reporters import Recorder

from .certificates import self_signed
from .conftest import MakeRelease, changed_kubeconfig
from .waiting import until

pytestmark = [pytest.mark.kubernetes]

ROLE = Kind("Role", "rbac.authorization.k8s.io/v1", "roles")
BINDING = Kind("RoleBinding", "rbac.authorization.k8s.io/v1", "rolebindings")
LIMITS = Kind("LimitRange", "v1", "limitranges")

HANGS_ONCE = """\
import os, pathlib, signal, time
mark = pathlib.Path('/tmp/hung')
def init():
    if mark.exists():
        time.sleep(600)
def run(data):
    mark.touch()
    os.kill(os.getpid(), signal.SIGSTOP)
"""
TAKES_ITS_TIME = "import time\ndef init(): time.sleep(8)\ndef run(data): return 1\n"
FILLS = """\
import time
def init():
    with open('/tmp/filled', 'wb') as file:
        for _ in range(64):
            file.write(bytes(2**20))
    time.sleep(600)
def run(data): pass
"""


def test_a_replica_that_shows_no_life_is_restarted_and_the_probe_is_named(
    target: KubernetesTarget, release: MakeRelease
) -> None:
    """The second start does not come up, so that there is time to look at why there was one."""
    probe = {"periodSeconds": 1, "initialDelaySeconds": 1, "timeoutSeconds": 2, "failureThreshold": 2}
    wanted = release(script=HANGS_ONCE, deployment={"livenessProbeRequirements": probe})
    running = target.start(wanted, Recorder())

    with contextlib.suppress(OSError):
        call(running.scoring_uri, method="POST", body=b"1", timeout_s=2)
    until(lambda: sum(row["restarts"] for row in target.replicas("echo")))
    seen = target.observe("echo")

    assert seen.state == "Unhealthy"
    assert seen.crash is not None
    assert seen.crash.code == "probe-failed"
    assert "Liveness probe failed" in seen.crash.engine
    assert "livenessProbeRequirements" in seen.crash.advice


def test_a_pod_that_the_node_puts_out_is_told_with_the_nodes_words(
    cluster: Cluster, target: KubernetesTarget, release: MakeRelease, other: str
) -> None:
    limit = {"type": "Container", "default": {"ephemeral-storage": "16Mi"}}
    manifest: Json = {"apiVersion": "v1", "kind": "LimitRange", "metadata": {"name": "small"}}
    cluster.create(LIMITS, other, {**manifest, "spec": {"limits": [limit]}})

    with pytest.raises(StartFailed) as caught:
        target.start(release(script=FILLS, deployment={"namespace": other}, ready_within_s=240.0), Recorder())

    assert caught.value.crash.code == "pod-evicted", caught.value.crash
    assert "ephemeral" in caught.value.crash.engine
    assert "/tmp" in caught.value.crash.advice


def test_a_pod_that_is_evicted_for_maintenance_is_replaced_and_nobody_is_refused(
    cluster: Cluster, target: KubernetesTarget, release: MakeRelease, namespace: str
) -> None:
    """By the Eviction API, as `kubectl drain` does it: the budget lets one pod go until another has come up."""
    running = target.start(release(script=TAKES_ITS_TIME, deployment={"numReplicas": 2}), Recorder())
    labels = {"mooring.io/service": "echo"}
    gone, kept = (name_of(pod) for pod in cluster.items(POD, namespace, labels=labels))

    def evict(pod: str) -> Json | None:
        body = {"apiVersion": "policy/v1", "kind": "Eviction", "metadata": {"name": pod}}
        return cluster.ask("POST", f"{POD.path(namespace, pod)}/eviction", body)

    evict(gone)
    with pytest.raises(Exception, match="disruption budget"):
        evict(kept)
    until(lambda: ready(target) == 2)

    assert call(running.scoring_uri, method="POST", body=b"1").status == 200
    assert gone not in [row["name"] for row in target.replicas("echo") if row["state"] == "Ready"]


def test_credentials_that_end_in_the_middle_are_told_and_the_next_login_tells_the_truth(
    cluster: Cluster, settings: Settings, release: MakeRelease, namespace: str, tmp_path: Path
) -> None:
    """The token is bound to a Secret; the cluster takes it for nothing once that one is gone."""
    ends = TokenThatEnds(cluster, namespace, tmp_path)
    Computes(settings).add(
        Compute(name="here", kubeconfig=str(ends.kubeconfig), registry=settings.docker_registry)
    )
    target = KubernetesTarget(settings)
    told = Recorder()
    told.event = lambda phase, text, data=None: phase == "image" and ends.end()  # type: ignore[method-assign]

    with pytest.raises(CredentialsExpired) as caught:
        target.start(release(), told)
    Computes(settings).replace(Compute(name="here", registry=settings.docker_registry))
    again = KubernetesTarget(settings)
    try:
        again.tidy("echo")
        assert again.observe("echo").revision is None
        assert again.start(release(revision=2), Recorder()).scoring_uri
    finally:
        again.stop("echo")

    assert caught.value.code == "cluster-credentials"
    assert "Log in again" in caught.value.remedy


@pytest.mark.parametrize(("begins", "ends"), [(1, 2), (-2, -1)], ids=["not-yet", "no-more"])
def test_a_certificate_of_another_day_is_told_as_a_clock_that_is_wrong(
    cluster: Cluster, target: KubernetesTarget, settings: Settings, tmp_path: Path, begins: int, ends: int
) -> None:
    now = datetime.now(timezone.utc)
    days = (now + timedelta(days=begins), now + timedelta(days=ends))
    certificate, key = self_signed(tmp_path, days=days)
    with listening(certificate, key) as port:
        server = f"https://localhost:{port}"
        kubeconfig = changed_kubeconfig(tmp_path, server=server, authority=certificate.read_bytes())
        Computes(settings).add(Compute(name="here", kubeconfig=str(kubeconfig), registry="localhost:5000"))

        (found,) = target.check("echo", AksDeploymentConfig.of({}))

    assert found.code == "clock-skew"
    assert server in found.problem
    assert "clock" in (found.remedy or "")


def ready(target: KubernetesTarget) -> int:
    return sum(row["state"] == "Ready" for row in target.replicas("echo"))


class TokenThatEnds:
    """The least rights there are, until `end`."""

    def __init__(self, cluster: Cluster, namespace: str, folder: Path) -> None:
        self._cluster, self._namespace = cluster, namespace
        name = f"ends-{os.getpid()}"
        secret: Json = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}}
        made = cluster.create(SECRET, namespace, secret)
        assert made is not None
        account: Json = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}}
        cluster.create(SERVICE_ACCOUNT, namespace, account)
        cluster.create(ROLE, namespace, role(namespace, name))
        subject = {"kind": "ServiceAccount", "name": name, "namespace": namespace}
        cluster.create(BINDING, namespace, role_binding(namespace, subject, name))
        bound = {"kind": "Secret", "apiVersion": "v1", "name": name, "uid": made["metadata"]["uid"]}
        wanted: Json = {
            "apiVersion": "authentication.k8s.io/v1",
            "kind": "TokenRequest",
            "spec": {"boundObjectRef": bound},
        }
        told = cluster.ask("POST", SERVICE_ACCOUNT.path(namespace, name) + "/token", wanted)
        assert told is not None
        self._name = name
        self.kubeconfig = changed_kubeconfig(folder, user={"token": told["status"]["token"]})
        self._client = Cluster(kubeconfig=str(self.kubeconfig))

    def end(self) -> None:
        """The API server remembers good tokens for some seconds; return when it takes this one no more."""
        self._cluster.delete(SECRET, self._namespace, self._name)
        until(self._is_refused)

    def _is_refused(self) -> bool:
        try:
            self._client.items(POD, self._namespace)
        except CredentialsExpired:
            return True
        return False


@contextlib.contextmanager
def listening(certificate: Path, key: Path) -> Iterator[int]:
    """A TLS listener that shows this certificate to whoever comes."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_greet, args=(listener, context), daemon=True).start()
        yield int(listener.getsockname()[1])


def _greet(listener: socket.socket, context: ssl.SSLContext) -> None:
    with contextlib.suppress(OSError):
        while True:
            client, _ = listener.accept()
            with contextlib.suppress(OSError), client, context.wrap_socket(client, server_side=True) as asked:
                asked.recv(1)
