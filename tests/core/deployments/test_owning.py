from __future__ import annotations

import os
import subprocess
import sys
import threading
from dataclasses import replace

import pytest

from mooring.deployments.desk import ServiceDesk
from mooring.deployments.errors import ServiceBusy
from mooring.deployments.ownership import begin_operation, is_alive, process_started, try_lock
from mooring.testing import Recorder


def test_a_second_client_learns_who_is_at_work(desk, inference, make_parts, target):
    caught = []

    def meanwhile(_release):
        with pytest.raises(ServiceBusy) as busy:
            ServiceDesk(make_parts()).deploy("scorer", [], inference)
        caught.append(busy.value)

    target.during_start = meanwhile

    desk.deploy("scorer", [], inference)

    assert (caught[0].doing, caught[0].pid) == ("deploy", os.getpid())
    assert str(os.getpid()) in caught[0].problem


def test_deleting_waits_for_nobody(desk, inference, target):
    def meanwhile(_release):
        with pytest.raises(ServiceBusy):
            desk.delete("scorer")

    target.during_start = meanwhile

    assert desk.deploy("scorer", [], inference).state == "Healthy"


def test_other_services_are_not_held_up(desk, inference, target):
    def meanwhile(release):
        if release.service == "scorer":
            desk.deploy("other", [], inference)

    target.during_start = meanwhile
    desk.deploy("scorer", [], inference)

    assert [service.name for service in desk.list()] == ["other", "scorer"]


def test_an_operation_can_be_carried_out_in_another_thread(desk, inference):
    prepared = desk.prepare_deploy("scorer", [], inference)
    assert desk.get("scorer").state == "Transitioning"

    thread = threading.Thread(target=prepared.carry_out)
    thread.start()
    thread.join()

    assert desk.get("scorer").state == "Healthy"


def test_a_prepared_operation_can_be_abandoned(desk, inference):
    desk.prepare_deploy("scorer", [], inference).abandon()

    assert list(desk.list()) == []
    assert desk.deploy("scorer", [], inference).state == "Healthy"


def test_a_dead_owner_is_recognised_even_when_its_pid_is_taken():
    operation = begin_operation("deploy", 1)

    assert is_alive(operation)
    assert not is_alive(replace(operation, process_started="1"))
    assert not is_alive(replace(operation, pid=2**22 + 1))


def test_a_process_that_ended_has_no_start_time():
    child = subprocess.Popen([sys.executable, "-c", ""])
    child.wait()

    assert process_started(child.pid) == ""


def test_a_lock_is_held_by_one(tmp_path):
    path = tmp_path / "a.lock"
    with try_lock(path) as first, try_lock(path) as second:
        assert (first, second) == (True, False)
    with try_lock(path) as again:
        assert again


def test_a_lock_whose_file_was_replaced_locks_the_new_file(tmp_path):
    path = tmp_path / "a.lock"
    with try_lock(path) as first:
        path.unlink()
        with try_lock(path) as second:
            assert (first, second) == (True, True)


# ---- after a kill: the record says "deploying", the lock is free ---------------------------------------------------------


@pytest.fixture
def kill(parts, target):
    """Leaves the store as a process killed in the middle of an operation does."""

    def leave(prepared):
        prepared.held.close()

    return leave


def test_a_killed_deployment_is_told_and_cleared_away(desk, inference, models, kill, workspace):
    kill(desk.prepare_deploy("scorer", ["diabetes:1"], inference))

    service = desk.get("scorer")

    assert (service.state, service.operation) == ("Failed", None)
    assert service.failure.code == "interrupted"
    assert str(os.getpid()) in service.failure.evidence[0]
    assert workspace.models.users("diabetes:1") == []


def test_after_a_killed_deployment_the_next_one_works(desk, inference, models, kill):
    kill(desk.prepare_deploy("scorer", ["diabetes:1"], inference))

    assert desk.deploy("scorer", ["diabetes:2"], inference).state == "Healthy"


def test_a_killed_update_is_told_and_the_service_still_serves(desk, inference, models, kill, workspace):
    desk.deploy("scorer", ["diabetes:1"], inference)
    kill(desk.prepare_update("scorer", models=["diabetes:2"]))

    service = desk.get("scorer")

    assert (service.state, service.models) == ("Healthy", ("diabetes:1",))
    assert service.failure.code == "interrupted"
    assert "scorer-1 still serves" in service.failure.kept
    assert workspace.models.users("diabetes:2") == []


def test_a_start_that_only_lacks_its_last_line_is_adopted(desk, inference, models, kill, target):
    desk.deploy("scorer", ["diabetes:1"], inference)
    prepared = desk.prepare_update("scorer", models=["diabetes:2"])
    target.start(prepared._prepare(), Recorder())
    kill(prepared)

    service = desk.get("scorer")

    assert (service.state, service.models, service.revision) == ("Healthy", ("diabetes:2",), 2)
    assert service.failure is None


def test_a_killed_deletion_is_finished(desk, inference, parts):
    service = desk.deploy("scorer", [], inference)
    parts.store.put(replace(service, operation=begin_operation("delete", 0)))

    assert list(desk.list()) == []
    assert not parts.folder("scorer").exists()
