"""What one sees while writing a script."""

from __future__ import annotations

import json
import re

import pytest

pytest.importorskip("playwright")
from playwright.sync_api import expect

pytestmark = [pytest.mark.vscode, pytest.mark.timeout(600)]

SCRIPT = """\
import json


def init():
    global factor
    factor = 2


def run(raw_data):
    return [factor * each for each in json.loads(raw_data)["data"]]
"""


def test_a_squiggle_comes_while_typing_and_a_quick_fix_takes_it_away(open_window, folder):
    (folder / "score.py").write_text(SCRIPT)
    window = open_window()
    window.open_file("score.py")
    expect(window.lens("Deploy")).to_be_visible()
    expect(window.squiggles).to_have_count(0)

    window.go_to_line(5)
    window.page.keyboard.press("Control+Shift+K")  # `global factor` goes
    expect(window.squiggles).not_to_have_count(0)
    window.go_to_line(5, 5)
    window.quick_fix("global")

    expect(window.squiggles).to_have_count(0)
    expect(window.text).to_contain_text(re.compile(r"global\sfactor"))


def test_a_configuration_is_helped_with_once_with_the_server_and_by_its_schema_without(open_window, folder):
    (folder / "score.py").write_text(SCRIPT)
    config = {"computeType": "aks", "containerResourceRequirements": {"cpu": "many"}}
    (folder / "deploymentconfig.json").write_text(json.dumps(config, indent=2))
    window = open_window()
    window.open_file("deploymentconfig.json")
    window.run_command("Problems: Focus on Problems View")
    problems = window.page.locator(".markers-panel")
    expect(problems).to_contain_text("cpu_cores must be a number")
    expect(problems).not_to_contain_text("Incorrect type")

    settings = folder / ".vscode" / "settings.json"
    settings.write_text(json.dumps({"mooring.server.interpreter": "/no/such/python"}))

    expect(problems).to_contain_text("Incorrect type")
    expect(problems).not_to_contain_text("cpu_cores must be a number")
    expect(window.toast("/no/such/python")).to_be_visible()
