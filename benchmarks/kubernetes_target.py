"""How long the Kubernetes target takes from an edit to the first answer, and from asking for a replica to its readiness.

    KUBECONFIG=… MOORING_DOCKER_REGISTRY=… python benchmarks/kubernetes_target.py

Needs a cluster, a registry it pulls from, a Docker engine, and kubectl, whose `rollout restart` of the same Deployment
is what an update is measured against: nothing is built or pushed there. Prints Markdown.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.request
from dataclasses import replace
from pathlib import Path

from mooring.configs import AksDeploymentConfig, InferenceConfig
from mooring.settings import load_settings
from mooring.targets.kubernetes.cluster import Cluster
from mooring.targets.kubernetes.judging import is_ready
from mooring.targets.kubernetes.kinds import DEPLOYMENT, POD
from mooring.workspace import Workspace

ROUNDS = int(os.environ.get("ROUNDS", "5"))
SCRIPT = "def init(): pass\ndef run(data): return {}\n"
NAME = "kube-bench"


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="mooring-kubernetes-bench-"))
    (folder / "env.yml").write_text("dependencies: [python=3.11]\n")
    settings = replace(load_settings(), home=folder / "home")
    with Workspace.open(settings=settings) as workspace:
        try:
            measure(workspace, folder)
        finally:
            workspace.services.delete(NAME)


def measure(workspace: Workspace, folder: Path) -> None:
    script = folder / "score.py"
    script.write_text(SCRIPT.format(0))
    config = InferenceConfig(str(script), conda_file=str(folder / "env.yml"))
    deployment = AksDeploymentConfig(num_replicas=1, auth_enabled=False, cpu_cores=0.05, memory_gb=0.2)
    service = workspace.services.deploy(NAME, [], config, deployment)
    updates, commands, restarts = [], [], []
    for number in range(1, ROUNDS + 1):
        script.write_text(SCRIPT.format(number))
        first = FirstAnswer(service.scoring_uri, number)
        began = time.perf_counter()
        workspace.services.reload(NAME)
        commands.append(time.perf_counter() - began)
        updates.append(first.wait() - began)
        began = time.perf_counter()
        kubectl("rollout", "restart", f"deployment/{NAME}")
        kubectl("rollout", "status", f"deployment/{NAME}")
        restarts.append(time.perf_counter() - began)
    outs = [scale_out() for _ in range(ROUNDS)]
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, {ROUNDS} rounds\n")
    print("| what | median s | most s |\n| --- | --- | --- |")
    for what, seconds in (
        ("edit to first answer of the new script", updates),
        ("edit to the end of the command", commands),
        ("`kubectl rollout restart` and `status`, nothing built", restarts),
        ("one replica more, asked for to ready", outs),
    ):
        print(f"| {what} | {statistics.median(seconds):.1f} | {max(seconds):.1f} |")
    print(
        f"\nedit to first answer : rollout restart = {statistics.median(updates) / statistics.median(restarts):.2f}"
    )


class FirstAnswer:
    """Asks until a script's new answer comes; in a thread, from the edit on."""

    def __init__(self, uri: str, wanted: int) -> None:
        self._uri, self._wanted, self._at = uri, wanted, 0.0
        self._thread = threading.Thread(target=self._ask)
        self._thread.start()

    def wait(self) -> float:
        self._thread.join()
        return self._at

    def _ask(self) -> None:
        while not self._at:
            try:
                with urllib.request.urlopen(self._uri, b"1", timeout=10) as answer:
                    if json.load(answer) == self._wanted:
                        self._at = time.perf_counter()
            except OSError:
                pass
            time.sleep(0.02)


def scale_out() -> float:
    cluster = Cluster()
    namespace = cluster.default_namespace
    await_ready(cluster, namespace, 1)
    began = time.perf_counter()
    cluster.merge(DEPLOYMENT, namespace, NAME, {"spec": {"replicas": 2}})
    await_ready(cluster, namespace, 2)
    seconds = time.perf_counter() - began
    cluster.merge(DEPLOYMENT, namespace, NAME, {"spec": {"replicas": 1}})
    return seconds


def await_ready(cluster: Cluster, namespace: str, count: int) -> None:
    while (
        sum(is_ready(p) for p in cluster.items(POD, namespace, labels={"mooring.io/service": NAME})) != count
    ):
        time.sleep(0.05)


def kubectl(*words: str) -> None:
    subprocess.run(["kubectl", *words], check=True, capture_output=True)


if __name__ == "__main__":
    main()
