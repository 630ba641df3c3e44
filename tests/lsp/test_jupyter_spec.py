"""JupyterLab finds the server by itself."""

from __future__ import annotations

import subprocess

import pytest

from mooring import __version__


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_jupyter_lsp_finds_the_server_and_can_start_it():
    from jupyter_lsp import LanguageServerManager

    manager = LanguageServerManager(autodetect=True)
    manager.initialize()
    spec = manager.language_servers["mooring-lsp"]
    assert "python" in spec["languages"]
    told = subprocess.run([*spec["argv"], "--version"], capture_output=True, text=True, check=True)
    assert told.stdout == f"mooring-lsp {__version__}\n"
