from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from mooring.deployments.target import StartFailed
from mooring.environments import ReadyEnvironment
from mooring.testing import Recorder

from .conftest import assert_nothing_runs, post, processes_under, ready_workers, wait_until

ANSWERS_ITS_PID = "import os\ndef init(): pass\ndef run(raw_data): return os.getpid()\n"


def ready(python):
    return ReadyEnvironment("", python.parent.parent, python, True, 0.0)


def crash_of(target, release):
    with pytest.raises(StartFailed) as caught:
        target.start(release, Recorder())
    return caught.value.crash


def test_what_init_raised_comes_with_the_line_of_the_script(target, release):
    script = "import os\n\n\ndef init():\n    os.environ['NOWHERE']\n\n\ndef run(raw_data):\n    return 1\n"

    crash = crash_of(target, release(script=script))

    assert crash.boot_error["kind"] == "init-raised"
    assert crash.boot_error["line"] == 5
    assert crash.exit_code == 3
    assert any("NOWHERE" in line for line in crash.log_tail)


@pytest.mark.parametrize(
    ("init", "exit_code", "signal"),
    [("os._exit(7)", 7, None), ("os.kill(os.getpid(), 11)", None, 11)],
    ids=["exits", "segfault"],
)
def test_a_worker_that_dies_before_it_is_ready_is_no_restart_loop(
    target, release, init, exit_code, signal, settings
):
    script = f"import os\ndef init(): {init}\ndef run(raw_data): return 1\n"

    crash = crash_of(target, release(script=script))

    assert (crash.exit_code, crash.signal) == (exit_code, signal)
    assert crash.memory_peak_bytes > 1_000_000
    assert_nothing_runs(settings.home)


def test_a_release_that_takes_too_long_is_given_up(target, release, settings):
    script = "import time\ndef init():\n    print('thinking', flush=True)\n    time.sleep(600)\ndef run(raw_data): return 1\n"

    crash = crash_of(target, release(script=script, ready_within_s=2.0))

    assert crash.timed_out_after_s == 2.0
    assert any("thinking" in line for line in crash.log_tail)
    assert_nothing_runs(settings.home)


def test_a_missing_interpreter_is_said(target, release):
    gone = ready(Path("/nowhere/bin/python"))

    crash = crash_of(target, release(ready_environment=lambda: gone))

    assert crash.code == "engine"
    assert "/nowhere/bin/python" in crash.engine


def test_an_interpreter_that_can_not_run_shows_its_last_words(target, release, tmp_path):
    fake = tmp_path / "python"
    fake.write_text("#!/bin/sh\necho 'no encodings here' >&2\nexit 9\n")
    fake.chmod(0o755)

    crash = crash_of(target, release(ready_environment=lambda: ready(fake)))

    assert crash.exit_code == 9
    assert any("no encodings here" in line for line in crash.log_tail)


def test_a_port_taken_by_another_process_is_said_with_its_owner(target, release):
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        crash = crash_of(target, release(port=port))
        (finding,) = target.check("echo", SimpleNamespace(port=port))

    assert crash.code == finding.code == "port-taken"
    assert f"127.0.0.1:{port}" in crash.engine
    assert str(os.getpid()) in finding.problem


def test_the_port_asked_for_is_used_and_is_no_finding_for_its_own_service(target, release):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]

    running = target.start(release(port=port), Recorder())

    assert running.port == port
    assert target.check("echo", SimpleNamespace(port=port)) == []


def test_an_update_that_fails_leaves_no_process_of_its_own(target, release, settings):
    target.start(release(script=ANSWERS_ITS_PID), Recorder())
    before = {process.pid for process in processes_under(settings.home)}

    crash_of(
        target, release(revision=2, script="def init(): raise ValueError\ndef run(raw_data): return 1\n")
    )

    wait_until(lambda: {process.pid for process in processes_under(settings.home)} == before)


def test_an_interrupted_start_is_undone(settings, release, target, tmp_path):
    """As when somebody presses Ctrl-C, or the notebook's kernel dies."""
    script = "import time\ndef init(): time.sleep(600)\ndef run(raw_data): return 1\n"
    prepared = release(script=script)
    code = (
        "import sys; from pathlib import Path; from mooring.environments import ReadyEnvironment\n"
        "from mooring.settings import Settings; from mooring.targets.process import ProcessTarget\n"
        "from mooring.testing import Recorder; from mooring.deployments.target import Release\n"
        f"settings = Settings(home=Path({str(settings.home)!r})); root = Path({str(prepared.app_root)!r})\n"
        "release = Release(service='echo', revision=1, compute_type='process', folder=root, app_root=root,\n"
        "    entry_script='score.py', source_directory='', model_dir='', models=(), environment=None,\n"
        "    ready_environment=lambda: ReadyEnvironment('', root, Path(sys.executable), True, 0.0))\n"
        "ProcessTarget(settings).start(release, Recorder())\n"
    )
    starter = subprocess.Popen([sys.executable, "-c", code])
    wait_until(lambda: any("Worker" in line.text for line in target.logs("echo")))

    starter.kill()
    starter.wait()

    wait_until(lambda: not processes_under(settings.home))
    assert target.observe("echo").revision is None


def test_a_script_that_deadlocks_is_replaced(target, release):
    script = (
        "import os, threading\nlock = threading.Lock()\nlock.acquire()\ndef init(): pass\n"
        "def run(raw_data):\n    if 'block' in raw_data: lock.acquire()\n    return os.getpid()\n"
    )
    variables = {"WORKER_TIMEOUT": "1", "SCORING_TIMEOUT_MS": "600000"}
    running = target.start(release(script=script, environment_variables=variables), Recorder())
    _, first = post(running.scoring_uri)
    with socket.create_connection(("127.0.0.1", running.port)) as client:
        client.sendall(b'POST /score HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n\r\n"block"')

        wait_until(lambda: [w["pid"] for w in ready_workers(target.observe("echo")) if w["pid"] != first])

    status, second = post(running.scoring_uri)
    assert (status, second != first) == (200, True)
    assert any("stuck" in line.text for line in target.logs("echo"))


def test_a_frozen_worker_is_replaced(target, release, settings):
    """Stopped, it neither reports nor computes; from outside that is a deadlock of the interpreter."""
    running = target.start(
        release(script=ANSWERS_ITS_PID, environment_variables={"MOORING_SILENT_AFTER_S": "1"}), Recorder()
    )
    _, first = post(running.scoring_uri)

    os.kill(first, 19)

    _, second = post(running.scoring_uri)
    assert second != first
    assert any("neither reports nor computes" in line.text for line in target.logs("echo"))


@pytest.mark.skipif(
    not hasattr(os, "pidfd_open"), reason="the system can't hand over another process's files"
)
def test_a_connection_that_a_frozen_worker_has_just_accepted_is_answered(target, release, tmp_path):
    """Frozen between accepting it and telling the master of it, which only a script that reaches inside can arrange."""
    armed = tmp_path / "armed"
    script = f"""
import os, time
from mooring.scoring.supervisor.keeper import ConnectionKeeper

tell = ConnectionKeeper._tell

def freeze_once(keeper, why, slot, **what):
    if what.get("fd", -1) >= 0 and os.path.exists({str(armed)!r}):
        os.unlink({str(armed)!r})
        os.kill(os.getpid(), 19)
        time.sleep(0.5)  # the system stops the other threads first
    return tell(keeper, why, slot, **what)

def init():
    ConnectionKeeper._tell = freeze_once

def run(raw_data):
    return os.getpid()
"""
    running = target.start(
        release(script=script, environment_variables={"MOORING_SILENT_AFTER_S": "1"}), Recorder()
    )

    _, first = post(running.scoring_uri)
    armed.touch()

    status, second = post(running.scoring_uri)
    assert (status, armed.exists()) == (200, False)
    assert second != first


def test_a_worker_that_computes_for_long_without_a_word_is_left_alone(target, release):
    script = (
        "import os\ndef init(): pass\ndef run(raw_data):\n"
        "    if 'long' in raw_data: sum(range(3 * 10**8))\n    return os.getpid()\n"
    )
    running = target.start(
        release(script=script, environment_variables={"MOORING_SILENT_AFTER_S": "1"}), Recorder()
    )
    _, first = post(running.scoring_uri)

    started = time.monotonic()
    status, second = post(running.scoring_uri, "long")

    assert time.monotonic() - started > 1.0
    assert (status, second) == (200, first)
