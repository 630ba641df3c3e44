"""Widgets in VS Code's notebooks: as a person uses them, with the keyboard, in its themes, and without a kernel."""

from __future__ import annotations

import json
import urllib.request

import pytest

from mooring.workspace import Workspace

pytest.importorskip("playwright")
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from tests.jupyter_ext.browser.assets import LOAD, PLAIN, SCORE, TRAIN, WIDGETS

from .notebook_window import THEMES

pytestmark = [pytest.mark.vscode, pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

SCRIPT = SCORE.removeprefix("%%entry_script score.py\n")


def ask(service):
    """As a program of somebody else's does."""
    with Workspace.open() as workspace:
        found = workspace.services.get(service)
        key = workspace.services.keys(service).primary
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    request = urllib.request.Request(found.scoring_uri, b'{"data": [[7, 8]]}', headers)
    with urllib.request.urlopen(request, timeout=60) as answer:
        assert answer.status == 200


def test_a_model_is_registered_deployed_tested_and_watched(window, home):
    (window.folder / "score.py").write_text(SCRIPT)
    window.open_notebook(home, WIDGETS + TRAIN, "RegisterWidget()", "DeployWidget('diabetes:1')")
    window.run(0)
    window.run(1)

    window.run(2)
    form = window.widget("Register a model")
    expect(form.get_by_label("Model", exact=True)).to_have_value("model")
    form.get_by_label("Name").fill("diabetes")
    form.get_by_role("button", name="Register").click()
    expect(form).to_contain_text("Registered diabetes:1")

    window.run(3)
    form = window.widget("Deploy a model")
    expect(form.get_by_label("Entry script or inference config")).to_have_value("score.py")
    form.locator("summary").click()
    form.get_by_label("Auth enabled", exact=True).select_option("true")
    form.get_by_label("Service", exact=True).fill("nb")
    form.get_by_role("button", name="Deploy", exact=True).click()
    expect(form).to_contain_text("Healthy at http://127.0.0.1")
    service = form.get_by_role("region", name="Service nb")
    expect(service.get_by_text("● Healthy")).to_be_visible()

    service.get_by_role("tab", name="Test").click()
    service.get_by_label("1, row 1").fill("10")
    service.get_by_role("button", name="Send").click()
    expect(service).to_contain_text("✓ 200")

    service.get_by_role("tab", name="Logs").click()
    log = service.get_by_role("log", name="Log")
    expect(log).to_contain_text("asked for")
    expect(log).not_to_contain_text("[[7, 8]]")
    ask("nb")
    expect(log).to_contain_text("[[7, 8]]")

    service.get_by_role("tab", name="Consume").click()
    service.get_by_role("button", name="Copy", exact=True).click()
    expect(service.get_by_role("button", name="Copied")).to_be_visible()


def test_keys_are_shown_on_demand_and_a_file_without_a_kernel_shows_how_things_were(window, home):
    (window.folder / "score.py").write_text(PLAIN)
    deploy = "%mooring deploy nb --es score.py --auth-enabled true"
    window.open_notebook(home, LOAD, deploy, WIDGETS + "ServiceWidget('nb')")
    for number in range(4):
        window.run(number)
    service = window.widget("Service nb")
    with Workspace.open() as workspace:
        key = workspace.services.keys("nb").primary

    service.get_by_role("button", name="Show keys").click()
    expect(service.get_by_text(key)).to_be_visible()
    saved = json.dumps(window.save())
    service.get_by_role("button", name="Hide keys").click()
    expect(service.get_by_text(key)).to_have_count(0)

    assert "application/vnd.jupyter.widget-view+json" in saved
    assert key not in saved
    window.reopen()
    expect(window.outputs.get_by_text("Webservice nb")).to_have_count(2)  # the deployment's and the widget's
    expect(window.widget("Service nb")).to_have_count(0)


def test_all_of_it_can_be_done_with_the_keyboard(window, home):
    with Workspace.open() as workspace:
        (window.folder / "factor.json").write_text("2")
        workspace.models.register(window.folder / "factor.json", "factor")
    (window.folder / "score.py").write_text(PLAIN)
    window.open_notebook(home, WIDGETS + "DeployWidget()")
    window.run(0)
    window.run(1)
    form = window.widget("Deploy a model")
    keyboard = window.page.keyboard

    window.enter(form.get_by_label("Service", exact=True))
    keyboard.type("add-by-me")  # each is a command of notebooks, too
    keyboard.press("Tab")
    expect(form.get_by_label("Model", exact=True)).to_be_focused()
    keyboard.press("ArrowDown")
    expect(form.get_by_label("Model", exact=True)).to_have_value("factor:1")
    form.locator("summary").focus()
    keyboard.press("Enter")
    expect(form.get_by_label("Source folder")).to_be_visible()
    expect(form.locator("summary")).to_be_focused()
    expect(form.get_by_text("Plan add-by-me")).to_be_visible()
    deploy = form.get_by_role("button", name="Deploy", exact=True)
    deploy.focus()
    keyboard.press("Enter")
    expect(form).to_contain_text("Healthy at http://127.0.0.1")
    expect(deploy).to_be_focused()

    service = form.get_by_role("region", name="Service add-by-me")
    service.get_by_role("tab", name="Details").focus()
    keyboard.press("ArrowRight")
    expect(service.get_by_role("tab", name="Logs")).to_be_focused()
    keyboard.press("ArrowRight")
    expect(service.get_by_role("tab", name="Test")).to_be_focused()
    service.get_by_role("button", name="Send").focus()
    keyboard.press("Space")
    expect(service).to_contain_text("✓ 200")
    expect(service.get_by_role("button", name="Send")).to_be_focused()
    service.get_by_role("button", name="Delete").focus()
    keyboard.press("Enter")
    expect(service.get_by_role("group", name="Delete").get_by_role("button", name="Delete")).to_be_focused()
    keyboard.press("Enter")
    expect(service).to_contain_text("Deleted.")
    expect(service.locator(":focus")).to_have_text("Deleted.")
    assert [cell["source"] for cell in window.save()["cells"]] == window.sources


def test_there_are_no_barriers_in_any_theme(window, home, pictures):
    (window.folder / "score.py").write_text(SCRIPT)
    register = "%mooring register model -n diabetes --tag area=health"
    deploy = "%mooring deploy nb -m diabetes:1 --es score.py --auth-enabled true"
    window.open_notebook(
        home, f"{LOAD}\n{TRAIN}", register, deploy, WIDGETS + "ModelsWidget()", "ServiceWidget('nb')"
    )
    for number in range(6):
        window.run(number)
    models = window.widget("Models")
    models.get_by_role("button", name="diabetes:1").click()
    expect(models.get_by_role("button", name="Deploy this model")).to_be_visible()
    service = window.widget("Service nb")
    service.get_by_role("tab", name="Test").click()
    service.get_by_role("button", name="Send").click()
    expect(service).to_contain_text("✓ 200")
    serious = {}

    for theme in THEMES:
        window.theme(theme)
        if pictures is not None:
            window.picture(pictures / f"{THEMES[theme]}.png")
        found = Axe().run(window.outputs_frame, context=".mooring").response["violations"]
        serious.update(
            {
                f"{theme} {each['id']}": each["nodes"][0]["html"]
                for each in found
                if each["impact"] in ("serious", "critical")
            }
        )

    assert serious == {}, json.dumps(serious, indent=1)
