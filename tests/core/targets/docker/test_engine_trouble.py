"""An engine that restarts, crashes, stops answering, is full, is forbidden: each ends in a right state and a clear message."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from mooring.deployments.calls import call
from mooring.engine import Engine
from mooring.engine.engine import _connect
from mooring.engine.errors import EngineDiskFull, EngineForbidden, EngineSilent
from mooring.errors import MooringError
from mooring.images.proxy import proxy_image
from mooring.settings import Settings
from mooring.targets.docker import DockerTarget
from mooring.testing.reporters import Recorder

from .conftest import BASE, NETWORK, MakeRelease
from .own_engine import OwnEngine

pytestmark = [
    pytest.mark.docker,
    pytest.mark.slow,
    # sockets of engines that went
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def folder(missing: Callable[[str], None]) -> Iterator[Path]:
    if os.geteuid() != 0 or shutil.which("dockerd") is None:
        missing("root and dockerd for an engine of our own")
    made = Path(tempfile.mkdtemp(prefix="mo-"))
    yield made / "e"
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="session")
def images(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a service needs, saved from the shared engine: base and front."""
    folder = tmp_path_factory.mktemp("images")
    settings = Settings(home=folder / "home", docker_base_image=BASE, docker_build_network=NETWORK)
    front = proxy_image(engine, settings, lambda _text: None)
    path = folder / "images.tar"
    subprocess.run(["docker", "-H", engine.place, "save", "-o", str(path), BASE, front], check=True)
    return path


@pytest.fixture
def size_mib() -> int | None:
    """As much as there is; tests that want less say so."""
    return None


@pytest.fixture
def own(
    folder: Path, images: Path, size_mib: int | None, monkeypatch: pytest.MonkeyPatch
) -> Iterator[OwnEngine]:
    with OwnEngine(folder, size_mib) as started:
        _load(started, images)
        monkeypatch.setenv("DOCKER_HOST", started.host)
        yield started


def _load(own: OwnEngine, images: Path) -> None:
    subprocess.run(
        ["docker", "-H", own.host, "load", "-q", "-i", str(images)], check=True, capture_output=True
    )


def _state(target: DockerTarget, wanted: str) -> str:
    give_up = time.monotonic() + 40
    while (state := target.observe("echo").state) != wanted and time.monotonic() < give_up:
        time.sleep(0.1)
    return state


def test_a_service_outlives_restart_crash_and_silence_of_the_engine(
    own: OwnEngine, settings: Settings, release: MakeRelease
) -> None:
    target = DockerTarget(settings)
    running = target.start(release(), Recorder())

    own.stop()
    gone = target.observe("echo").crash
    own.start()
    after_restart = _state(target, "Healthy")
    own.kill()
    own.start()
    after_crash = _state(target, "Healthy")
    own.freeze()
    began = time.monotonic()
    silent = target.observe("echo").crash
    with pytest.raises(EngineSilent, match="does not answer"):
        target.start(release(revision=2), Recorder())
    took_s = time.monotonic() - began
    own.thaw()

    assert gone is not None
    assert gone.code == "engine-not-running"
    assert "start docker" in gone.advice or "DOCKER_HOST" in gone.advice
    assert silent is not None
    assert silent.code == "engine-silent"
    assert took_s < 40
    assert (after_restart, after_crash, _state(target, "Healthy")) == ("Healthy", "Healthy", "Healthy")
    assert call(running.scoring_uri, method="POST", body=b"7").status == 200
    target.stop("echo")


@pytest.mark.parametrize("size_mib", [500])
def test_a_full_disk_is_named_and_leaves_room_for_a_smaller_image(
    own: OwnEngine, settings: Settings, release: MakeRelease
) -> None:
    target = DockerTarget(settings)
    large = release()
    with (large.app_root / "large.bin").open("wb") as file:
        file.truncate(600 * 1024**2)

    with pytest.raises(EngineDiskFull, match="mooring gc"):
        target.start(large, Recorder())
    assert not target.observe("echo").present

    running = target.start(release(revision=2), Recorder())
    assert call(running.scoring_uri, method="POST", body=b"7").status == 200
    target.stop("echo")


def test_a_socket_that_is_not_ours_is_told_with_the_group_to_join(
    engine: Engine, missing: Callable[[str], None]
) -> None:
    if os.geteuid() != 0:
        missing("root to become somebody else")
    path = engine.place.removeprefix("unix://")
    if not Path(path).exists() or Path(path).stat().st_mode & 0o006:
        pytest.skip("the engine's socket is open to everybody")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
        _connect.cache_clear()
        try:
            _ = Engine().api
        except MooringError as error:
            os.write(writing, f"{error.code}: {error.problem} {error.remedy}".encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    said = os.read(reading, 4096).decode()
    os.close(reading)

    assert said.startswith(EngineForbidden.code)
    assert "usermod -aG docker" in said


def test_two_machines_with_one_engine_leave_each_other_alone(
    engine: Engine, settings: Settings, release: MakeRelease, tmp_path: Path
) -> None:
    other_settings = replace(settings, home=tmp_path / "other")
    ours, theirs = DockerTarget(settings), DockerTarget(other_settings)
    first = ours.start(release(), Recorder())
    try:
        unseen = theirs.observe("echo")
        theirs.stop("echo")
        theirs.remove_garbage(theirs.garbage([]))
        still = call(first.scoring_uri, method="POST", body=b"7").status
    finally:
        ours.stop("echo")

    assert not unseen.present
    assert still == 200
