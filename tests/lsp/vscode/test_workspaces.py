"""Folders of several workspaces in one window, folders that nobody trusts yet, and the first hour."""

from __future__ import annotations

import json
import sys

import pytest

from mooring.workspace import Workspace

from .conftest import needed, windows
from .running import running_editor

pytest.importorskip("playwright")
from playwright.sync_api import expect

pytestmark = [pytest.mark.vscode, pytest.mark.slow, pytest.mark.timeout(600)]

SCRIPT = "def init():\n    pass\n\n\ndef run(raw_data, more):\n    return 1\n"


def test_folders_of_two_workspaces_stand_side_by_side(open_window, tmp_path, home):
    for name in ("north", "south"):
        Workspace.create(name)
        place = tmp_path / name
        (place / ".azureml").mkdir(parents=True)
        (place / ".azureml" / "config.json").write_text(json.dumps({"workspace_name": name}))
        (place / "score.py").write_text(SCRIPT)
        (place / "weights.pkl").write_bytes(b"weights")
        with Workspace.open(name) as workspace:
            workspace.models.register(place / "weights.pkl", f"{name}ern")
    together = tmp_path / "both.code-workspace"
    settings = {
        "mooring.server.interpreter": sys.executable,
        "mooring.server.environment": {"MOORING_HOME": str(home)},
    }
    folders = [{"path": "north"}, {"path": "south"}]
    together.write_text(json.dumps({"folders": folders, "settings": settings}))
    window = open_window(together)
    window.show_view()

    expect(window.in_tree("Models", "northern")).to_contain_text("north")
    expect(window.in_tree("Models", "southern")).to_contain_text("south")
    with Workspace.open("south") as workspace:
        workspace.models.register(tmp_path / "south" / "weights.pkl", "southern")
    expect(window.in_tree("Models", "southern")).to_contain_text("2 versions")


def test_nothing_runs_in_a_folder_that_is_not_trusted_until_it_is(vsix, browser, folder, tmp_path, request):
    (folder / "score.py").write_text(SCRIPT)
    config = {"computeType": "aks", "containerResourceRequirements": {"cpu": "many"}}
    (folder / "deploymentconfig.json").write_text(json.dumps(config))
    command = needed("MOORING_TEST_CODE_SERVER", "VS Code (code-server)")
    with (
        running_editor(command, vsix, tmp_path / "careful", trusts=False) as editor,
        windows(editor.url, browser, request.node.name) as open_it,
    ):
        window = open_it(folder)
        window.show_view()
        expect(window.pane("Services")).to_contain_text("Services are shown when this workspace is trusted.")
        window.open_file("deploymentconfig.json")
        expect(window.squiggles).not_to_have_count(0)  # of the JSON Schema

        window.run_command("Workspaces: Manage Workspace Trust")
        trust = window.page.locator(".workspace-trust-editor")
        trust.get_by_role("button", name="Trust", exact=True).click()

        expect(window.pane("Services")).to_contain_text("No model is deployed yet")
        window.open_file("score.py")
        expect(window.squiggles).not_to_have_count(0)


def test_the_walkthrough_knows_that_the_server_runs_and_its_steps_lead_on(open_window, folder):
    (folder / "score.py").write_text(SCRIPT)
    window = open_window()
    window.run_command("Mooring: Open the Walkthrough")
    steps = window.page.locator(".getting-started-step")
    expect(steps.filter(has_text="Install the language server").locator(".codicon.complete")).to_be_visible()

    steps.filter(has_text="Write score.py with help").click()
    window.page.get_by_role("button", name="Open Problems").click()
    expect(window.page.locator(".markers-panel")).to_be_visible()
    steps.filter(has_text="Test it").click()
    window.page.get_by_role("button", name="Test Service").click()
    expect(window.toast("There is no service yet")).to_be_visible()
    window.open_file("score.py")
    expect(window.lens("Deploy this model…")).to_be_visible()
