"""A key and a password leave no trace but in the files that hold them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mooring.configs import AciDeploymentConfig, InferenceConfig
from mooring.engine import Engine
from mooring.images.logins import RegistryLogins
from mooring.testing.reporters import Recorder
from mooring.workspace import Workspace

pytestmark = [pytest.mark.docker]

KEY = "canary-key-6c1f0a9be2"
PASSWORD = "canary-password-81d2"
VARIABLE = "canary-word"


def test_no_secret_is_to_be_seen_anywhere(
    workspace: Workspace, inference: InferenceConfig, engine: Engine, home: Path
) -> None:
    told = Recorder()
    RegistryLogins(workspace.settings).add("registry.example", "ada", PASSWORD)
    inference.environment.docker.base_image_registry.address = "registry.example"
    inference.environment.docker.base_image_registry.username = "ada"
    inference.environment.docker.base_image_registry.password = PASSWORD
    config = AciDeploymentConfig(cpu_cores=1, memory_gb=1, auth_enabled=True, primary_key=KEY)
    workspace.services.deploy("guarded", ["offset"], inference, config, reporter=told)
    workspace.images.promote("guarded")
    answer = workspace.services.run("guarded", {"data": [1]})

    listed = engine.api.containers(all=True, filters={"label": "io.mooring.service=guarded"})
    inspected = [engine.api.inspect_container(each["Id"]) for each in listed]
    images = [engine.api.inspect_image(each["ImageID"]) for each in listed]
    histories = [engine.api.history(each["ImageID"]) for each in listed]
    logs = [engine.api.logs(each["Id"]).decode() for each in listed]
    events = [event.text for event in workspace.services.stream("guarded")]
    seen = json.dumps([inspected, images, histories, logs, events, told.events, told.data], default=str)
    files = {
        path.relative_to(home).as_posix(): path.stat().st_mode & 0o077
        for path in home.rglob("*")
        if path.is_file() and any(word.encode() in path.read_bytes() for word in (KEY, PASSWORD, VARIABLE))
    }

    assert answer == [11]
    assert not [word for word in (KEY, PASSWORD, VARIABLE) if word in seen]
    assert not any(files.values()), "a file that others may read"
    assert set(map(_base_name, files)) <= {"keys.json", "registries.json", "mooring.db", "mooring.db-wal"}
    assert not any(
        KEY.encode() in (home / name).read_bytes() for name in files if not name.endswith("keys.json")
    )


def _base_name(name: str) -> str:
    return name.rpartition("/")[2]
