"""`kill -9` at random moments: no committed version is lost, no half one seen, no orphan left, the next command works.

MOORING_KILL_ROUNDS sets how many rounds; MOORING_KILL_SEED repeats a run.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROUNDS = int(os.environ.get("MOORING_KILL_ROUNDS", "6"))
SEED = os.environ.get("MOORING_KILL_SEED") or str(time.time_ns())
VICTIM = Path(__file__).with_name("killing.py")
LONGEST_LIFE_S = 1.2

_spec = importlib.util.spec_from_file_location("killing", VICTIM)
killing = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(killing)


@pytest.fixture
def project(tmp_path):
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "score.py").write_text(
        "import os\n\n\ndef init():\n    global size\n"
        "    size = os.path.getsize(os.path.join(os.environ['AZUREML_MODEL_DIR'], 'model.pkl'))\n\n\n"
        "def run(raw_data):\n    return size\n"
    )
    return folder


@pytest.mark.slow
@pytest.mark.timeout(60 + 10 * ROUNDS)
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="orphans are looked for in /proc")
def test_kill_minus_nine_at_any_moment(home, project, tmp_path):
    sys.stdout.write(f"MOORING_KILL_SEED={SEED}\n")
    chance = random.Random(SEED)
    committed: set[str] = set()
    for n in range(ROUNDS):
        committed |= live_and_die(home, project, f"{SEED}-{n}", chance.uniform(0, LONGEST_LIFE_S))
        look_around(home, project, committed, tmp_path / str(n))
    workspace, desk = killing.open_desk(home)
    for service in desk.list():
        desk.delete(service.name)
    workspace.close()

    assert wait_for_no_process_of(home) == []
    assert [
        path for path in (home / "workspaces" / "default" / "services").rglob("*") if path.is_file()
    ] == []


def live_and_die(home, project, seed, life_s) -> set[str]:
    """Versions the victim was told are committed."""
    victim = subprocess.Popen(
        [sys.executable, str(VICTIM), str(home), str(project), seed],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert victim.stdout.readline() == "ready\n", victim.stderr.read()
    try:
        victim.wait(life_s)
    except subprocess.TimeoutExpired:
        victim.send_signal(signal.SIGKILL)
    said, complained = victim.communicate()
    assert victim.returncode == -signal.SIGKILL, complained
    return set(said.split("\n")[:-1])


def look_around(home, project, committed, folder):
    """What the next command sees, and that it works."""
    workspace, desk = killing.open_desk(home)
    versions = {version.id: version for version in workspace.models.list()}
    assert committed <= set(versions)
    for version in list(versions.values())[-2:]:
        path = workspace.models.download(version.id, folder / str(version.version))
        assert f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}" == version.digest
    for service in desk.list():
        assert service.operation is None
        assert service.state in ("Healthy", "Failed"), service
        if service.state == "Healthy":
            assert desk.run(service.name, "1") == 200_000
        else:
            assert service.failure is not None
    newest = max(versions.values(), key=lambda version: version.version, default=None)
    if newest is not None:
        killing.deploy(desk, killing.SERVICES[0], [newest.id], project)
        assert desk.run(killing.SERVICES[0], "1") == 200_000
    workspace.close()


def wait_for_no_process_of(home) -> list[str]:
    """Command lines of processes that still belong to this home, after a moment's grace to end."""
    give_up = time.monotonic() + 10
    while processes_of(home) and time.monotonic() < give_up:
        time.sleep(0.05)
    return processes_of(home)


def processes_of(home) -> list[str]:
    found = []
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            words = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
        except OSError:
            continue
        if str(home).encode() in words:
            found.append(f"{folder.name}: {words[:300]!r}")
    return found
