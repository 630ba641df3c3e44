"""Registering the same name at once gives every process a version of its own."""

import subprocess
import sys
from pathlib import Path


def test_fifty_processes_get_the_versions_one_to_fifty(tmp_path, model_file, request):
    script = Path(__file__).with_name("crowd.py")

    answer = subprocess.run(
        [sys.executable, script, tmp_path, model_file, "50", "m"], capture_output=True, text=True, check=False
    )
    versions = sorted(int(line) for line in answer.stdout.split())

    assert (answer.returncode, answer.stderr) == (0, "")
    assert versions == list(range(1, 51))
    listed = request.getfixturevalue("registry").list("m")
    assert [version.version for version in listed] == list(range(50, 0, -1))
    assert {version.tags["process"] for version in listed} == {str(number) for number in range(50)}
