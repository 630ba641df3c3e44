"""The panel's sections, and the ways that lead to them: launcher, palette, links, files, settings."""

from __future__ import annotations

import json
import os

import pytest

from .actions import from_menu, panel_tab, register

expect = pytest.importorskip("playwright.sync_api").expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

CONDA = "name: scoring\ndependencies:\n  - python=3.11\n  - pip:\n      - numpy==2.1.0\n"


def document(page):
    return page.locator(".mooring-Document:visible")


def dialog(page, title):
    return page.locator(".jp-Dialog", has_text=title)


def test_models_are_found_tagged_and_deleted(lab, project, tab):
    (lab.work / "forest.pkl").write_bytes(b"another")
    page = tab()
    register(page, tags="area=health")
    models = panel_tab(page, "Models")
    models.locator(".mooring-Row", has_text="ridge:1").wait_for()
    register(page, "forest.pkl")
    models = panel_tab(page, "Models")
    expect(models.locator(".mooring-Row")).to_have_count(2)

    models.get_by_label("Search models").fill("health")
    expect(models.locator(".mooring-Row")).to_have_count(1)
    models.get_by_label("Search models").fill("no such thing")
    expect(models).to_contain_text("Nothing matches “no such thing”.")
    models.get_by_label("Search models").fill("")
    models.locator(".mooring-Row-open", has_text="forest").click()

    document(page).get_by_label("Add a tag").fill("stage=test")
    document(page).get_by_label("Add a tag").press("Enter")
    document(page).get_by_role("button", name="Remove the tag stage").wait_for()
    expect(models.locator(".mooring-Row", has_text="forest")).to_contain_text("stage=test")
    document(page).get_by_role("button", name="Delete version 1…").click()
    dialog(page, "Delete forest:1?").get_by_role("button", name="Delete").click()
    expect(models.locator(".mooring-Row", has_text="forest")).to_have_count(0)
    expect(document(page)).to_contain_text("Model 'forest' is not registered")


def test_a_model_in_use_is_not_deleted(lab, project, tab, deployed):
    page = tab("&mooring=model/ridge")

    document(page).get_by_role("button", name="Delete version 1…").click()
    dialog(page, "Delete ridge:1?").get_by_role("button", name="Delete").click()

    told = dialog(page, "scorer")
    expect(told).to_contain_text("ridge:1")
    told.get_by_role("button").last.click()
    expect(panel_tab(page, "Models").locator(".mooring-Row", has_text="ridge:1")).to_be_visible()


def test_an_environment_is_shared_from_a_conda_file(lab, project, tab):
    (lab.work / "myenv.yml").write_text(CONDA)
    page = tab()
    panel_tab(page, "Environments").get_by_text("No registered environments").wait_for()

    from_menu(page, "myenv.yml", "Register as an Environment…")
    dialog(page, "as an environment").get_by_role("button", name="Register").click()

    shown = panel_tab(page, "Environments").locator(".mooring-Fold", has_text="myenv")
    expect(shown).to_contain_text("1 package")
    shown.locator("summary").click()
    expect(shown.get_by_text("numpy==2.1.0")).to_be_visible()


def test_places_say_what_they_take_and_who_is_there(lab, project, tab, deployed):
    page = tab("&mooring=panel/compute")

    place = page.locator(".mooring-Place", has_text="process")
    expect(place).to_contain_text("ready")
    expect(place).to_contain_text("1 service")


@pytest.mark.network
@pytest.mark.slow
def test_the_demo_works_with_one_click(lab, tab):
    """What somebody new presses first."""
    page = tab()
    panel_tab(page, "Endpoints").get_by_role("button", name="Deploy the demo model").click()

    page.locator(".mooring-Panel .mooring-Row .mooring-mod-healthy").wait_for()
    assert (lab.work / "mooring-demo" / "score.py").exists()


@pytest.mark.parametrize("file", ["inferenceconfig.json", "deploymentconfig.json"])
def test_configs_are_deployed_from_the_file_browser(lab, project, tab, file):
    (lab.work / "inferenceconfig.json").write_text(json.dumps({"entryScript": "score.py"}))
    (lab.work / "deploymentconfig.json").write_text(json.dumps({"computeType": "process"}))
    page = tab()

    from_menu(page, file, "Deploy This Model…")
    form = document(page)
    form.get_by_label("Name of the service").fill("scorer")

    form.get_by_text("scorer → process").wait_for()
    assert file in [box.input_value() for box in form.get_by_role("textbox").all()]


def test_launcher_and_palette_lead_to_the_form_and_the_panel(lab, project, tab):
    page = tab()
    page.command("launcher:create")
    launcher = page.locator(".jp-Launcher-section", has_text="Mooring")
    launcher.locator(".jp-LauncherCard", has_text="Show Models and Endpoints").click()
    page.locator(".mooring-Panel").get_by_role("tab", name="Models").wait_for()
    launcher.locator(".jp-LauncherCard", has_text="Deploy").click()
    document(page).get_by_role("heading", name="Deploy a model").wait_for()

    page.command("apputils:activate-command-palette")
    palette = page.locator(".lm-CommandPalette:visible")
    palette.get_by_role("textbox").or_(palette.get_by_role("searchbox")).fill("mooring show models")
    palette.locator(".lm-CommandPalette-item", has_text="Show Models and Endpoints").click()
    expect(page.locator(".mooring-Panel")).to_be_visible()


def test_a_link_opens_the_form_for_a_script(lab, project, tab):
    page = tab("&mooring=deploy/score.py")

    expect(document(page).get_by_role("textbox", name="Entry script")).to_have_value("score.py")


def test_settings_of_the_settings_editor_hold(lab, project, tab, deployed):
    """An endpoint goes without a question, and nothing is announced."""
    page = tab()
    page.command("settingeditor:open", query="Mooring")
    editor = page.locator(".jp-SettingsPanel")
    editor.get_by_label("Ask before deleting").uncheck()
    editor.get_by_label("Notifications", exact=True).uncheck()
    page.wait_for_function(
        """async () => {
          const found = await window.jupyterapp.serviceManager.settings.fetch('@mooring/jupyterlab:plugin');
          return found.raw.includes('"confirmDelete": false') && found.raw.includes('"notifications": false');
        }"""
    )

    page = tab()
    page.command("mooring:show-panel")
    # until the settings are read it asks, to be safe; the workspace that is shown is one of them
    page.locator(".mooring-Panel .mooring-Head").get_by_text(os.environ["MOORING_WORKSPACE"]).wait_for()

    page.command("mooring:open-service", name="scorer")
    document(page).get_by_role("button", name="Delete…").click()

    panel_tab(page, "Endpoints").get_by_text("Nothing is deployed yet").wait_for()
    expect(page.locator(".Toastify__toast")).to_have_count(0)
