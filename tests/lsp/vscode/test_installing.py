"""Where the server is missing it is offered, and where it is offered it can be had."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from .conftest import ROOT

pytest.importorskip("playwright")
from playwright.sync_api import expect

pytestmark = [pytest.mark.vscode, pytest.mark.network, pytest.mark.slow, pytest.mark.timeout(600)]

SCRIPT = "def init():\n    pass\n\n\ndef run(raw_data, more):\n    return 1\n"


def test_a_missing_server_is_installed_into_the_environment_of_the_workspace(open_window, folder, home):
    from uv import find_uv_bin

    command = [find_uv_bin(), "venv", "--quiet", "--python", sys.executable, str(folder / ".venv")]
    subprocess.run(command, check=True)
    settings = {
        "mooring.server.package": f"{ROOT}[lsp]",
        "mooring.server.environment": {"MOORING_HOME": str(home)},
    }
    (folder / ".vscode" / "settings.json").write_text(json.dumps(settings))
    (folder / "score.py").write_text(SCRIPT)
    window = open_window()
    window.open_file("score.py")
    window.show_view()
    expect(window.pane("Services")).to_contain_text("is not installed")

    window.press_in_notice("language server is not installed in", "Install")

    expect(window.pane("Services")).to_contain_text("No model is deployed yet", timeout=300_000)
    expect(window.squiggles).not_to_have_count(0)
