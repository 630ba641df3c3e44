"""`kill -9` at any moment loses no committed version, shows no half one, and the next command works.

MOORING_KILL_ROUNDS sets the number of rounds; the full run takes 300.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROUNDS = int(os.environ.get("MOORING_KILL_ROUNDS", "15"))


@pytest.fixture
def victim(tmp_path):
    script = Path(__file__).with_name("victim.py")
    with subprocess.Popen(
        [sys.executable, script, tmp_path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as process:
        yield process
        process.stdin.close()


def _run_and_kill(victim, after_s):
    """What the victim said until it was killed, as lists of words."""
    victim.stdin.write("go\n")
    pid = int(victim.stdout.readline().split()[1])
    time.sleep(after_s)  # the random moment itself; nothing is waited for
    os.kill(pid, signal.SIGKILL)
    return [line.split() for line in iter(victim.stdout.readline, "ended\n")]


@pytest.mark.timeout(60 + 5 * ROUNDS)
def test_killing_at_random_moments_loses_and_breaks_nothing(tmp_path, victim, request, model_file):
    seed = random.randrange(1 << 30)
    chance = random.Random(seed)
    registered, deleting = {}, set()
    registry = request.getfixturevalue("registry")
    for number in range(ROUNDS):
        said = _run_and_kill(victim, chance.uniform(0.0, 0.3))
        registered.update({words[1]: words[2] for words in said if words[0] == "registered"})
        deleting.update(words[1] for words in said if words[0] == "deleting")
        context = f"round {number}, seed {seed}"

        visible = {version.id: version for version in registry.list()}

        for model_id, digest in registered.items():
            assert model_id in deleting or visible[model_id].digest == digest, context
        for version in visible.values():
            registry.checkout(version, tmp_path / "models")  # checks every byte that anything wrote since
            registered[version.id] = version.digest  # committed, though nobody lived to say so
        shutil.rmtree(tmp_path / "models", ignore_errors=True)
        for name in ("a", "b"):
            latest = [version.id for version in registry.list(name, latest=True)]
            assert latest == [version.id for version in registry.list(name)][:1], context
        assert registry.register(model_file, "after").version == number + 1, context

    registry.collect_garbage(min_age_s=0)
    assert registry.garbage(min_age_s=0) == []
    for version in registry.list():
        registry.checkout(version, tmp_path / "models")
