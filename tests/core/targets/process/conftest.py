"""Services on this machine, and the proof that nothing of them is left."""

from __future__ import annotations

import contextlib
import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from mooring.deployments.target import Observation, Release
from mooring.settings import Settings
from mooring.targets.process import ProcessTarget
from mooring.testing import make_release

WAITS_S = 30.0


@pytest.fixture(scope="session")
def rings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder of rings for all tests: a new one a test would have to be compiled each time."""
    return tmp_path_factory.mktemp("rings")


@pytest.fixture
def settings(tmp_path: Path, rings: Path) -> Settings:
    home = tmp_path / "home"
    home.mkdir()
    (home / "scoring").symlink_to(rings)
    return Settings(home=home)


@pytest.fixture
def target(settings: Settings) -> Iterator[ProcessTarget]:
    """The target; afterwards its services are stopped and no process of theirs may be left."""
    yield ProcessTarget(settings)
    services = settings.workspace_dir / "services"
    for folder in services.iterdir() if services.exists() else ():
        ProcessTarget(settings).stop(folder.name)
    assert_nothing_runs(settings.home)


@pytest.fixture
def release(settings: Settings) -> Callable[..., Release]:
    def make(**changes: Any) -> Release:
        changes.setdefault("environment_variables", {})
        return make_release(settings, **changes)

    return make


def processes_under(home: Path) -> list[psutil.Process]:
    """Processes that have a path below `home` in their arguments or environment; ended ones do not count."""
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):  # gone since, or somebody else's
            words = [*process.cmdline(), *process.environ().values()]
            if process.pid != os.getpid() and any(str(home) in word for word in words):
                found.append(process)
    return found


def assert_nothing_runs(home: Path) -> None:
    """A process that was killed may still be on its way out."""
    wait_until(lambda: not processes_under(home), within_s=5.0)


def wait_until(is_so: Callable[[], Any], within_s: float = WAITS_S) -> Any:
    """The first true answer; fails when there is none in time."""
    give_up = time.monotonic() + within_s
    while time.monotonic() < give_up:
        answer = is_so()
        if answer:
            return answer
        time.sleep(0.01)
    raise AssertionError("it did not come true in time")


def ready_workers(seen: Observation) -> list[dict[str, Any]]:
    return [worker for worker in seen.details["workers"] if worker["state"] == "ready"]


def post(uri: str, body: Any = None) -> tuple[int, Any]:
    """Status and JSON of an answer, whatever the status."""
    headers = {"Content-Type": "application/json"}
    request = urllib.request.Request(uri, json.dumps(body).encode(), headers, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=WAITS_S) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        with error:
            return error.code, json.load(error)
