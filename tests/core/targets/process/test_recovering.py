from __future__ import annotations

import contextlib
import json
import os
import signal

import psutil

from mooring.testing import Recorder

from .conftest import assert_nothing_runs, post, processes_under, ready_workers, wait_until

SCRIPT = "import os\ndef init(): pass\ndef run(raw_data): return os.getpid()\n"


def test_a_killed_worker_is_restarted_and_that_is_said(target, release):
    running = target.start(release(script=SCRIPT), Recorder())
    (worker,) = ready_workers(target.observe("echo"))

    os.kill(worker["pid"], signal.SIGKILL)

    status, pid = post(running.scoring_uri)
    assert (status, pid != worker["pid"]) == (200, True)
    texts = [line.text for line in target.logs("echo") if line.stream == "system"]
    assert any("ended by signal 9" in text for text in texts)
    assert any("A new worker starts in 0.1 s" in text for text in texts)
    assert target.observe("echo").details["restarts"] == 1


def test_a_worker_that_can_not_come_back_makes_the_service_unhealthy(target, release):
    prepared = release(script="def init(): open('flag').close()\ndef run(raw_data): return 1\n")
    flag = prepared.app_root / "flag"
    flag.touch()
    running = target.start(prepared, Recorder())
    flag.unlink()

    os.kill(ready_workers(target.observe("echo"))[0]["pid"], signal.SIGKILL)

    crash = wait_until(
        lambda: (seen := target.observe("echo")).state == "Unhealthy" and _init_raised(seen.crash)
    )
    assert crash.boot_error["line"] == 1
    flag.touch()
    assert post(running.scoring_uri)[0] == 200


def _init_raised(crash):
    return crash if crash and crash.boot_error else None


def test_what_was_killed_is_told_truly_and_comes_back_at_its_address(target, release, settings):
    """As after a reboot."""
    running = target.start(release(script=SCRIPT), Recorder())
    kill_all(settings)

    seen = target.observe("echo")
    assert (seen.present, seen.state, seen.crash.code) == (True, "Unhealthy", "supervisor-gone")

    again = target.start(release(revision=2, script=SCRIPT), Recorder())
    assert again.scoring_uri == running.scoring_uri
    assert post(again.scoring_uri)[0] == 200


def test_a_killed_supervisor_is_replaced_by_itself_at_the_same_address(target, release):
    running = target.start(release(script=SCRIPT), Recorder())
    _, worker = post(running.scoring_uri)

    os.kill(running.details["pid"], signal.SIGKILL)

    seen = wait_until(lambda: (seen := target.observe("echo")).state == "Healthy" and seen)
    status, pid = post(running.scoring_uri)
    assert (status, pid != worker) == (200, True)
    assert (seen.revision, seen.running.port) == (1, running.port)
    assert any("another one took over" in line.text for line in target.logs("echo"))


def test_a_supervisor_may_die_again_and_again(target, release):
    running = target.start(release(script=SCRIPT), Recorder())
    pid = running.details["pid"]
    for _ in range(3):
        os.kill(pid, signal.SIGKILL)
        seen = wait_until(lambda: (seen := target.observe("echo")).state == "Healthy" and seen)
        pid = seen.details["pid"]

    assert post(running.scoring_uri)[0] == 200


def test_an_update_follows_on_a_supervisor_that_took_over(target, release):
    running = target.start(release(script=SCRIPT), Recorder())
    os.kill(running.details["pid"], signal.SIGKILL)
    wait_until(lambda: target.observe("echo").state == "Healthy")

    target.start(release(revision=2, script="def init(): pass\ndef run(raw_data): return 2\n"), Recorder())

    assert post(running.scoring_uri) == (200, 2)


def kill_all(settings):
    """Until none is left: a zygote may just be starting another supervisor."""
    while processes := processes_under(settings.home):
        for process in processes:
            _kill(process)


def test_another_process_that_got_the_pid_is_neither_believed_nor_harmed(target, release, settings):
    target.start(release(script=SCRIPT), Recorder())
    kill_all(settings)
    path = settings.workspace_dir / "services" / "echo" / "process" / "master.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "pid": os.getpid()}))

    seen = target.observe("echo")
    target.stop("echo")

    assert (seen.present, seen.revision) == (True, None)
    assert not target.observe("echo").present


def test_two_services_have_nothing_to_do_with_each_other(target, release):
    one = target.start(release(service="one", script=SCRIPT), Recorder())
    two = target.start(release(service="two", script=SCRIPT), Recorder())
    assert one.port != two.port

    target.stop("one")

    assert post(two.scoring_uri)[0] == 200
    target.stop("two")


def test_what_the_script_started_ends_with_it(target, release, settings):
    script = (
        "import subprocess\n"
        "def init():\n"
        "    subprocess.Popen(['sleep', '600'])\n"
        "    subprocess.Popen(['sleep', '601'], start_new_session=True)\n"
        "    subprocess.run('setsid sleep 602 & disown', shell=True, executable='/bin/bash')\n"
        "def run(raw_data): return 1\n"
    )
    target.start(release(script=script), Recorder())
    assert sum("sleep" in process.name() for process in processes_under(settings.home)) == 3

    target.stop("echo")

    assert_nothing_runs(settings.home)


def test_a_crash_takes_what_the_worker_started_with_it(target, release, settings):
    script = "import subprocess\ndef init(): subprocess.Popen(['sleep', '600'], start_new_session=True)\ndef run(raw_data): return 1\n"
    running = target.start(release(script=script), Recorder())
    (worker,) = ready_workers(target.observe("echo"))

    os.kill(worker["pid"], signal.SIGKILL)
    post(running.scoring_uri)

    assert sum("sleep" in process.name() for process in processes_under(settings.home)) == 1


def test_stop_leaves_no_file(target, release, settings):
    target.start(release(script=SCRIPT), Recorder())

    target.stop("echo")

    assert not (settings.workspace_dir / "services" / "echo" / "process").exists()


def _kill(process):
    with contextlib.suppress(psutil.NoSuchProcess):
        process.kill()
