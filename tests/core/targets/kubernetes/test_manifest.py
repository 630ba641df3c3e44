"""A service's objects as a file: what would be applied, what was, and what `kubectl` makes of it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from mooring.cli import run
from mooring.settings import Settings
from mooring.targets.kubernetes.cluster import Cluster, Json
from mooring.targets.kubernetes.kinds import ALL, CONFIG_MAP, DEPLOYMENT, SECRET
from mooring.targets.kubernetes.rollout import is_rolled_out

from .conftest import stop_or_skip
from .waiting import until

pytestmark = [pytest.mark.kubernetes]

SCRIPT = "import os\ndef init(): pass\ndef run(data): return os.environ['CANARY']\n"
Say = Callable[..., str]


@pytest.fixture
def say(
    settings: Settings,
    namespace: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Say:
    """Runs the command line in a project of its own: `say("service", "list")` gives what it wrote."""
    monkeypatch.setenv("MOORING_HOME", str(settings.home))
    monkeypatch.setenv("MOORING_DOCKER_BASE_IMAGE", settings.docker_base_image)
    monkeypatch.setenv("MOORING_DOCKER_BUILD_NETWORK", settings.docker_build_network)
    monkeypatch.setenv("MOORING_DOCKER_REGISTRY", settings.docker_registry)
    monkeypatch.chdir(tmp_path)
    Path("score.py").write_text(SCRIPT)
    Path("env.yml").write_text("dependencies: [python=3.11]\n")
    config = {
        "computeType": "aks",
        "namespace": namespace,
        "numReplicas": 1,
        "primaryKey": "canary-key",
        "environmentVariables": {"CANARY": "canary-word"},
        "containerResourceRequirements": {"cpu": 0.05, "memoryInGB": 0.2},
    }
    Path("dc.json").write_text(json.dumps(config))

    def say(*words: str) -> str:
        capsys.readouterr()
        code = run(list(words))
        said = capsys.readouterr()
        assert code == 0, said.err
        return said.out

    return say


def image_of(objects: list[Json]) -> str:
    (found,) = [each for each in objects if each["kind"] == "Deployment"]
    return str(found["spec"]["template"]["spec"]["containers"][0]["image"])


SCRIPTED = ("--es", "score.py", "--cf", "env.yml")


def test_what_would_be_applied_is_printed_and_nothing_is_made(
    say: Say, cluster: Cluster, namespace: str
) -> None:
    printed = say("service", "manifest", "-n", "planned", *SCRIPTED, "--dc", "dc.json")
    objects: list[Json] = list(yaml.safe_load_all(printed))

    assert [each["kind"] for each in objects] == [
        "ServiceAccount",
        "Service",
        "Deployment",
        "PodDisruptionBudget",
    ]
    assert {each["metadata"]["namespace"] for each in objects} == {namespace}
    assert image_of(objects).endswith(":not-built-yet")
    assert "planned-r1" in printed
    assert "canary" not in printed
    for each in objects:
        path = ALL[each["kind"]].path(namespace)
        assert cluster.ask("POST", f"{path}?dryRun=All&fieldValidation=Strict", each) is not None
    assert cluster.find(CONFIG_MAP, namespace, "planned") is None
    assert json.loads(say("service", "list", "-o", "json")) == []


def test_what_is_printed_before_is_what_a_deployment_applies(
    say: Say, cluster: Cluster, namespace: str, settings: Settings
) -> None:
    say("image", "build", "-n", "printed", *SCRIPTED, "--registry", settings.docker_registry)
    asked = ("-n", "printed", "--image", "printed:1", "--dc", "dc.json")

    before: list[Json] = list(yaml.safe_load_all(say("service", "manifest", *asked)))
    say("model", "deploy", *asked)
    try:
        applied: list[Json] = list(yaml.safe_load_all(say("service", "manifest", "-n", "printed")))
    finally:
        say("service", "delete", "-n", "printed")

    digest = re.compile(r"@sha256:[0-9a-f]{64}$")
    assert digest.search(image_of(before))
    assert digest.findall(image_of(before)) == digest.findall(image_of(applied))
    assert _but_image(before) == _but_image(applied)


def test_kubectl_makes_a_service_of_what_is_printed_once_its_secrets_are_there(
    say: Say, cluster: Cluster, namespace: str, settings: Settings
) -> None:
    if shutil.which("kubectl") is None:
        stop_or_skip("no kubectl")
    say("image", "build", "-n", "kept", *SCRIPTED, "--registry", settings.docker_registry)
    printed = say("service", "manifest", "-n", "kept", "--image", "kept:1", "--dc", "dc.json")
    keys = json.dumps({"primary": "p" * 32, "secondary": "s" * 32, "signing": "t" * 32})
    kubectl("create", "secret", "generic", "kept-keys", "-n", namespace, f"--from-literal=keys.json={keys}")
    variables = 'variables.json={"CANARY": "by hand"}'
    kubectl("create", "secret", "generic", "kept-r1", "-n", namespace, f"--from-literal={variables}")

    kubectl("apply", "-f", "-", text=printed)
    try:
        until(lambda: is_rolled_out(_deployment(cluster, namespace)))
        same = kubectl("diff", "-f", "-", text=printed)
    finally:
        kubectl("delete", "-f", "-", "--wait=false", text=printed)
        for name in ("kept-keys", "kept-r1"):
            cluster.delete(SECRET, namespace, name)

    assert same == ""


def _deployment(cluster: Cluster, namespace: str) -> Json:
    found = cluster.find(DEPLOYMENT, namespace, "kept")
    assert found is not None
    return found


def _but_image(objects: list[Json]) -> str:
    return json.dumps(objects, sort_keys=True).replace(image_of(objects), "IMAGE")


def kubectl(*words: str, text: str | None = None) -> Any:
    done = subprocess.run(["kubectl", *words], input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout
