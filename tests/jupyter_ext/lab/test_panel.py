"""The main job with the panel alone, in real JupyterLab: register, deploy, test, logs, update, delete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from .actions import SCRIPT, deploy, document_tab, panel_tab, register

expect = pytest.importorskip("playwright.sync_api").expect

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def test_register_deploy_test_logs_update_delete(lab, project, tab):
    page = tab()
    register(page, tags="area=health")
    models = panel_tab(page, "Models")
    models.locator(".mooring-Row", has_text="ridge:1").wait_for()
    assert "area=health" in models.inner_text()

    models.get_by_role("button", name="Deploy ridge:1").click()
    form = page.locator(".mooring-Document:visible")
    form.get_by_label("Name of the service").fill("scorer")
    form.get_by_role("textbox", name="Entry script").fill("score.py")
    form.get_by_text("scorer → process").wait_for()
    form.get_by_role("button", name="Deploy", exact=True).click()

    # the test tab opens by itself once the service is healthy
    document = page.locator(".mooring-Document:visible")
    document.get_by_role("button", name="Test", exact=True).wait_for()
    document.get_by_label("Request body").fill('{"data": [[1, 2], [3, 4]]}')
    document.get_by_role("button", name="Test", exact=True).click()
    expect(page.locator("[data-answer]")).to_contain_text("7")
    assert re.search(r"200\s+in ", document.inner_text())

    document_tab(page, "Deployment logs")
    page.locator(".mooring-Line", has_text="asked for 2").wait_for()

    register(page)
    panel_tab(page, "Models").locator(".mooring-Row", has_text="ridge:2").wait_for()
    panel_tab(page, "Endpoints").locator(".mooring-Row-open", has_text="scorer").click()
    document.get_by_role("button", name="Update…").click()
    update = page.locator(".mooring-Document:visible")
    update.get_by_role("button", name="Leave ridge:1 out").click()
    update.get_by_label("Add a model").fill("ridge:2")
    update.get_by_label("Add a model").press("Enter")
    update.get_by_role("button", name="Update", exact=True).click()
    page.locator(".mooring-Document:visible", has_text="ridge:2 · process · revision 2").wait_for()

    document_tab(page, "Details")
    document.get_by_role("button", name="Delete…").click()
    page.locator(".jp-Dialog").get_by_role("button", name="Delete").click()
    page.locator(".mooring-Panel", has_text="Nothing is deployed yet").wait_for()


def test_a_failing_script_is_shown_with_its_line_and_opens_there(lab, project, tab):
    (lab.work / "score.py").write_text(SCRIPT.replace('print("loading")', 'open("/nowhere/model.pkl")'))
    page = tab()
    form = deploy(page)

    card = form.locator(".mooring-Excerpt")
    card.wait_for()
    assert "score.py, line 5" in card.inner_text()
    assert "/nowhere/model.pkl" in card.inner_text()
    card.click()
    page.locator(".jp-FileEditor:visible").wait_for()
    page.wait_for_function(
        "() => window.jupyterapp.shell.currentWidget.content.editor?.getCursorPosition().line === 4"
    )


def test_a_reload_amid_a_deployment_loses_nothing(lab, project, tab, gate):
    (lab.work / "score.py").write_text(gate.before(SCRIPT))
    page = tab()
    register(page)
    deploy(page)
    page.locator(".mooring-Job:visible", has_text="Deploying scorer").wait_for()

    page.reload()
    page.wait_ready()
    page.locator(".Toastify__toast", has_text="Deploying scorer").wait_for()
    gate.open()
    panel_tab(page, "Endpoints").locator(".mooring-Row .mooring-mod-healthy").wait_for()
    page.locator(".Toastify__toast", has_text="Deploying scorer: done").wait_for()


def test_a_restarted_server_is_found_again_and_its_work_goes_on(lab, project, tab, gate):
    (lab.work / "score.py").write_text(gate.before(SCRIPT))
    page = tab()
    deploy(page)
    panel = panel_tab(page, "Endpoints")
    panel.locator(".mooring-Row", has_text="scorer").wait_for()

    lab.stop()
    lab.start()
    gate.open()

    panel.locator(".mooring-Row .mooring-mod-healthy").wait_for(timeout=180_000)  # Lab's own patience grows


def test_two_tabs_show_the_same(lab, project, tab):
    one, other = tab(), tab(workspace="two")
    register(one)
    panel_tab(other, "Models").locator(".mooring-Row", has_text="ridge:1").wait_for()
    deploy(one)

    panel_tab(other, "Endpoints").locator(".mooring-Row .mooring-mod-healthy").wait_for()
    other.command("mooring:open-service", name="scorer")
    other.locator(".mooring-Document:visible").get_by_role("button", name="Delete…").click()
    other.locator(".jp-Dialog").get_by_role("button", name="Delete").click()
    one.locator(".mooring-Document:visible", has_text="There is no endpoint scorer any more").wait_for()


def test_a_link_leads_to_a_services_log_and_leaves_the_address(lab, project, tab, deployed):
    page = tab("&mooring=service/scorer/logs")

    page.locator(".mooring-Line", has_text="healthy").wait_for()
    assert "mooring=" not in page.url


def test_documents_are_there_again_after_a_reload(lab, project, tab, deployed):
    page = tab(workspace="again")
    page.command("mooring:open-service", name="scorer", tab="consume")
    page.locator(".mooring-Snippet").wait_for()
    await_saved_layout(page, "again")

    page.goto(f"{lab.url}lab/workspaces/again")
    page.wait_ready()

    page.locator(".mooring-Snippet").wait_for()


def test_keys_are_shown_on_demand_and_are_nowhere_else(lab, project, tab, deployed):
    key = deployed.keys("scorer").primary
    page = tab()
    sent = []
    page.on("response", lambda response: sent.append(response.url))
    page.command("mooring:open-service", name="scorer", tab="consume")
    document = page.locator(".mooring-Document:visible")
    document.locator(".mooring-Snippet").wait_for()
    assert key not in page.content()

    document.get_by_role("button", name="Show keys").click()
    expect(document.locator(".mooring-Secret", has_text=key)).to_be_visible()
    document.get_by_role("button", name="Hide").click()
    expect(document.locator(".mooring-Secret", has_text=key)).to_have_count(0)
    assert key not in page.content()
    assert not any(key in url for url in sent)


def test_the_log_is_searched_paused_and_followed(lab, project, tab, deployed):
    page = tab()
    page.command("mooring:open-service", name="scorer", tab="logs")
    document = page.locator(".mooring-Document:visible")
    document.locator(".mooring-Line", has_text="healthy").wait_for()

    document.get_by_label("Search the log").fill("LOADING")
    expect(document.locator(".mooring-Line")).to_have_count(1)
    expect(document.locator("mark")).to_have_text("loading")

    document.get_by_label("Search the log").fill("")
    document.get_by_role("button", name="Pause").click()
    deployed.run("scorer", '{"data": [[1]]}')
    document.get_by_role("button", name=re.compile(r"Go on \([1-9]\d* waiting\)")).click()
    document.locator(".mooring-Line", has_text="asked for 1").wait_for()


def test_work_is_cancelled_from_the_panel(lab, project, tab, gate):
    (lab.work / "score.py").write_text(gate.before(SCRIPT))
    page = tab()
    form = deploy(page)

    form.get_by_role("button", name="Cancel").click()

    form.get_by_text("Cancelled; what it began was undone.").wait_for()
    panel_tab(page, "Endpoints").get_by_text("Nothing is deployed yet").wait_for()


def test_the_keyboard_is_enough(lab, project, tab, deployed):
    page = tab()
    panel = panel_tab(page, "Models")
    expect(panel.get_by_role("tab", name="Models")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(panel.get_by_role("tab", name="Endpoints")).to_be_focused()
    row = panel.locator(".mooring-Row-open", has_text="scorer")
    row.wait_for()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(row).to_be_focused()

    page.keyboard.press("Enter")

    page.locator(".mooring-Document:visible h1", has_text="scorer").wait_for()


def test_long_names_and_answers_leave_room_for_the_rest(lab, project, tab):
    """Names of the longest kind: state, version and boxes to tick stay where a person can reach them."""
    from mooring.configs import InferenceConfig, ProcessDeploymentConfig
    from mooring.workspace import Workspace

    model, service = "a-model-with-a-long-name" * 4, "long-service-name-of-32-letter-s"
    (project / "score.py").write_text(
        SCRIPT.replace("rows = json", "return 'x' * 1_000_000\n    rows = json")
    )
    with Workspace.open() as workspace:
        for _ in range(2):
            workspace.models.register(project / "ridge.pkl", model, tags={"note": "many words " * 8})
        inference = InferenceConfig(entry_script=str(project / "score.py"))
        workspace.services.deploy(service, [f"{model}:2"], inference, ProcessDeploymentConfig())
    page = tab()
    assert_within(
        panel_tab(page, "Endpoints").get_by_text("Healthy"), page.locator(".mooring-Panel:visible").first
    )
    assert_within(
        panel_tab(page, "Models").get_by_text(":2", exact=True),
        page.locator(".mooring-Panel:visible").first,
    )

    page.command("mooring:open-model", name=model)
    for version in (1, 2):
        page.get_by_role("checkbox", name=f"Compare {model}:{version}").check()
    page.get_by_role("region", name="Comparison").get_by_role("table").wait_for()

    page.command("mooring:open-service", name=service, tab="test")
    document = page.locator(".mooring-Document:visible")
    document.get_by_label("Request body").fill("{}")
    document.get_by_role("button", name="Test", exact=True).click()
    expect(page.locator("[data-answer]")).to_contain_text("the first 100,000 of 1,000,000 characters")


def assert_within(inner, outer):
    inner.wait_for()
    box, around = inner.bounding_box(), outer.bounding_box()
    assert box["x"] + box["width"] <= around["x"] + around["width"]


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"])
def test_axe_finds_nothing_serious(lab, project, tab, deployed, theme):
    script = Path(__file__).parents[3] / "jupyter_ext/labextension/node_modules/axe-core/axe.min.js"
    if not script.exists():
        pytest.skip("axe-core is not installed: npm ci in jupyter_ext/labextension")
    page = tab()
    page.evaluate("theme => window.jupyterapp.commands.execute('apputils:change-theme', {theme})", theme)
    page.add_script_tag(path=str(script))
    found = {}
    for place in ("models", "endpoints", "environments", "compute"):
        page.command("mooring:show-panel", tab=place)
        await_shown(
            page,
            page.locator(".mooring-Panel").get_by_role("tabpanel", name=re.compile(place, re.IGNORECASE)),
        )
        found[place] = seriously_wrong(page, ".mooring-Panel")
    for name in ("details", "consume", "logs", "test"):
        page.command("mooring:open-service", name="scorer", tab=name)
        await_shown(
            page,
            page.locator("#mooring-service-scorer-main").get_by_role(
                "tabpanel", name=re.compile(name, re.IGNORECASE)
            ),
        )
        found[name] = seriously_wrong(page, "#mooring-service-scorer-main")
    page.command("mooring:open-model", name="ridge")
    page.command("mooring:deploy", path="score.py")
    await_shown(page, page.locator(".mooring-Document:visible .mooring-Plan"))
    found["forms"] = seriously_wrong(page, "#jp-main-dock-panel .mooring-Document")

    assert {place: faults for place, faults in found.items() if faults} == {}


def await_shown(page, place):
    """There, with what it reads from the server, and nothing that still moves."""
    expect(place).to_be_visible()
    expect(place).not_to_contain_text(re.compile("Reading…|Looking…"))
    page.wait_for_function("() => document.getAnimations().every(each => each.playState !== 'running')")


def await_saved_layout(page, workspace):
    """Lab saves what is open a moment after it was opened: the places, and which tab was chosen."""
    for _ in range(400):
        if page.evaluate(
            """async workspace => {
              const { data } = await window.jupyterapp.serviceManager.workspaces.fetch(workspace);
              const place = JSON.stringify(data['layout-restorer:data'] ?? '');
              return place.includes('mooring-services:scorer') && data['mooring-services:scorer']?.data.tab === 'consume';
            }""",
            workspace,
        ):
            return
        page.wait_for_timeout(250)
    raise TimeoutError(workspace)


def seriously_wrong(page, place):
    told = page.evaluate("place => axe.run(place, {resultTypes: ['violations']})", place)
    return [
        f"{each['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
        for each in told["violations"]
        if each["impact"] in ("serious", "critical")
        for node in each["nodes"]
    ]
