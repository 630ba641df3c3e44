from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from mooring.configs import InferenceConfig
from mooring.deployments.desk import ServiceDesk
from mooring.deployments.discovery import Targets
from mooring.deployments.parts import Parts
from mooring.testing import CurrentInterpreter
from mooring.watching import Change
from mooring.workspace import Workspace

SCRIPT = """
def init():
    pass


def run(data):
    return data
"""


@contextmanager
def watching(workspace: Workspace) -> Iterator[queue.Queue[Change]]:
    """The changes after the one that tells how things are."""
    told: queue.Queue[Change] = queue.Queue()
    with workspace.watch(told.put):
        told.get(timeout=5)
        yield told


@pytest.fixture
def workspace(home) -> Iterator[Workspace]:
    with Workspace.open() as opened:
        yield opened


def _watch_threads() -> int:
    return sum(thread.name == "mooring-watch" for thread in threading.enumerate())


def test_a_listener_is_told_at_once_how_things_are(workspace):
    told: queue.Queue[Change] = queue.Queue()

    with workspace.watch(told.put):
        change = told.get(timeout=5)

    assert change.kinds == {"models", "environments", "services"}


def test_looking_at_a_workspace_that_is_not_there_yet_does_not_make_one(workspace):
    with watching(workspace):
        assert not workspace.is_made


def test_a_registration_through_another_handle_is_told_as_a_change_of_models(workspace, tmp_path):
    model = tmp_path / "model.pkl"
    model.write_bytes(b"weights")
    workspace.models.register(model, "first")

    with watching(workspace) as told, Workspace.open() as other:
        other.models.register(model, "second")

        assert told.get(timeout=5).kinds == {"models"}


def test_an_edited_tag_is_told(workspace, tmp_path):
    model = tmp_path / "model.pkl"
    model.write_bytes(b"weights")
    workspace.models.register(model, "tagged")

    with watching(workspace) as told:
        workspace.models.update("tagged:1", add_tags={"area": "health"})

        assert told.get(timeout=5).kinds == {"models"}


def test_a_workspace_made_later_is_seen(workspace, tmp_path):
    model = tmp_path / "model.pkl"
    model.write_bytes(b"weights")

    with watching(workspace) as told:
        workspace.models.register(model, "late")

        assert "models" in told.get(timeout=5).kinds


def test_a_listener_that_fails_does_not_keep_others_from_being_told(workspace, tmp_path, caplog):
    model = tmp_path / "model.pkl"
    model.write_bytes(b"weights")

    def fail(_: Change) -> None:
        raise RuntimeError("mine")

    with workspace.watch(fail), watching(workspace) as told:
        workspace.models.register(model, "heard")

        assert told.get(timeout=5).kinds
    assert "a listener failed" in caplog.text


def test_many_listeners_share_one_thread_which_ends_with_the_last(workspace):
    subscriptions = [Workspace.open().watch(lambda _: None) for _ in range(20)]
    assert _watch_threads() == 1

    for subscription in subscriptions:
        subscription.close()
    for thread in threading.enumerate():
        if thread.name == "mooring-watch":
            thread.join(5)
    assert _watch_threads() == 0


def test_a_deployment_and_the_death_of_what_serves_are_told_with_the_services_state(workspace, tmp_path):
    (tmp_path / "score.py").write_text(SCRIPT)
    desk = ServiceDesk(
        Parts(
            workspace.settings,
            workspace.database.services,
            models=lambda: workspace.models,
            environments=lambda: workspace.environments,
            targets=Targets(workspace.settings),
            builder=CurrentInterpreter(),
        )
    )
    with watching(workspace) as told:
        desk.deploy("seen", [], InferenceConfig(entry_script="score.py", source_directory=str(tmp_path)))
        _await_state(told, "Healthy")

        _kill_all_below(workspace.settings.home)

        _await_state(told, "Unhealthy")


def _await_state(told: queue.Queue[Change], state: str) -> None:
    while True:
        change = told.get(timeout=20)
        if [each.state for each in change.services] == [state]:
            return


def _kill_all_below(home: Path) -> None:
    """Until none is left: one may just be starting another."""
    while processes := [each for each in psutil.process_iter(["cmdline"]) if _is_below(home, each)]:
        for process in processes:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()


def _is_below(home: Path, process: psutil.Process) -> bool:
    return any(str(home) in word for word in process.info["cmdline"] or ())
