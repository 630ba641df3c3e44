"""`mooring demo`: the first minute, with real packages."""

import json
import re
import subprocess

import pytest

pytestmark = [pytest.mark.network, pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def demo(mooring_process):
    """The demo, run once."""
    ran = mooring_process("demo", timeout_s=500)
    assert ran.exit_code == 0, ran.err
    return ran


def test_the_first_minute(demo, mooring_process, work):
    """Everything it prints can be pasted, it can be run again, and what was edited stays."""
    for word in ("Wrote", "Environment", "Trained", "Registered", "Checked", "Started", "Tested"):
        assert f"\n  {word}" in "\n" + demo.out
    answer = json.loads(re.search(r"→ (\[.*\])", demo.out)[1])
    assert 150 < answer[0] < 250

    pasted = [line.strip() for line in demo.out.splitlines() if line.startswith("  mooring service run")]
    assert json.loads(mooring_process(*pasted[0].split()[1:]).out) == answer
    assert json.loads(curl(demo.out, mooring_process)) == answer

    (work / "mooring-demo" / "score.py").write_text(
        "def init():\n    pass\n\ndef run(data):\n    return ['mine']\n"
    )
    again = mooring_process("demo")
    assert again.exit_code == 0, again.err
    assert "score.py (yours)" in again.out
    assert "Unchanged    diabetes:1" in again.out
    assert "['mine']" not in again.out
    assert '["mine"]' in again.out

    assert mooring_process("service", "delete", "-n", "demo").exit_code == 0


def test_a_service_that_is_not_the_demos_is_left_alone(mooring, work):
    (work / "score.py").write_text("def init():\n    pass\n\ndef run(data):\n    return 'precious'\n")
    assert mooring("model", "deploy", "-n", "demo", "--es", "score.py").exit_code == 0

    ran = mooring("demo")

    assert ran.exit_code == 1
    assert "the demo did not make" in ran.err
    assert json.loads(mooring("service", "run", "-n", "demo", "-d", "x").out) == "precious"
    assert not (work / "mooring-demo").exists()


def curl(told, mooring_process):
    """Run the printed curl line; the key comes from the command it names."""
    line = next(line.strip() for line in told.splitlines() if line.startswith("  curl"))
    key = mooring_process("service", "get-keys", "-n", "demo", "-o", "primary").out.strip()
    line = re.sub(r"\$\(.*?\)", key, line)
    return subprocess.run(line, shell=True, capture_output=True, text=True, check=True).stdout
