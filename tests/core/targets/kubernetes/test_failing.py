"""Whatever keeps a service from coming up has one sure cause, told as soon as the cluster knows it."""

from __future__ import annotations

from pathlib import Path

import pytest

from mooring.configs import AksDeploymentConfig
from mooring.deployments.target import Crash, Release, Resources, StartFailed
from mooring.settings import Settings
from mooring.targets.kubernetes import KubernetesTarget
from mooring.targets.kubernetes.cluster import Cluster, Json
from mooring.targets.kubernetes.computes import Compute, Computes
from mooring.targets.kubernetes.errors import AdmissionRefused
from mooring.targets.kubernetes.kinds import CONFIG_MAP, DEPLOYMENT, Kind
from mooring.testing.reporters import Recorder

from .conftest import MakeRelease, changed_kubeconfig
from .registries import Registry
from .waiting import until

pytestmark = [pytest.mark.kubernetes]

FINE = "def init(): pass\ndef run(data): return 1\n"
QUOTA = Kind("ResourceQuota", "v1", "resourcequotas")
POLICY = Kind(
    "ValidatingAdmissionPolicy",
    "admissionregistration.k8s.io/v1",
    "validatingadmissionpolicies",
    is_namespaced=False,
)
BINDING = Kind(
    "ValidatingAdmissionPolicyBinding",
    "admissionregistration.k8s.io/v1",
    "validatingadmissionpolicybindings",
    is_namespaced=False,
)


def crash_of(target: KubernetesTarget, release: Release) -> Crash:
    """The sure cause; waiting for as long as a start may take would have been the end without one."""
    with pytest.raises(StartFailed) as caught:
        target.start(release, Recorder())
    assert caught.value.crash.timed_out_after_s is None
    return caught.value.crash


def test_a_script_that_raises_is_told_by_its_line(target, release: MakeRelease) -> None:
    crash = crash_of(target, release(script="def init():\n    x = {}\n    x['gone']\ndef run(d): pass\n"))

    assert crash.boot_error is not None
    assert crash.boot_error["line"] == 3
    assert crash.boot_error["path"].endswith("/revisions/1/app/score.py")


def test_a_pod_that_fits_nowhere_is_told_with_numbers_and_what_would_fit(
    target, release: MakeRelease
) -> None:
    crash = crash_of(target, release(script=FINE, resources=Resources(cpu=64)))

    assert crash.code == "unschedulable"
    assert "CPU on 1 of 1 node" in crash.engine
    assert "asks for cpu 64" in crash.engine
    assert "would take cpu" in crash.advice


def test_memory_that_ran_out_is_told_with_limit_and_peak(target, release: MakeRelease) -> None:
    greedy = "def init():\n    global x\n    x = bytearray(300_000_000)\ndef run(d): pass\n"

    crash = crash_of(target, release(script=greedy, resources=Resources(memory_gb=0.1)))

    assert crash.signal == 9
    assert "oom" in crash.engine
    assert crash.memory_limit_bytes == round(0.1 * 1024) * 2**20
    assert crash.memory_peak_bytes


def test_a_sample_that_is_answered_with_an_error_keeps_a_version_from_getting_requests(
    target, release: MakeRelease
) -> None:
    script = "def init(): pass\ndef run(data): raise ValueError('no such column: age')\n"

    crash = crash_of(target, release(script=script, sample={"data": [1]}))

    assert crash.code == "sample-failed"
    assert "500" in crash.engine
    assert any("no such column: age" in line for line in crash.log_tail)


@pytest.mark.parametrize(("harm", "code"), [("stop", "registry-unreachable"), ("empty", "image-not-found")])
def test_an_image_that_can_not_be_pulled_is_told(
    target, release: MakeRelease, settings: Settings, tmp_path: Path, harm: str, code: str
) -> None:
    with Registry(tmp_path) as registry:
        Computes(settings).add(Compute(name="here", registry=registry.address))
        harmed = Recorder()
        harmed.event = lambda phase, text, data=None: phase == "image" and getattr(registry, harm)()

        with pytest.raises(StartFailed) as caught:
            target.start(release(script=FINE), harmed)

    assert caught.value.crash.code == code
    assert registry.address in caught.value.crash.engine


def test_a_quota_is_told(cluster: Cluster, target, release: MakeRelease, other: str) -> None:
    quota: Json = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "none"}}
    cluster.create(QUOTA, other, {**quota, "spec": {"hard": {"pods": "0"}}})

    crash = crash_of(target, release(script=FINE, deployment={"namespace": other}))

    assert crash.code == "quota-exceeded"
    assert "pods=0" in crash.engine


def test_a_policy_that_refuses_is_told_with_its_reason(
    cluster: Cluster, target, release: MakeRelease, other: str
) -> None:
    match = {
        "resourceRules": [
            {
                "apiGroups": ["apps"],
                "apiVersions": ["v1"],
                "operations": ["CREATE"],
                "resources": ["deployments"],
            }
        ]
    }
    policy: Json = {
        "apiVersion": POLICY.version,
        "kind": POLICY.name,
        "metadata": {"name": other},
        "spec": {
            "matchConstraints": match,
            "validations": [{"expression": "'owner' in object.metadata.labels", "message": "name an owner"}],
        },
    }
    binding: Json = {
        "apiVersion": BINDING.version,
        "kind": BINDING.name,
        "metadata": {"name": other},
        "spec": {
            "policyName": other,
            "validationActions": ["Deny"],
            "matchResources": {"namespaceSelector": {"matchLabels": {"rules": other}}},
        },
    }
    cluster.create(POLICY, "", policy)
    cluster.create(BINDING, "", binding)
    try:
        until(lambda: refuses_deployments(cluster, other))  # policies are compiled in the background
        with pytest.raises(Exception, match="name an owner") as caught:
            target.start(release(script=FINE, deployment={"namespace": other}), Recorder())
    finally:
        cluster.delete(BINDING, "", other)
        cluster.delete(POLICY, "", other)

    assert caught.value.code == "admission-refused"
    assert cluster.find(CONFIG_MAP, other, "echo") is None


def refuses_deployments(cluster: Cluster, namespace: str) -> bool:
    pod = {"containers": [{"name": "one", "image": "nothing"}]}
    template = {"metadata": {"labels": {"a": "b"}}, "spec": pod}
    spec = {"selector": {"matchLabels": {"a": "b"}}, "template": template}
    manifest: Json = {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "probe"},
        "spec": spec,
    }
    try:
        cluster.ask("POST", DEPLOYMENT.path(namespace) + "?dryRun=All", manifest)
    except AdmissionRefused:
        return True
    return False


def test_a_namespace_that_is_not_there_is_found_before_anything_is_made(target) -> None:
    found = target.check("echo", AksDeploymentConfig.of({"namespace": "no-such-place"}))

    assert [finding.code for finding in found] == ["namespace-missing"]


def test_a_cluster_that_does_not_answer_is_told_and_services_there_are_unhealthy(
    target, release: MakeRelease, settings: Settings, tmp_path: Path
) -> None:
    kubeconfig = changed_kubeconfig(tmp_path, server="https://127.0.0.1:1")
    Computes(settings).add(Compute(name="gone", kubeconfig=str(kubeconfig), registry="localhost:5000"))

    found = target.check("echo", AksDeploymentConfig.of({}))
    seen = target.observe("echo")

    assert [finding.code for finding in found] == ["cluster-unreachable"]
    assert seen.state == "Unhealthy"
    assert seen.crash is not None
    assert seen.crash.code == "cluster-unreachable"


def test_credentials_that_are_not_accepted_are_told(target, settings: Settings, tmp_path: Path) -> None:
    kubeconfig = changed_kubeconfig(tmp_path, user={"token": "expired"})
    Computes(settings).add(Compute(name="old", kubeconfig=str(kubeconfig), registry="localhost:5000"))

    found = target.check("echo", AksDeploymentConfig.of({}))

    assert [finding.code for finding in found] == ["cluster-credentials"]


def test_a_name_that_another_workspace_has_is_told_with_its_owner(
    target, release: MakeRelease, settings: Settings, tmp_path: Path, namespace: str
) -> None:
    target.start(release(script=FINE), Recorder())
    stranger = KubernetesTarget(
        Settings(**{**vars(settings), "home": tmp_path / "stranger"})  # the same cluster, another home
    )

    found = stranger.check("echo", AksDeploymentConfig.of({"namespace": namespace}))

    assert [finding.code for finding in found] == ["name-taken"]
    assert "workspace default of" in found[0].problem


def test_a_crash_later_on_is_told_with_its_previous_log(
    target: KubernetesTarget, release: MakeRelease
) -> None:
    flag = "import os, threading, time\ndef init():\n    print('came up', flush=True)\n"
    dies = (
        flag
        + "def run(d):\n    print('dying', flush=True)\n    time.sleep(1)\n    os.kill(-1, 9)\n    time.sleep(9)\n"
    )
    running = target.start(release(script=dies), Recorder())

    from mooring.deployments.calls import call

    with pytest.raises(OSError, match=r"."):
        call(running.scoring_uri, method="POST", body=b"1", timeout_s=5)
    until(lambda: any(row["restarts"] for row in target.replicas("echo")))
    until(lambda: target.observe("echo").state == "Healthy")
    lines = [line.text for line in target.logs("echo")]

    assert any(line.endswith("dying") for line in lines)
    assert sum(line.endswith("came up") for line in lines) == 2
    assert not [line for line in lines if "Traceback" in line]
    assert len({line.replica for line in target.logs("echo")}) == 1
