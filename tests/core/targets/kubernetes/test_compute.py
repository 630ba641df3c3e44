"""Clusters attached under a name, and what whoever deploys there must be allowed to do."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

import pytest
import yaml

from mooring.deployments.calls import call
from mooring.deployments.target import ServerOptions
from mooring.settings import Settings
from mooring.targets.kubernetes import KubernetesTarget
from mooring.targets.kubernetes.attaching import attach, detach, size_up
from mooring.targets.kubernetes.cluster import Cluster, Json
from mooring.targets.kubernetes.computes import (
    Compute,
    ComputeExists,
    ComputeInUse,
    ComputeNotFound,
    Computes,
    InvalidCompute,
)
from mooring.targets.kubernetes.errors import NoKubeconfig, RuleMissing
from mooring.targets.kubernetes.kinds import NODE, SERVICE_ACCOUNT, Kind
from mooring.targets.kubernetes.local_clusters import NoClusterTool, create_cluster
from mooring.targets.kubernetes.permissions import role, role_binding
from mooring.testing.reporters import Recorder

from .conftest import MakeRelease

ROLE = Kind("Role", "rbac.authorization.k8s.io/v1", "roles")
BINDING = Kind("RoleBinding", "rbac.authorization.k8s.io/v1", "rolebindings")
real = pytest.mark.kubernetes


class TestWithoutACluster:
    @pytest.fixture
    def computes(self, tmp_path: Path) -> Computes:
        return Computes(Settings(home=tmp_path))

    def test_what_is_added_is_there_for_another_process(self, computes: Computes, tmp_path: Path) -> None:
        computes.add(Compute(name="prod", context="big", namespace="ml"))

        assert Computes(Settings(home=tmp_path)).get("prod").context == "big"

    def test_a_name_is_given_once(self, computes: Computes) -> None:
        computes.add(Compute(name="prod", context="big"))

        with pytest.raises(ComputeExists, match="big"):
            computes.add(Compute(name="prod", context="other"))

    def test_an_unknown_name_is_answered_with_a_near_one(self, computes: Computes) -> None:
        computes.add(Compute(name="prod"))

        with pytest.raises(ComputeNotFound, match="did you mean 'prod'"):
            computes.get("prd")

    @pytest.mark.parametrize(
        "facts",
        [
            {"name": "1st"},
            {"name": "prod", "purpose": "Prod"},
            {"name": "prod", "expose": "magic"},
            {"name": "prod", "expose": "ingress"},
            {"name": "prod", "expose": "gateway"},
            {
                "name": "prod",
                "expose": "gateway",
                "gateway": "infra/public",
                "host": "models.example.com/path",
            },
            {
                "name": "prod",
                "expose": "ingress",
                "ingress_class": "nginx",
                "host": "ftp://models.example.com",
            },
            {"name": "prod", "host": "models.example.com:8080"},
            {"name": "prod", "host": "two words"},
            {"name": "prod", "expose": "gateway", "gateway": "public", "host": "models.example.com:https"},
            {
                "name": "prod",
                "expose": "gateway",
                "gateway": "public",
                "ssl_cert": "a.pem",
                "ssl_key": "b.pem",
            },
            {"name": "prod", "ssl_cert": "chain.pem"},
            {"name": "prod", "gpu_resource": "gpu"},
        ],
        ids=[
            "name",
            "purpose",
            "expose",
            "ingress",
            "gateway",
            "path",
            "scheme",
            "port",
            "words",
            "letters",
            "certificate",
            "tls",
            "accelerator",
        ],
    )
    def test_what_can_not_be_is_refused(self, computes: Computes, facts: dict[str, str]) -> None:
        with pytest.raises(InvalidCompute):
            computes.add(Compute(**facts))

    @pytest.mark.parametrize(
        ("host", "name", "url"),
        [
            ("models.example.com", "models.example.com", "http://models.example.com"),
            ("https://models.example.com:8443/", "models.example.com", "https://models.example.com:8443"),
            ("192.0.2.7:8080", "", "http://192.0.2.7:8080"),
            ("[2001:db8::7]", "", "http://[2001:db8::7]"),
        ],
    )
    def test_a_shared_host_may_have_scheme_and_port(
        self, computes: Computes, host: str, name: str, url: str
    ) -> None:
        computes.add(Compute(name="prod", expose="gateway", gateway="public", host=host))

        kept = computes.get("prod")
        assert (kept.host_name, kept.host_url) == (name, url)

    def test_without_a_tool_it_says_what_to_install(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))

        with pytest.raises(NoClusterTool, match=r"k3d\.io"):
            create_cluster(Compute(name="dev"), nodes=1)


@real
def test_an_attached_cluster_keeps_a_context_and_no_credential(cluster: Cluster, settings: Settings) -> None:
    attach(settings, Compute(name="here", context="test", purpose="DevTest"))

    kept = (settings.workspace_dir / "computetargets.json").read_text()

    assert json.loads(kept)["here"]["context"] == "test"
    assert "BEGIN" not in kept
    assert "client-key" not in kept


@real
def test_a_context_that_is_not_there_is_told_with_those_that_are(
    cluster: Cluster, settings: Settings
) -> None:
    with pytest.raises(NoKubeconfig, match="Use one of test"):
        attach(settings, Compute(name="here", context="tset"))


@real
def test_a_cluster_too_small_for_its_purpose_is_told(cluster: Cluster, settings: Settings) -> None:
    if (cores := len(cluster.items(NODE, None))) > 4:
        pytest.skip(f"a cluster of {cores} nodes")

    found = size_up(settings, Compute(name="here", context="test", purpose="FastProd"))

    assert "cluster-small" in [finding.code for finding in found]


@real
def test_least_rights_are_enough_for_all_a_service_goes_through(
    cluster: Cluster, settings: Settings, namespace: str, release: MakeRelease, tmp_path: Path
) -> None:
    kubeconfig = restricted_kubeconfig(cluster, namespace, tmp_path)
    attach(settings, Compute(name="least", kubeconfig=str(kubeconfig), namespace=namespace))
    target = KubernetesTarget(settings)
    keys = release().folder / "keys.json"
    keys.write_text(json.dumps({"primary": "one", "secondary": "two", "signing": "s" * 32}))
    server = ServerOptions(auth_mode="key", keys_path=keys)
    try:
        running = target.start(release(revision=2, server=server), Recorder())
        target.start(release(revision=3, server=server), Recorder())
        assert target.observe("echo").revision == 3
        assert list(target.logs("echo"))
        assert target.replicas("echo")
        keys.write_text(json.dumps({"primary": "new", "secondary": "two", "signing": "s" * 32}))
        target.apply_keys("echo")
        answer = call(running.scoring_uri, method="POST", body=b"1", bearer="new")
        refused = call(running.scoring_uri, method="POST", body=b"1", bearer="one")
    finally:
        target.stop("echo")

    assert answer.status == 200
    assert refused.status == 401
    assert not target.observe("echo").present
    with pytest.raises(RuleMissing, match="list nodes"):
        Cluster(kubeconfig=str(kubeconfig)).items(NODE, None)


@real
def test_a_missing_rule_is_found_before_anything_is_made(
    cluster: Cluster, settings: Settings, namespace: str, tmp_path: Path
) -> None:
    kubeconfig = restricted_kubeconfig(cluster, namespace, tmp_path, without="deployments")
    attach(settings, Compute(name="less", kubeconfig=str(kubeconfig), namespace=namespace))
    from mooring.configs import AksDeploymentConfig

    found = KubernetesTarget(settings).check("echo", AksDeploymentConfig.of({}))

    assert [finding.code for finding in found] == ["rbac-forbidden"]
    assert "create deployments.apps" in found[0].problem


@real
def test_a_cluster_that_services_use_is_not_detached(
    cluster: Cluster, settings: Settings, namespace: str, release: MakeRelease
) -> None:
    attach(settings, Compute(name="busy", context="test", namespace=namespace))
    target = KubernetesTarget(settings)
    target.start(release(), Recorder())
    try:
        with pytest.raises(ComputeInUse, match="echo"):
            detach(settings, "busy", ["echo"])
    finally:
        target.stop("echo")

    detach(settings, "busy", ["echo"])
    assert not Computes(settings).list()


def restricted_kubeconfig(cluster: Cluster, namespace: str, folder: Path, without: str = "") -> Path:
    """Of an account that has the Role we ship, and nothing more."""
    name = f"deployer{'-less' if without else ''}"
    account: Json = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}}
    cluster.create(SERVICE_ACCOUNT, namespace, account)
    granted = role(namespace, name)
    granted["rules"] = [rule for rule in granted["rules"] if without not in rule["resources"]]
    cluster.create(ROLE, namespace, granted)
    subject = {"kind": "ServiceAccount", "name": name, "namespace": namespace}
    cluster.create(BINDING, namespace, role_binding(namespace, subject, name))
    wanted: Json = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}}
    told = cluster.ask("POST", SERVICE_ACCOUNT.path(namespace, name) + "/token", wanted)
    assert told is not None
    raw = yaml.safe_load(Path(os.environ["KUBECONFIG"].partition(":")[0]).read_text())
    raw["users"][0]["user"] = {"token": told["status"]["token"]}
    path = folder / f"{name}.kubeconfig"
    path.write_text(yaml.safe_dump(raw))
    assert base64.b64decode(raw["clusters"][0]["cluster"]["certificate-authority-data"])
    return path
