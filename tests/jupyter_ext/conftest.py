"""A real IPython shell with the extension loaded, in an empty folder; and a gate that holds up scripts."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock
from IPython.testing.globalipapp import start_ipython

_ROOT = Path(__file__).resolve().parents[2]
NODE = os.environ.get("MOORING_TEST_NODE24") or str(Path.home() / ".cache/mooring-tools/editors/bin")


@pytest.fixture(scope="session")
def panel(missing):
    """JupyterLab's panel, built unless it is fresh; one process at a time, for the others want it, too."""
    script = _ROOT / "jupyter_ext" / "packaging" / "panel.py"
    with FileLock(Path(sys.prefix) / "mooring-panel.lock"):
        done = subprocess.run(
            [sys.executable, str(script), "--link"],
            env={**os.environ, "PATH": os.pathsep.join([NODE, os.environ["PATH"]])},
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode != 0:
        missing(f"panel, and it can't be built: {(done.stderr or done.stdout).strip()[-300:]}")


@dataclass(frozen=True)
class Gate:
    """Holds up a script until the test opens it: so no test depends on how long anything takes."""

    path: Path

    def before(self, script: str) -> str:
        """The script, which waits at its first line."""
        waiting = f"while not os.path.exists({str(self.path)!r}):\n    time.sleep(0.05)\n"
        return f"import os\nimport time\n\n{waiting}\n\n{script}"

    def open(self) -> None:
        """Let it go on."""
        self.path.touch()


@pytest.fixture
def gate(tmp_path_factory):
    closed = Gate(tmp_path_factory.mktemp("gate") / "open")
    yield closed
    closed.open()


@pytest.fixture(scope="session")
def session_shell():
    return start_ipython()


@pytest.fixture
def shell(session_shell, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "__main__", session_shell.user_module)
    session_shell.reset(new_session=True)
    session_shell.run_line_magic("load_ext", "mooring")
    yield session_shell
    session_shell.run_line_magic("unload_ext", "mooring")
    session_shell.reset(new_session=True)


@pytest.fixture
def cell(shell, capsys):
    """Runs a cell as a front end does, and gives what it printed."""

    def run(text):
        capsys.readouterr()
        shell.run_cell(text, store_history=True)
        told = capsys.readouterr()
        return told.out + told.err

    return run
