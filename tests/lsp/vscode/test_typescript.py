"""The extension's TypeScript by itself: no mistake that eslint sees, and its few pieces of logic."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from .conftest import EXTENSION

pytestmark = [pytest.mark.vscode, pytest.mark.timeout(600)]


@pytest.mark.parametrize("wanted", ["--lint", "--test"])
def test_it_passes(vsix, wanted):
    done = subprocess.run(
        [sys.executable, str(EXTENSION / "build.py"), wanted],
        env={**os.environ, "PYTHON": sys.executable},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
