"""Whatever dies at whatever moment: the next command tells the truth, and nothing is left that nobody can name."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import yaml

from mooring.deployments.calls import call
from mooring.deployments.records import now
from mooring.deployments.values import Revision, Service
from mooring.settings import Settings
from mooring.targets.kubernetes import KubernetesTarget
from mooring.targets.kubernetes.applying import Applier
from mooring.targets.kubernetes.cluster import Cluster
from mooring.targets.kubernetes.computes import Compute, Computes
from mooring.targets.kubernetes.errors import NameTaken
from mooring.targets.kubernetes.kinds import CONFIG_MAP, DEPLOYMENT, NAMESPACE, POD, SECRET, SERVICE
from mooring.targets.kubernetes.manifests import release_objects
from mooring.targets.kubernetes.reaching import Address
from mooring.targets.kubernetes.root import Root
from mooring.testing.reporters import Recorder
from mooring.workspace import Workspace

from .conftest import MakeRelease, changed_kubeconfig, new_namespace
from .gate import Gate
from .own_api_server import OwnApiServer
from .waiting import until

pytestmark = [pytest.mark.kubernetes, pytest.mark.slow]

ROUNDS = int(os.environ.get("MOORING_KUBERNETES_KILL_ROUNDS", "1"))
MANY = 100
SCRIPT = "def init(): pass\ndef run(data): return {}\n"


class Client:
    """The command line, in processes of its own."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        self._folder = folder
        self._variables = {
            **os.environ,
            "MOORING_HOME": str(settings.home),
            "MOORING_DOCKER_BASE_IMAGE": settings.docker_base_image,
            "MOORING_DOCKER_BUILD_NETWORK": settings.docker_build_network,
            "MOORING_DOCKER_REGISTRY": settings.docker_registry,
        }
        (folder / "env.yml").write_text("dependencies: [python=3.11]\n")

    def write(self, version: int) -> None:
        (self._folder / "score.py").write_text(SCRIPT.format(version))

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "mooring", *words],
            env=self._variables,
            cwd=self._folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def run(self, *words: str) -> str:
        with self.start(*words) as process:
            return process.communicate(timeout=150)[0]

    def kill_after(self, seconds: float, *words: str) -> None:
        with self.start(*words) as process:
            time.sleep(seconds)
            process.kill()


@pytest.fixture
def client(settings: Settings, tmp_path: Path, namespace: str) -> Client:
    made = Client(settings, tmp_path)
    config = {"computeType": "aks", "namespace": namespace, "numReplicas": 1, "authEnabled": False}
    (tmp_path / "dc.json").write_text(json.dumps(config))
    return made


def left_of(cluster: Cluster, namespace: str, service: str) -> list[str]:
    kinds = (CONFIG_MAP, DEPLOYMENT, SERVICE, SECRET)
    labels = {"mooring.io/service": service}
    return [
        item["metadata"]["name"] for kind in kinds for item in cluster.items(kind, namespace, labels=labels)
    ]


def test_a_client_killed_at_any_moment_leaves_a_truth_that_can_be_told(
    client: Client, cluster: Cluster, namespace: str
) -> None:
    chance = random.Random(7)
    deploy = (
        "model",
        "deploy",
        "-n",
        "hurt",
        "--es",
        "score.py",
        "--cf",
        "env.yml",
        "--dc",
        "dc.json",
        "--overwrite",
    )
    for _ in range(ROUNDS):
        client.write(1)
        client.kill_after(chance.uniform(1.0, 8.0), *deploy)
        shown = json.loads(client.run("service", "list", "-o", "json") or "[]")
        assert [each["state"] for each in shown if each["state"] not in ("Healthy", "Failed")] == []

        assert "Healthy" in client.run(*deploy)
        (deployed,) = json.loads(client.run("service", "list", "-o", "json"))
        client.write(2)
        client.kill_after(chance.uniform(0.5, 6.0), "service", "update", "-n", "hurt")
        (told,) = json.loads(client.run("service", "list", "-o", "json"))
        assert told["state"] == "Healthy"
        wanted = "2" if told["revision"] > deployed["revision"] else "1"
        until(lambda: client.run("service", "run", "-n", "hurt", "-d", "1").strip() == wanted)  # noqa: B023

        client.kill_after(chance.uniform(0.3, 1.5), "service", "delete", "-n", "hurt")
        client.run("service", "list")
        client.run("service", "delete", "-n", "hurt")
        assert left_of(cluster, namespace, "hurt") == []


def test_what_a_lost_home_left_is_named_and_removed_by_gc(
    target: KubernetesTarget, release: MakeRelease, cluster: Cluster, namespace: str, settings: Settings
) -> None:
    target.start(release(), Recorder())

    found = target.garbage(services=[])
    target.remove_garbage(found)

    assert ("echo", f"ConfigMap in {namespace}") in {(each.name, each.kind) for each in found}
    until(lambda: left_of(cluster, namespace, "echo") == [])


def test_an_api_server_that_goes_away_in_the_middle_is_waited_for(
    target: KubernetesTarget, release: MakeRelease, settings: Settings, tmp_path: Path, namespace: str
) -> None:
    raw = yaml.safe_load(Path(os.environ["KUBECONFIG"]).read_text())
    with Gate(raw["clusters"][0]["cluster"]["server"]) as gate:
        raw["clusters"][0]["cluster"] |= {"server": gate.address, "tls-server-name": gate.host}
        (tmp_path / "kubeconfig").write_text(yaml.safe_dump(raw))
        Computes(settings).add(
            Compute(name="gated", kubeconfig=str(tmp_path / "kubeconfig"), registry="localhost:5000")
        )
        told = Recorder()
        told.progress = lambda phase, text: gate.shut_for(3.0) if "replicas ready" in text else None

        running = target.start(release(), told)

        assert gate.was_shut
        assert running.scoring_uri
        target.stop("echo")


def test_an_api_server_that_is_killed_and_restarted_in_the_middle_is_waited_for(
    cluster: Cluster, target: KubernetesTarget, release: MakeRelease, settings: Settings, tmp_path: Path
) -> None:
    with OwnApiServer(cluster, tmp_path) as server:
        kubeconfig = changed_kubeconfig(tmp_path, server=server.address)
        Computes(settings).add(
            Compute(name="own", kubeconfig=str(kubeconfig), registry=settings.docker_registry)
        )
        told, words = Recorder(), []

        def note(_phase: str, text: str) -> None:
            is_first = not any("replicas ready" in each for each in words)
            words.append(text)
            if is_first and "replicas ready" in text:
                server.restart(away_s=3.0)

        told.progress = note  # type: ignore[method-assign]

        running = target.start(release(), told)
        answer = call(running.scoring_uri, method="POST", body=b"1")
        target.stop("echo")

    assert answer.status == 200
    assert any("waiting for it" in text for text in words)


def test_of_two_clients_that_want_a_name_one_gets_it(
    settings: Settings, release: MakeRelease, tmp_path: Path
) -> None:
    targets = [
        KubernetesTarget(settings),
        KubernetesTarget(Settings(**{**vars(settings), "home": tmp_path / "other"})),
    ]
    wanted = release()
    meet = threading.Barrier(2)

    def begin(target: KubernetesTarget) -> str:
        meet.wait()
        try:
            return target.start(wanted, Recorder()).scoring_uri
        except NameTaken as error:
            return error.code

    try:
        with ThreadPoolExecutor(2) as pool:
            ended = list(pool.map(begin, targets))
    finally:
        for target in targets:
            target.stop("echo")

    assert sorted(end == "name-taken" for end in ended) == [False, True]


def test_a_hundred_services_are_listed_within_a_second(
    cluster: Cluster, settings: Settings, release: MakeRelease
) -> None:
    """Made by the target's own objects, scaled to nothing: a hundred pods are more than a small node takes."""
    name = f"mooring-many-{os.getpid()}"
    new_namespace(cluster, name)
    target = KubernetesTarget(settings)
    workspace = Workspace(settings)
    try:
        with ThreadPoolExecutor(4) as pool:
            list(
                pool.map(lambda n: plant(target, cluster, workspace, release, name, f"many-{n}"), range(MANY))
            )
        workspace.services.list()
        seconds = min(timed(workspace) for _ in range(8))  # the machine may be busy with others' tests
        found = workspace.services.list()
    finally:
        workspace.close()
        cluster.delete(NAMESPACE, "", name)

    assert len(found) == MANY
    assert {service.failure.code for service in found if service.failure} == {"not-running"}
    assert seconds < 1.0
    assert not cluster.items(POD, name)


def timed(workspace: Workspace) -> float:
    began = time.perf_counter()
    workspace.services.list()
    return time.perf_counter() - began


def plant(
    target: KubernetesTarget,
    cluster: Cluster,
    workspace: Workspace,
    release: MakeRelease,
    namespace: str,
    service: str,
) -> None:
    wanted = release(service=service, deployment={"namespace": namespace})
    place = target.places.wanted(service, wanted.deployment)
    place.remember()
    root, _ = Root.claim(cluster, place)
    objects = release_objects(place, wanted, "localhost:5000/pause:3", live=None, counts_requests=False)
    for each in objects:
        if each["kind"] == "Deployment":
            each["spec"]["replicas"] = 0
    Applier(cluster, place, root, None).apply_all(each for each in objects if each["kind"] == "Deployment")
    root.note_serving(1, objects, Address("http://127.0.0.1:1", "node port"))
    record = Service(service, "aks", "kubernetes", now(), now(), revision=1)
    with _STORE:
        workspace.database.services.put(record)
        workspace.database.services.put_revision(
            Revision(
                service,
                1,
                "serving",
                now(),
                inference={"entryScript": "score.py", "sourceDirectory": None, "entryInApp": ""},
            )
        )


_STORE = threading.Lock()
