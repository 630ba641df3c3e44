"""The second start of an environment finds its libraries imported."""

from __future__ import annotations

import os
import signal

import pytest

from mooring.deployments.target import StartFailed
from mooring.testing import Recorder

from .conftest import post, ready_workers, wait_until

# Nothing of ours imports xmlrpc.
SCRIPT = "import sys\nwas_there = 'xmlrpc.client' in sys.modules\nimport xmlrpc.client\ndef init(): pass\ndef run(raw_data): return was_there\n"


def is_warm(target):
    return any(zygote["is_warm"] for zygote in target.observe("echo").details["zygotes"])


def start_and_warm(target, release):
    running = target.start(release, Recorder())
    wait_until(lambda: is_warm(target))
    return running


def test_a_reload_is_forked_with_the_libraries_in_place(target, release):
    running = start_and_warm(target, release(script=SCRIPT))
    assert post(running.scoring_uri) == (200, False)

    told = Recorder()
    target.start(release(revision=2, script=SCRIPT), told)

    assert post(running.scoring_uri) == (200, True)
    assert any(text.endswith("warm") for phase, text in told.events if phase == "init")


def test_a_worker_that_crashed_comes_back_warm(target, release):
    running = start_and_warm(target, release(script=SCRIPT))

    os.kill(ready_workers(target.observe("echo"))[0]["pid"], signal.SIGKILL)

    assert post(running.scoring_uri) == (200, True)


def test_the_users_own_modules_are_imported_anew(target, release):
    script = "import helper\ndef init(): pass\ndef run(raw_data): return helper.ANSWER\n"
    first = release(script=script)
    (first.app_root / "helper.py").write_text("ANSWER = 1\n")
    running = start_and_warm(target, first)
    second = release(revision=2, script=script)
    (second.app_root / "helper.py").write_text("ANSWER = 2\n")

    target.start(second, Recorder())

    assert post(running.scoring_uri) == (200, 2)


def test_a_script_that_sets_other_variables_starts_cold(target, release):
    """Libraries read some when they are imported: KERAS_BACKEND, OMP_NUM_THREADS."""
    running = start_and_warm(target, release(script=f"import os\nos.environ['BACKEND'] = 'one'\n{SCRIPT}"))

    target.start(
        release(revision=2, script=f"import os\nos.environ['BACKEND'] = 'two'\n{SCRIPT}"), Recorder()
    )

    assert post(running.scoring_uri) == (200, False)


def test_warmth_can_be_switched_off(target, release):
    variables = {"MOORING_WARM": "off"}
    running = target.start(release(script=SCRIPT, environment_variables=variables), Recorder())

    target.start(release(revision=2, script=SCRIPT, environment_variables=variables), Recorder())

    assert post(running.scoring_uri) == (200, False)
    assert not is_warm(target)


def test_what_does_not_survive_a_fork_is_started_cold(target, release, settings):
    """Here: a script that can tell, and does not like what it sees."""
    script = f"{SCRIPT}\nif was_there:\n    raise RuntimeError('not in a fork')\n"
    running = start_and_warm(target, release(script=script))

    target.start(release(revision=2, script=script), Recorder())

    assert post(running.scoring_uri) == (200, False)
    texts = [line.text for line in target.logs("echo")]
    assert any("trying a cold start" in text for text in texts)
    assert any("Warm starts are off" in text for text in texts)


def test_a_failing_reload_does_not_cost_the_warm_process(target, release):
    running = start_and_warm(target, release(script=SCRIPT))
    broken = SCRIPT.replace("def init(): pass", "def init(): raise ValueError")
    with pytest.raises(StartFailed):
        target.start(release(revision=2, script=broken), Recorder())

    target.start(release(revision=3, script=SCRIPT), Recorder())

    assert post(running.scoring_uri) == (200, True)
