"""From a script to a service and back, without leaving the editor: real processes, clicks where a person clicks."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from mooring.workspace import Workspace

pytest.importorskip("playwright")
from playwright.sync_api import expect

pytestmark = [pytest.mark.vscode, pytest.mark.slow, pytest.mark.timeout(600)]

SCRIPT = """\
import json
import os


def init():
    global factor
    with open(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "factor.json")) as file:
        factor = json.load(file)


def run(raw_data):
    print("asked for", len(json.loads(raw_data)["data"]), "numbers")
    return [factor * each for each in json.loads(raw_data)["data"]]
"""
HERE = {"name": "here", "python": {"userManagedDependencies": True, "interpreterPath": sys.executable}}


@pytest.fixture
def project(folder: Path) -> Path:
    """A script with its configuration and a registered model, run by the interpreter that runs the tests."""
    (folder / "score.py").write_text(SCRIPT)
    (folder / "factor.json").write_text("2")
    config = {"entryScript": "score.py", "environment": HERE}
    (folder / "inferenceconfig.json").write_text(json.dumps(config, indent=2))
    with Workspace.open() as workspace:
        workspace.models.register(
            folder / "factor.json", "doubler", sample_input={"data": [1, 2]}, description="Doubles numbers."
        )
    return folder


def test_a_model_is_deployed_tested_watched_through_a_reload_updated_and_stopped(open_window, project):
    window = open_window()
    window.open_file("score.py")
    window.show_view()
    expect(window.in_tree("Models", "doubler")).to_be_visible()

    window.press_lens("Deploy this model…")
    window.choose("local process", title="Deploy doubler:1 as doubler")
    window.press_in_notice("doubler is Healthy, serving doubler:1", "Test")
    expect(window.lens("Healthy")).to_contain_text("doubler")
    service = window.in_tree("Services", "doubler")
    expect(service).to_contain_text(re.compile("doubler.*Healthy · doubler:1"))
    expect(window.output).to_contain_text(re.compile(r"Healthy\s+http://127"))

    view = window.test_view
    expect(view.get_by_label("Request body")).to_have_value(re.compile(r"\[1, 2\]"))
    view.get_by_label("Request body").fill('{"data": [1, 20, 300]}')
    window.page.keyboard.press("Control+Enter")
    expect(view.locator(".pill")).to_have_text("200")
    expect(view.get_by_label("Response body")).to_have_text("[2, 40, 600]")
    copies_the_request_as_a_program(window)
    expect(window.output).to_contain_text(re.compile(r"asked\sfor\s3\snumbers"))

    window.reload()
    expect(window.in_tree("Services", "doubler")).to_contain_text("Healthy")
    expect(window.output).to_contain_text(re.compile(r"asked\sfor\s3\snumbers"))
    with Workspace.open() as workspace:
        workspace.services.run("doubler", {"data": [1, 2, 3, 4, 5]})
    expect(window.output).to_contain_text(re.compile(r"asked\sfor\s5\snumbers"))
    assert len(re.findall(r"asked for 3 numbers", window.text_of_output())) == 1
    expect(window.test_view.get_by_label("Request body")).to_have_value('{"data": [1, 20, 300]}')

    with Workspace.open() as workspace:
        (project / "factor.json").write_text("3")
        workspace.models.register(project / "factor.json", "doubler", sample_input={"data": [1, 2]})
    expect(window.in_tree("Models", "doubler")).to_contain_text("2 versions")
    window.press_lens("Update")
    expect(window.toast("doubler serves doubler:2")).to_be_visible()
    expect(window.in_tree("Services", "doubler")).to_contain_text("Healthy · doubler:2")
    with Workspace.open() as workspace:
        assert workspace.services.run("doubler", {"data": [1, 1, 1, 1]}) == [3, 3, 3, 3]
    expect(window.output).to_contain_text(re.compile(r"asked\sfor\s4\snumbers"))

    window.run_command("Mooring: Roll Back Service")
    expect(window.toast("doubler serves doubler:1")).to_be_visible()
    expect(window.in_tree("Services", "doubler")).to_contain_text("Healthy · doubler:1")

    service = window.in_tree("Services", "doubler")
    service.hover()
    service.get_by_role("button", name="Stop Service").click()
    window.page.locator(".monaco-dialog-box").get_by_role("button", name="Stop").click()
    expect(window.pane("Services")).to_contain_text("No model is deployed yet")
    expect(window.output).to_contain_text(re.compile(r"doubler\sis\sgone"))
    with Workspace.open() as workspace:
        assert workspace.services.list() == []


def copies_the_request_as_a_program(window):
    view = window.test_view
    for language, told in (("Python", "urllib.request"), ("C#", "HttpClient"), ("curl", "curl")):
        view.get_by_role("tab", name=language, exact=True).click()
        expect(view.get_by_role("tabpanel")).to_contain_text(told)
    view.get_by_role("button", name="Copy", exact=True).click()
    for _ in range(100):
        if "curl" in window.page.evaluate("() => navigator.clipboard.readText()"):
            return
        window.page.wait_for_timeout(100)
    raise AssertionError("The program is not in the clipboard.")


def test_a_model_file_is_registered_from_the_explorer(open_window, folder):
    (folder / "ridge.pkl").write_bytes(b"weights")
    (folder / "score.py").write_text(SCRIPT)
    window = open_window()
    window.open_file("score.py")
    expect(window.lens("Deploy this model…")).to_be_visible()

    window.choose_from_menu(window.in_explorer("ridge.pkl"), "Register as Model…")
    window.answer("Register ridge.pkl", proposed="ridge")

    expect(window.toast("Registered ridge:1")).to_be_visible()
    window.show_view()
    expect(window.in_tree("Models", "ridge")).to_be_visible()


def test_a_deployment_that_is_cancelled_leaves_nothing(open_window, project):
    waits = "    import time\n    while not os.path.exists('no such file'):\n        time.sleep(0.1)\n"
    (project / "score.py").write_text(SCRIPT.replace("    global factor\n", "    global factor\n" + waits))
    window = open_window()
    window.open_file("score.py")
    window.show_view()
    window.press_lens("Deploy this model…")
    window.choose("local process", title="Deploy doubler:1 as doubler")
    expect(window.lens("doubler ◌ started")).to_be_visible()
    expect(window.in_tree("Services", "doubler")).to_be_visible()

    window.press_in_notice("Deploying doubler", "Cancel")

    expect(window.pane("Services")).to_contain_text("No model is deployed yet")
    expect(window.lens("Deploy this model…")).to_be_visible()
    with Workspace.open() as workspace:
        assert workspace.services.list() == []


def test_a_failing_script_is_marked_on_its_line_until_it_is_fixed(open_window, project):
    broken = SCRIPT.replace('"factor.json")', '"factors.json")')
    (project / "score.py").write_text(broken)
    window = open_window()
    window.open_file("score.py")

    window.press_lens("Deploy this model…")
    window.choose("local process", title="Deploy doubler:1 as doubler")
    toast = window.toast("factors.json")
    expect(toast).to_be_visible()
    expect(window.squiggles).not_to_have_count(0)
    window.dismiss_toasts()
    window.run_command("Problems: Focus on Problems View")
    expect(window.page.locator(".markers-panel")).to_contain_text(
        re.compile("doubler did not start.*factors?.json.*Ln 7")
    )

    window.open_file("score.py")
    window.go_to_line(7)
    window.page.keyboard.press("Control+Shift+K")  # the line goes, and what was said about it
    expect(window.page.locator(".markers-panel")).not_to_contain_text("doubler did not start")
