"""A real IPython shell with the extension loaded, in an empty folder."""

from __future__ import annotations

import sys

import pytest
from IPython.testing.globalipapp import start_ipython


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
