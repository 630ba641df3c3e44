"""A real cluster and a registry it pulls from; without them the tests are skipped, in CI they fail."""

from __future__ import annotations

import base64
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from mooring import InferenceConfig
from mooring.deployments.target import Release
from mooring.environments import Resolution
from mooring.errors import MooringError
from mooring.sdk.workspace import Workspace
from mooring.settings import Settings
from mooring.targets.kubernetes import KubernetesTarget
from mooring.targets.kubernetes.cluster import Cluster, Json, has_kubeconfig
from mooring.targets.kubernetes.kinds import NAMESPACE
from mooring.testing.releases import make_release

BASE = os.environ.get("MOORING_TEST_BASE_IMAGE", "python:3.11-slim")
REGISTRY = os.environ.get("MOORING_TEST_REGISTRY", "localhost:5000")
NETWORK = os.environ.get("MOORING_TEST_BUILD_NETWORK", "host")

MakeRelease = Callable[..., Release]


def stop_or_skip(reason: str) -> None:
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"CI must have a Kubernetes cluster: {reason}")
    pytest.skip(f"no Kubernetes cluster: {reason}")


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    if not has_kubeconfig():
        stop_or_skip("no kubeconfig")
    found = Cluster()
    try:
        found.ask("GET", "/readyz?verbose")
    except MooringError as trouble:
        stop_or_skip(trouble.problem)
    return found


def new_namespace(cluster: Cluster, name: str, **labels: str) -> None:
    labels = {"pod-security.kubernetes.io/enforce": "restricted", **labels}
    manifest: Json = {
        "apiVersion": "v1",
        "kind": "Namespace",
        "metadata": {"name": name, "labels": labels},
    }
    cluster.create(NAMESPACE, "", manifest)


@pytest.fixture(scope="session")
def namespace(cluster: Cluster) -> Iterator[str]:
    """A namespace of this test process alone, which lets in nothing but restricted pods."""
    name = f"mooring-test-{os.getpid()}"
    new_namespace(cluster, name)
    yield name
    cluster.delete(NAMESPACE, "", name)


@pytest.fixture
def settings(cluster: Cluster, tmp_path: Path) -> Settings:
    return Settings(
        home=tmp_path / "home",
        docker_base_image=BASE,
        docker_build_network=NETWORK,
        docker_registry=REGISTRY,
    )


@pytest.fixture
def release(settings: Settings, namespace: str) -> MakeRelease:
    """Makes releases that need no package: `release(revision=2, script="…")`; one replica unless said."""

    def make(**changes: Any) -> Release:
        config = {"namespace": namespace, "numReplicas": 1, **changes.pop("deployment", {})}
        made = make_release(settings, **{"environment": plain_environment(), **changes})
        return replace(
            made, compute_type="aks", deployment=config, ready_within_s=changes.get("ready_within_s", 90.0)
        )

    return make


@pytest.fixture
def target(settings: Settings) -> Iterator[KubernetesTarget]:
    made = KubernetesTarget(settings)
    yield made
    made.stop("echo")


def plain_environment() -> Resolution:
    """The base image's Python in a virtual environment, and nothing in it."""
    return Resolution(digest="none-for-3.11", python_version="3.11")


@pytest.fixture
def ws(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Workspace:
    monkeypatch.setenv("MOORING_HOME", str(settings.home))
    monkeypatch.setenv("MOORING_DOCKER_BASE_IMAGE", settings.docker_base_image)
    monkeypatch.setenv("MOORING_DOCKER_BUILD_NETWORK", settings.docker_build_network)
    monkeypatch.setenv("MOORING_DOCKER_REGISTRY", settings.docker_registry)
    monkeypatch.chdir(tmp_path)
    return Workspace()


def script(folder: Path, version: str, text: str = "") -> InferenceConfig:
    """Of a script that answers with the version's name, or of the text."""
    path = folder / version / "score.py"
    path.parent.mkdir()
    path.write_text(text or f"def init(): pass\ndef run(data): return {version!r}\n")
    (folder / version / "env.yml").write_text("dependencies:\n- python=3.11\n")
    return InferenceConfig(entry_script=str(path), conda_file=str(folder / version / "env.yml"))


def changed_kubeconfig(
    folder: Path, *, server: str = "", user: Json | None = None, authority: bytes = b""
) -> Path:
    """The kubeconfig of the tests, leading to another server, as another user, or trusting another authority."""
    raw = yaml.safe_load(Path(os.environ["KUBECONFIG"].partition(":")[0]).read_text())
    if server:
        raw["clusters"][0]["cluster"]["server"] = server
    if authority:
        raw["clusters"][0]["cluster"]["certificate-authority-data"] = base64.b64encode(authority).decode()
    if user is not None:
        raw["users"][0]["user"] = user
    path = folder / "kubeconfig"
    path.write_text(yaml.safe_dump(raw))
    return path


@pytest.fixture
def other(cluster: Cluster) -> Iterator[str]:
    """Another namespace, for rules that would hinder the other tests."""
    name = f"mooring-rules-{os.getpid()}-{time.monotonic_ns() % 100000}"
    new_namespace(cluster, name, rules=name)
    yield name
    cluster.delete(NAMESPACE, "", name)
