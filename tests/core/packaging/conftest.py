"""A workspace with a model and a script, on a real engine."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from mooring.configs import InferenceConfig
from mooring.engine import Engine
from mooring.engine.removing import remove_container
from mooring.environments import CondaDependencies, Environment
from mooring.images.labels import SCOPE, scope_of
from mooring.workspace import Workspace

BASE = os.environ.get("MOORING_TEST_BASE_IMAGE", "python:3.11-slim")
REGISTRY = os.environ.get("MOORING_TEST_REGISTRY", "localhost:5000")
NETWORK = os.environ.get("MOORING_TEST_BUILD_NETWORK", "host")

SCORE = """
import json, os

def init():
    global offset
    with open(os.path.join(os.environ["AZUREML_MODEL_DIR"], "offset.txt")) as file:
        offset = float(file.read())

def run(data):
    print(os.environ.get("GREETING", ""))
    return [value + offset for value in json.loads(data)["data"]]
"""


@pytest.fixture
def workspace(engine: Engine, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    """A workspace whose images and containers are gone afterwards."""
    monkeypatch.setenv("MOORING_DOCKER_BASE_IMAGE", BASE)
    monkeypatch.setenv("MOORING_DOCKER_BUILD_NETWORK", NETWORK)
    with Workspace.open() as opened:
        yield opened
        for service in opened.services.list():
            opened.services.delete(service.name)
        for image in opened.images.list():
            opened.images.delete(image.id)
        label = f"{SCOPE}={scope_of(opened.settings)}"
        assert not engine.api.containers(all=True, filters={"label": label})


@pytest.fixture
def project(tmp_path: Path, workspace: Workspace) -> Path:
    """`score.py`, and `offset:1` registered."""
    # Of its own for each test: equal images are one image, and tests remove theirs at the same time.
    (tmp_path / "score.py").write_text(f"# {tmp_path}\n{SCORE}")
    (tmp_path / "offset.txt").write_text("10")
    workspace.models.register(str(tmp_path / "offset.txt"), "offset")
    return tmp_path


@pytest.fixture
def inference(project: Path) -> InferenceConfig:
    environment = Environment("plain")
    environment.python.conda_dependencies = CondaDependencies.create(pip_packages=[], python_version="3.11")
    environment.environment_variables = {"GREETING": "good morning", "DB_PASSWORD": "canary-word"}
    return InferenceConfig(entry_script=str(project / "score.py"), environment=environment)


@pytest.fixture
def run_plainly(engine: Engine) -> Iterator[Callable[..., str]]:
    """Runs an image as plain `docker run` would, with a read-only root; the address it answers at."""
    started: list[str] = []

    def run(image: str, *, mounts: list[str] | None = None, **environment: str) -> str:
        host = engine.api.create_host_config(
            read_only=True,
            binds=mounts or [],
            tmpfs={"/tmp": ""},
            cap_drop=["ALL"],
            port_bindings={5001: ("127.0.0.1", None)},
        )
        container = engine.api.create_container(
            image, host_config=host, environment=environment, ports=[5001]
        )["Id"]
        started.append(container)
        engine.api.start(container)
        port = engine.api.port(container, 5001)[0]["HostPort"]
        url = f"http://127.0.0.1:{port}"
        transport = httpx.HTTPTransport(retries=5)
        with httpx.Client(transport=transport, timeout=30) as client:
            _until_answering(client, url, engine, container)
        return url

    yield run
    for container in started:
        remove_container(engine, container)


def _until_answering(client: httpx.Client, url: str, engine: Engine, container: str) -> None:
    import time

    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        try:
            if client.get(url).status_code == 200:
                return
        except httpx.TransportError:
            pass
        state: dict[str, Any] = engine.api.inspect_container(container)["State"]
        assert state["Running"], engine.api.logs(container).decode()
        time.sleep(0.05)
    raise AssertionError(engine.api.logs(container).decode())
