"""The same with widgets only; and what widgets promise: no key in the file, the truth after a reload, no barriers."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from mooring.workspace import Workspace
from mooring_jupyter import widgets

from .assets import FAILING, LOAD, NOT_STARTING, PLAIN, SCORE, TRAIN, WIDGETS, in_both

IN_DOCS = ("service-details", "service-test", "deploy")


def write(notebook, name, text):
    (notebook.folder / name).write_text(text.removeprefix("%%entry_script score.py\n"))


def deploy(notebook, widget, script, name="nb"):
    write(notebook, "score.py", script)
    widget.get_by_label("Entry script or inference config").fill("score.py")
    widget.get_by_label("Service", exact=True).fill(name)
    widget.get_by_label("Service", exact=True).blur()
    widget.get_by_role("button", name="Deploy", exact=True).click()


def assert_nowhere_saved(notebook, index, secret):
    """Neither in the notebook's output, nor in its file, nor in what a front end may save of the widgets."""
    state = notebook.page.evaluate(
        "async () => JSON.stringify(await window.jupyterapp.shell.currentWidget.content.widgets"
        f"[{index}].model.sharedModel.outputs)"
    )
    assert secret not in state
    assert secret not in notebook.save()
    assert secret not in notebook.kernel(
        "from ipywidgets.widgets.widget import _instances; print([str(w.get_state()) for w in _instances.values()])"
    )


def update_roll_back_delete(service):
    service.get_by_role("button", name="Update").click()
    expect(service).to_contain_text("revision 2")
    service.get_by_role("group", name="Update").get_by_role("button", name="Update").click()
    expect(service).to_contain_text("Done.")
    service.get_by_role("button", name="Roll back").click()
    service.get_by_role("group", name="Roll back").get_by_role("button", name="Roll back").click()
    expect(service).to_contain_text("Done.")
    service.get_by_role("tab", name="History").click()
    expect(service).to_contain_text("the code it had")
    service.get_by_role("button", name="Delete").click()
    service.get_by_role("group", name="Delete").get_by_role("button", name="Delete").click()
    expect(service).to_contain_text("not there")
    with Workspace.open() as workspace:
        assert list(workspace.services.list()) == []


@in_both
def test_register_deploy_test_logs_update_delete(notebook):
    notebook.run(TRAIN)
    form = notebook.widget(notebook.run(WIDGETS + "RegisterWidget()"))
    expect(form.get_by_label("Model", exact=True)).to_have_value("model")
    form.get_by_label("Name").fill("diabetes")
    form.get_by_role("button", name="Register").click()
    expect(form).to_contain_text("Registered diabetes:1")
    expect(form).to_contain_text("with a sample")

    index = notebook.run("DeployWidget('diabetes:1')")
    form = notebook.widget(index)
    form.locator("summary").click()
    form.get_by_label("Auth enabled", exact=True).select_option("true")
    deploy(notebook, form, SCORE)
    expect(form).to_contain_text("Healthy at http://127.0.0.1")
    service = form.get_by_label("Service nb")
    expect(service.get_by_text("● Healthy")).to_be_visible()

    service.get_by_role("tab", name="Test").click()
    service.get_by_label("1, row 1").fill("10")
    service.get_by_role("button", name="Send").click()
    expect(service).to_contain_text("✓ 200")
    service.get_by_role("button", name="Raw JSON").click()
    expect(service.get_by_label("Request body")).to_have_value(re.compile(r'"data"'))

    service.get_by_role("tab", name="Logs").click()
    expect(service.get_by_role("log", name="Log")).to_contain_text("asked for")
    service.get_by_label("Search the log").fill("asked for")
    expect(service.locator("mark").first).to_have_text("asked for")

    service.get_by_role("tab", name="Consume").click()
    service.get_by_role("tab", name="curl").click()
    expect(service.get_by_label("curl program")).to_contain_text("$SERVICE_KEY")

    service.get_by_role("tab", name="Details").click()
    service.get_by_role("button", name="Show keys").click()
    with Workspace.open() as workspace:
        key = workspace.services.keys("nb").primary
    expect(service.get_by_text(key)).to_be_visible()
    assert_nowhere_saved(notebook, index, key)
    service.get_by_role("button", name="Hide keys").click()
    expect(service.get_by_text(key)).to_have_count(0)

    update_roll_back_delete(service)
    assert notebook.complaints == []


def test_findings_and_failures_are_told_in_the_form(notebook):
    form = notebook.widget(notebook.run(WIDGETS + "DeployWidget(service='nb')"))
    write(notebook, "score.py", PLAIN.replace("[1]", "nowhere"))
    form.get_by_label("Entry script or inference config").fill("score.py")
    form.get_by_label("Entry script or inference config").blur()
    expect(form).to_contain_text("undefined-name")
    expect(form.get_by_role("button", name="Deploy", exact=True)).to_be_disabled()

    write(notebook, "score.py", NOT_STARTING)
    form.get_by_role("button", name="Check").click()
    expect(form.get_by_role("button", name="Deploy", exact=True)).to_be_enabled()
    form.get_by_role("button", name="Deploy", exact=True).click()
    expect(form.get_by_role("alert").filter(has_text="score.py, line 2").first).to_be_visible()

    write(notebook, "score.py", FAILING)
    form.get_by_role("button", name="Deploy", exact=True).click()
    expect(form).to_contain_text("Healthy at")
    service = form.get_by_label("Service nb")
    service.get_by_role("tab", name="Test").click()
    service.get_by_label("Body, as JSON").fill('"abc"')
    service.get_by_role("button", name="Send").click()
    expect(service).to_contain_text("✕ 500")
    service.get_by_role("tab", name="Logs").click()
    service.get_by_role("button", name=re.compile(r"score.py., line 7|score\.py\", line 7")).last.click()
    expect(service.locator(".m-here").last).to_contain_text("return rows[0] / 2")


def test_a_chosen_model_that_is_deleted_is_never_replaced_by_another(notebook):
    for name in ("a.pkl", "b.pkl"):
        (notebook.folder / name).write_text("a model")
    notebook.run(LOAD)
    notebook.run("%mooring register a.pkl\n%mooring register b.pkl")
    form = notebook.widget(notebook.run(WIDGETS + "form = DeployWidget('a', service='nb')\nform"))
    write(notebook, "score.py", PLAIN)
    form.get_by_label("Entry script or inference config").fill("score.py")
    form.get_by_label("Entry script or inference config").blur()
    expect(form.get_by_label("Model", exact=True)).to_have_value("a:1")
    expect(form).to_contain_text("nb → process: a:1")

    notebook.run("%mooring model delete -i a:1\nform.do_look()")
    expect(form.get_by_text("a:1 (deleted)")).to_be_attached()
    form.get_by_role("button", name="Check").click()

    expect(form).to_contain_text("Model 'a:1' is not registered")
    form.get_by_label("Model", exact=True).select_option("")
    notebook.run("%mooring register b.pkl\nform.do_look()")
    expect(form.get_by_label("Model", exact=True).locator("option")).to_have_text(["none", "b:2", "b:1"])
    expect(form.get_by_label("Model", exact=True)).to_have_value("")


def test_an_older_answer_that_comes_late_is_not_heard(browser):
    """The page's side of the line alone; the kernel's side is played, for its threads end in any order."""
    page = browser.new_page()
    script = (Path(widgets.__file__).parent / "parts.js").read_text()

    heard = page.evaluate(
        script
        + """;(async () => {
          const asked = [], heard = [];
          let hear = () => {};
          const model = { on: (_, listener) => (hear = listener), off() {}, send: (message) => asked.push(message) };
          const line = connect(model, document.body);
          const ask = (question) => line.askNewest(question).then((value) => heard.push(value), (error) => heard.push(error));
          ask("plan"), ask("plan"), ask("other"), ask("gone");
          line.forget("gone");
          hear({ answer: asked[1].number, value: "newer" });
          hear({ answer: asked[0].number, value: "older" });
          hear({ answer: asked[2].number, error: "of its own" });
          hear({ answer: asked[3].number, value: "forgotten" });
          await new Promise((resolve) => setTimeout(resolve));
          line.close();
          return heard;
        })()"""
    )
    page.close()

    assert heard == ["newer", "of its own"]


def test_numbers_and_log_follow_and_pause(notebook):
    write(notebook, "score.py", PLAIN.replace("return", "print('row', data)\n    return"))
    notebook.run(LOAD)
    notebook.run("%mooring deploy nb --es score.py")
    widget = notebook.widget(notebook.run(WIDGETS + "ServiceWidget('nb')"))

    def ask(what):
        with Workspace.open() as workspace:
            assert workspace.services.ask("nb", what).status == 200

    ask("first")
    expect(widget.get_by_role("img", name=re.compile("Requests a second, up to"))).to_be_visible()
    expect(widget.locator(".m-numbers")).to_contain_text("requests1")

    widget.get_by_role("tab", name="Logs").click()
    log = widget.get_by_role("log", name="Log")
    expect(log).to_contain_text("row first")
    widget.get_by_role("button", name="Pause").click()
    ask("second")
    expect(widget).to_contain_text(re.compile(r"\d+ new lines?"))
    expect(log).not_to_contain_text("row second")
    widget.get_by_role("button", name="Follow").click()
    expect(log).to_contain_text("row second")
    widget.get_by_role("button", name="Last start").click()
    expect(log).not_to_contain_text("Supervisor of nb started")
    expect(log).to_contain_text("Revision 1 is starting")


def test_models_are_searched_tagged_deployed_and_deleted(notebook):
    (notebook.folder / "ridge.pkl").write_text("a model")
    write(notebook, "score.py", PLAIN)
    notebook.run(LOAD)
    notebook.run("%mooring register ridge.pkl --tag area=health\n%mooring register ridge.pkl\n")
    widget = notebook.widget(notebook.run(WIDGETS + "ModelsWidget()"))
    rows = widget.locator("tbody tr")
    expect(rows).to_have_count(2)
    widget.get_by_label("Search models").fill("health")
    expect(rows).to_have_count(1)
    widget.get_by_label("Search models").fill("")
    widget.get_by_label("newest only").check()
    expect(rows).to_have_count(1)

    widget.get_by_role("button", name="ridge:2").click()
    widget.get_by_label("Tag for ridge:2").fill("stage=test")
    widget.get_by_role("button", name="Add tag").click()
    expect(rows).to_contain_text("stage=test")
    widget.get_by_role("button", name="Deploy this model").click()
    form = widget.get_by_label("Deploy a model")
    expect(form.get_by_label("Model", exact=True)).to_have_value("ridge:2")
    deploy(notebook, form, PLAIN)
    expect(form).to_contain_text("Healthy at")

    delete_model(widget, "ridge:2")
    expect(widget.get_by_role("alert")).to_contain_text("nb")  # who uses it
    with Workspace.open() as workspace:
        workspace.services.delete("nb")
    delete_model(widget, "ridge:2")
    expect(widget).to_contain_text("Deleted ridge:2.")
    expect(rows).to_contain_text("ridge:1")


def delete_model(widget, model):
    group = widget.get_by_role("group", name=f"Delete {model}")
    if group.count() == 0:
        widget.get_by_role("button", name="Delete", exact=True).first.click()
    group.get_by_role("button", name="Delete").click()


def test_two_forms_that_deploy_one_name_tell_the_second(notebook, gate):
    write(notebook, "score.py", gate.before(PLAIN))
    first = notebook.widget(notebook.run(WIDGETS + "DeployWidget(service='nb', script='score.py')"))
    second = notebook.widget(notebook.run("DeployWidget(service='nb', script='score.py')"))
    first.get_by_role("button", name="Deploy", exact=True).first.click()
    expect(first.get_by_label("Service nb")).to_contain_text("Transitioning")

    second.get_by_role("button", name="Deploy", exact=True).click()
    expect(second.get_by_role("alert").first).to_contain_text("nb")
    gate.open()

    expect(first).to_contain_text("Healthy at http://127.0.0.1")
    with Workspace.open() as workspace:
        assert [service.revision for service in workspace.services.list()] == [1]


def test_a_page_reloaded_while_it_deploys_shows_the_end(notebook, gate):
    index = notebook.run(WIDGETS + "form = DeployWidget(service='nb')\nform")
    form = notebook.widget(index)
    deploy(notebook, form, gate.before(PLAIN))
    expect(form.get_by_label("Service nb")).to_contain_text("Transitioning")
    notebook.save()

    notebook.reload()
    form = notebook.widget(index)
    expect(form.get_by_label("Service nb")).to_contain_text("Transitioning")
    expect(form.get_by_label("Progress")).to_contain_text("started")
    expect(form.get_by_role("button", name="Cancel")).to_be_visible()
    gate.open()

    expect(form.get_by_label("Service nb").get_by_text("● Healthy")).to_be_visible()
    expect(form).to_contain_text("Healthy at http://127.0.0.1")
    expect(form.get_by_role("button", name="Cancel")).to_be_hidden()


def test_a_deployment_is_cancelled_and_undone(notebook, gate):
    form = notebook.widget(notebook.run(WIDGETS + "DeployWidget(service='nb')"))
    deploy(notebook, form, gate.before(PLAIN))
    expect(form.get_by_label("Service nb")).to_contain_text("Transitioning")

    form.get_by_role("button", name="Cancel").click()

    expect(form).to_contain_text("Cancelled; what it began was undone.")
    with Workspace.open() as workspace:
        assert list(workspace.services.list()) == []
    gate.open()
    form.get_by_role("button", name="Deploy", exact=True).click()
    expect(form).to_contain_text("Healthy at http://127.0.0.1")


def test_a_deployment_goes_on_when_its_kernel_is_killed(notebook, home, gate):
    form = notebook.widget(notebook.run(WIDGETS + "DeployWidget(service='nb')"))
    deploy(notebook, form, gate.before(PLAIN))
    expect(form.get_by_label("Service nb")).to_contain_text("Transitioning")

    notebook.kill_kernel(home)
    service = notebook.widget(notebook.run(WIDGETS + "ServiceWidget('nb')"))
    expect(service).to_contain_text("Transitioning")
    gate.open()

    expect(service.get_by_text("● Healthy")).to_be_visible()


def test_after_a_restart_the_page_says_so_and_the_cell_reads_the_truth(notebook, home):
    write(notebook, "score.py", PLAIN)
    notebook.run(LOAD)
    notebook.run("%mooring deploy nb --es score.py")
    index = notebook.run(WIDGETS + "ServiceWidget('nb')")
    expect(notebook.widget(index).get_by_text("● Healthy")).to_be_visible()

    notebook.page.evaluate(
        "async () => { await window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart(); }"
    )
    notebook.await_idle()
    notebook.widget(index).get_by_role("tab", name="Test").click()
    expect(notebook.cell(index).get_by_text("After a restart run the cell again")).to_be_visible()

    notebook.kernel(f"import os; os.environ['MOORING_HOME'] = {str(home)!r}")
    again = notebook.run(WIDGETS + "ServiceWidget('nb')")
    expect(notebook.widget(again).get_by_text("● Healthy")).to_be_visible()
    with Workspace.open() as workspace:
        workspace.services.delete("nb")
    expect(notebook.widget(again).get_by_text("not there").first).to_be_visible()  # told by itself


def test_keys_of_the_keyboard_move_between_tabs(notebook):
    write(notebook, "score.py", PLAIN)
    notebook.run(LOAD)
    notebook.run("%mooring deploy nb --es score.py")
    widget = notebook.widget(notebook.run(WIDGETS + "ServiceWidget('nb')"))
    widget.get_by_role("tab", name="Details").focus()

    notebook.page.keyboard.press("ArrowRight")
    notebook.page.keyboard.press("ArrowRight")

    expect(widget.get_by_role("tab", name="Test")).to_be_focused()
    expect(widget.get_by_role("tab", name="Test")).to_have_attribute("aria-selected", "true")
    expect(widget.get_by_role("button", name="Send")).to_be_visible()


def have_something_to_draw(notebook):
    """Some minutes' life of a service, in seconds: its chart has a line then."""
    ask = "Workspace.open().services.ask('nb', '{\"data\": [[1, 2]]}')"
    for count in (4, 22, 9, 31, 14, 26):
        notebook.kernel(f"from mooring.workspace import Workspace\nfor _ in range({count}): {ask}")
        notebook.page.wait_for_timeout(3100)


@pytest.mark.parametrize("theme", ["JupyterLab Light", "JupyterLab Dark"], ids=["light", "dark"])
def test_there_are_no_barriers_in_either_theme(notebook, theme, pictures):
    notebook.run(LOAD)
    notebook.run(TRAIN)
    notebook.run("%mooring register model -n diabetes --tag area=health")
    notebook.run(SCORE)
    notebook.run("%mooring deploy nb -m diabetes:1 --es score.py --auth-enabled true")
    notebook.theme(theme)
    serious = {}

    def look(widget, name):
        notebook.settle()
        if pictures is not None and name in IN_DOCS:
            pictures.mkdir(exist_ok=True)
            widget.screenshot(path=pictures / f"{name}-{theme.split()[-1].lower()}.png")
        found = Axe().run(notebook.page, context=".mooring").response["violations"]
        serious.update(
            {
                f"{name} {v['id']}": v["nodes"][0]["html"]
                for v in found
                if v["impact"] in ("serious", "critical")
            }
        )

    widget = notebook.widget(notebook.run(WIDGETS + "ServiceWidget('nb')"))
    for tab in ("Details", "Logs", "Test", "Consume", "History"):
        widget.get_by_role("tab", name=tab, exact=True).click()
        if tab == "Test":
            widget.get_by_role("button", name="Send").click()
            expect(widget).to_contain_text("200")
        if tab == "Details" and pictures is not None:
            have_something_to_draw(notebook)
        look(widget, f"service-{tab.lower()}")
    widget.get_by_role("button", name="Update").click()
    look(widget, "service-update")
    form = notebook.widget(notebook.run("DeployWidget('diabetes:1', service='other')"))
    form.locator("summary").click()
    look(form, "deploy")
    look(notebook.widget(notebook.run("RegisterWidget()")), "register")
    models = notebook.widget(notebook.run("ModelsWidget()"))
    models.get_by_role("button", name="diabetes:1").click()
    look(models, "models")

    assert serious == {}, json.dumps(serious, indent=1)
