"""The real command line, in this process for speed and in its own where that matters."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

import pytest

from mooring.cli import run


@dataclass
class Ran:
    """What came of a command line."""

    exit_code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.fixture(autouse=True)
def work(tmp_path, monkeypatch):
    """The folder a test runs in: empty, and its own."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def mooring(capsys):
    """Runs the words after `mooring` in this process."""

    def call(*words: object) -> Ran:
        capsys.readouterr()
        exit_code = run([str(word) for word in words])
        told = capsys.readouterr()
        return Ran(exit_code, told.out, told.err)

    return call


@pytest.fixture
def mooring_process():
    """Runs the words after `mooring` in a process of their own."""

    def call(*words: object, stdin: str = "", timeout_s: float = 120, **env: str) -> Ran:
        done = subprocess.run(
            [sys.executable, "-m", "mooring", *map(str, words)],
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            env={**os.environ, **env},
            check=False,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    return call
