"""Making environments: once, whole, or not at all."""

import json
import os
import signal
import subprocess
import sys

import pytest

from mooring.environments import collect_garbage, find_garbage, realize, resolve
from mooring.environments.failures import InstallationFailed
from mooring.environments.realization import PARTIAL_PREFIX

SMALL = ("six==1.16.0",)

CHILD = """
import json, sys
from pathlib import Path
from mooring.environments import CondaDependencies, Environment, realize, resolve
from mooring.settings import Settings

settings = Settings(home=Path(sys.argv[1]))
environment = Environment("example")
environment.python.conda_dependencies = CondaDependencies(_underlying_structure=json.loads(sys.argv[2]))
say = lambda phase, text: print(text, flush=True)
ready = realize(resolve(environment, settings=settings, progress=say), settings=settings, progress=say)
print(json.dumps({"reused": ready.reused, "python": str(ready.python)}), flush=True)
"""


def start(settings, environment):
    structure = json.dumps(environment.python.conda_dependencies.as_dict())
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(settings.home), structure],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def leftovers(settings):
    return [path.name for path in settings.environments_dir.iterdir() if path.name.startswith(".")]


@pytest.mark.network
def test_the_asset_of_2019_is_installed_and_imports(settings, asset_of_2019):
    ready = realize(resolve(asset_of_2019, settings=settings), settings=settings)
    program = "import sklearn, numpy, inference_schema, orjson, jwt, sys;"
    program += "from sklearn.linear_model import Ridge; Ridge().fit([[1.0], [2.0]], [1.0, 2.0]);"
    program += "print(sys.version_info[:2], sklearn.__version__)"
    done = subprocess.run([ready.python, "-c", program], capture_output=True, text=True, check=False)

    assert done.stdout == "(3, 8) 0.22.2.post1\n", done.stderr
    assert not ready.reused


@pytest.mark.network
def test_a_ready_environment_is_reused(settings, from_pip):
    resolution = resolve(from_pip(*SMALL), settings=settings)
    realize(resolution, settings=settings)

    assert realize(resolution, settings=settings).reused


@pytest.mark.network
def test_scripts_work_after_the_rename(settings, from_pip):
    ready = realize(
        resolve(
            from_pip("httpx==0.27.0", "click==8.1.7", "rich==13.7.1", "Pygments==2.17.2"), settings=settings
        ),
        settings=settings,
    )
    done = subprocess.run(
        [ready.path / "bin" / "pygmentize", "-V"], capture_output=True, text=True, check=False
    )

    assert done.stdout.startswith("Pygments version 2.17.2")


@pytest.mark.network
def test_two_processes_at_once_do_the_work_once(settings, from_pip):
    children = [start(settings, from_pip(*SMALL)) for _ in range(2)]
    outputs = [child.communicate(timeout=120) for child in children]
    answers = [json.loads(out.splitlines()[-1]) for out, err in outputs]

    assert sorted(answer["reused"] for answer in answers) == [False, True]
    assert any("Waiting: another process" in out for out, err in outputs)
    assert leftovers(settings) == []


@pytest.mark.network
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
def test_an_interrupted_installation_leaves_nothing(settings, from_pip, slow_index, number):
    environment = from_pip(f"--index-url {slow_index.url}", *SMALL)
    resolve(environment, settings=settings)
    slow_index.hold()
    child = start(settings, environment)
    slow_index.wait_until_downloading()
    child.send_signal(number)
    child.communicate(timeout=30)

    assert child.returncode != 0
    assert leftovers(settings) == []
    assert slow_index.wait_until_client_left()


@pytest.mark.network
def test_a_killed_installation_leaves_only_garbage_that_can_be_named(settings, from_pip, slow_index):
    environment = from_pip(f"--index-url {slow_index.url}", *SMALL)
    resolve(environment, settings=settings)
    slow_index.hold()
    child = start(settings, environment)
    slow_index.wait_until_downloading()
    assert find_garbage(settings) == []
    os.killpg(child.pid, signal.SIGKILL)
    child.communicate(timeout=30)
    slow_index.release()
    (garbage,) = collect_garbage(settings)

    assert garbage.path.name.startswith(PARTIAL_PREFIX)
    assert "killed" in garbage.reason
    assert not garbage.path.exists()
    assert not realize(resolve(environment, settings=settings), settings=settings).reused


@pytest.mark.network
def test_an_environment_whose_python_is_gone_is_made_anew(settings, from_pip):
    resolution = resolve(from_pip(*SMALL), settings=settings)
    ready = realize(resolution, settings=settings)
    ready.python.unlink()

    assert not realize(resolution, settings=settings).reused


@pytest.mark.network
def test_unused_environments_are_garbage_only_when_the_used_ones_are_known(settings, from_pip):
    ready = realize(resolve(from_pip(*SMALL), settings=settings), settings=settings)

    assert find_garbage(settings) == []
    assert find_garbage(settings, used=[ready.digest]) == []
    assert [entry.path for entry in find_garbage(settings, used=[])] == [ready.path]


@pytest.mark.network
def test_a_tampered_download_is_refused(settings, from_pip, tmp_path, monkeypatch):
    from dataclasses import replace

    resolution = resolve(from_pip(*SMALL), settings=settings)
    forged = tuple(
        requirement.partition(" --hash")[0] + " --hash=sha256:" + "0" * 64
        for requirement in resolution.requirements
    )
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))

    with pytest.raises(InstallationFailed, match="differs from the one that was locked"):
        realize(replace(resolution, requirements=forged, secret_lines=()), settings=settings)

    assert leftovers(settings) == []
