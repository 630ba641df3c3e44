"""Conda packages are installed once, whole, or not at all."""

import json
import os
import signal
import subprocess
import sys

import pytest
import yaml

from mooring.environments import collect_garbage, find_garbage, realize, resolve

pytestmark = pytest.mark.network

CHILD = """
import json, sys
from pathlib import Path
from mooring.environments import CondaDependencies, Environment, realize, resolve
from mooring.settings import Settings

settings = Settings(home=Path(sys.argv[1]), use_conda=True)
environment = Environment("example")
environment.python.conda_dependencies = CondaDependencies(_underlying_structure=json.loads(sys.argv[2]))
say = lambda phase, text: print(text, flush=True)
resolution = resolve(environment, settings=settings, progress=say)
ready = realize(resolution, settings=settings, progress=say)
print(json.dumps({"reused": ready.reused, "resolved_before": resolution.is_reused}), flush=True)
"""


@pytest.fixture
def start(settings):
    def begin(text):
        return subprocess.Popen(
            [sys.executable, "-c", CHILD, str(settings.home), json.dumps(yaml.safe_load(text))],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    return begin


@pytest.fixture
def over_http(server, conda_file):
    return conda_file("graphviz", channels=(f"http://{server.address}/open",))


def test_two_processes_at_once_do_the_work_once(start, conda_file, leftovers):
    children = [start(conda_file("graphviz")) for _ in range(2)]
    outputs = [child.communicate(timeout=120) for child in children]
    answers = [json.loads(out.splitlines()[-1]) for out, err in outputs]

    assert sorted(answer["reused"] for answer in answers) == [False, True]
    assert sorted(answer["resolved_before"] for answer in answers) == [False, True]
    assert leftovers() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_an_interrupted_installation_leaves_nothing(start, over_http, server, leftovers, settings, number):
    server.hold()
    child = start(over_http)
    assert server.asked.wait(60)
    child.send_signal(number)
    child.communicate(timeout=30)

    assert child.returncode != 0
    assert leftovers() == []
    assert find_garbage(settings) == []
    assert processes_about(settings.home) == []


def test_a_killed_installation_leaves_only_garbage_that_can_be_named(
    start, over_http, server, from_yaml, settings, leftovers
):
    server.hold()
    child = start(over_http)
    assert server.asked.wait(60)
    assert find_garbage(settings) == []
    os.killpg(child.pid, signal.SIGKILL)
    child.communicate(timeout=30)
    for pid in processes_about(settings.home):
        os.kill(pid, signal.SIGKILL)
    server.released.set()
    found = collect_garbage(settings)

    assert {entry.reason for entry in found} == {"left by an installation that was killed"}
    assert leftovers() == []
    assert not realize(resolve(from_yaml(over_http), settings=settings), settings=settings).reused


def test_after_a_killed_installation_the_next_one_goes_on(start, over_http, server, from_yaml, settings):
    server.hold()
    child = start(over_http)
    assert server.asked.wait(60)
    os.killpg(child.pid, signal.SIGKILL)
    child.communicate(timeout=30)
    server.released.set()
    ready = realize(resolve(from_yaml(over_http), settings=settings), settings=settings)

    assert not ready.reused
    assert subprocess.run([ready.path / "bin" / "dot"], capture_output=True, check=True).stdout


def processes_about(folder):
    """Processes whose command line names the folder."""
    import psutil

    return [
        process.pid
        for process in psutil.process_iter(["cmdline"])
        if any(str(folder) in word for word in process.info["cmdline"] or [])
    ]
