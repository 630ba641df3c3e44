"""From an empty notebook to a service and back, with magics only, in real JupyterLab."""

from __future__ import annotations

import time

import pytest
from playwright.sync_api import expect

from .assets import FAILING, LOAD, NOT_STARTING, PLAIN, SCORE, TRAIN, in_both


@in_both
def test_register_deploy_test_logs_update_delete(notebook):
    notebook.run(LOAD)
    notebook.run(TRAIN)
    assert "Registered diabetes:1" in notebook.text(notebook.run("%mooring register model -n diabetes"))
    assert "no findings" in notebook.text(notebook.run(SCORE))
    notebook.run('%%inference_config\n{"entryScript": "score.py"}')

    deployed = notebook.run("%mooring deploy -n nb -m diabetes:1 --ic inferenceconfig.json")
    assert "Healthy in" in notebook.text(deployed)
    assert not [o for o in notebook.outputs(deployed) if o.get("name") == "stderr"]  # no red box
    asked = notebook.run("answer = %mooring test nb --data '{\"data\": [[1, 2]]}'\nanswer")
    assert "3.0" in notebook.text(asked) or "2.9" in notebook.text(asked)
    assert "asked for" in notebook.text(notebook.run("%mooring logs nb"))
    notebook.run("%mooring register model -n diabetes")
    assert "revision 2" in notebook.text(notebook.run("%mooring update nb -m diabetes:2"))
    assert "Deleted nb" in notebook.text(notebook.run("%mooring delete nb"))
    assert "nothing" in notebook.text(notebook.run("%mooring services"))
    assert notebook.complaints == []


@pytest.mark.parametrize("notebook", ["notebooks"], ids=["Notebook 7"], indirect=True)
def test_what_has_no_room_in_notebook_7_is_opened_in_lab(panel, notebook):
    with notebook.page.expect_popup() as opened:
        notebook.page.locator(".jp-Toolbar").get_by_role("button", name="Deploy").click()

    form = opened.value.locator(".mooring-Document:visible")
    expect(form.get_by_role("heading", name="Deploy a model")).to_be_visible()
    opened.value.close()


def test_the_toolbar_leads_to_the_deploy_form(panel, notebook):
    notebook.page.locator(".jp-NotebookPanel-toolbar").get_by_role("button", name="Deploy").click()

    form = notebook.page.locator(".mooring-Document:visible")
    expect(form.get_by_role("heading", name="Deploy a model")).to_be_visible()
    expect(form.get_by_label("Name of the service")).to_be_editable()


def test_a_failing_script_shows_its_line(notebook):
    notebook.run(LOAD)
    notebook.run(f"%%entry_script score.py\n{NOT_STARTING}")

    index = notebook.run("%mooring deploy nb --es score.py")

    card = notebook.cell(index).locator("[role=alert]")
    assert "nb is Failed" in card.inner_text()
    told = notebook.cell(index).inner_text()
    assert "score.py, line 2" in told
    assert "open('nowhere.pkl')" in told
    assert "Traceback" not in told

    notebook.run(f"%%entry_script score.py\n{FAILING}")
    notebook.run("%mooring deploy nb --es score.py")
    told = notebook.text(notebook.run("%mooring test nb -d abc"))
    assert "500" in told
    assert "line 7" in notebook.text(notebook.run("%mooring logs nb"))


def test_a_click_fixes_the_file_and_the_cell(notebook):
    notebook.run(LOAD)
    notebook.run("import json")
    script = PLAIN.replace("[1]", "json.loads(data)")
    index = notebook.run(f"%%entry_script score.py\n{script}")
    findings = notebook.widget(index)

    findings.get_by_role("button", name="Fix: Add import json").click()
    findings.get_by_text("Fixed in score.py and in this cell.").wait_for()

    assert (notebook.folder / "score.py").read_text().startswith("import json\n")
    source = notebook.page.evaluate(
        f"() => window.jupyterapp.shell.currentWidget.content.widgets[{index}].model.sharedModel.getSource()"
    )
    assert source.startswith("%%entry_script score.py\nimport json\n")
    assert "No findings left" in findings.inner_text()


def test_names_and_flags_are_completed_in_lab(notebook):
    notebook.run(LOAD)
    notebook.run(TRAIN)
    notebook.run("%mooring register model -n diabetes")

    def complete(text):
        code = (
            "from IPython.core.completer import provisionalcompleter as p\n"
            f"with p(): print([c.text for c in get_ipython().Completer.completions({text!r}, {len(text)})])"
        )
        return notebook.kernel(code)

    assert "'diabetes'" in complete("%mooring deploy nb -m dia")
    assert "'X_train'" in complete("answer = %mooring test nb --data X_t")
    reply = notebook.page.evaluate(
        """async (code) => {
          const kernel = window.jupyterapp.shell.currentWidget.sessionContext.session.kernel;
          const reply = await kernel.requestComplete({ code, cursor_pos: code.length });
          return reply.content.matches;
        }""",
        "%mooring deploy nb --ov",
    )
    assert "--overwrite" in reply


def test_a_kernel_killed_while_it_deploys_leaves_the_truth(notebook, home, gate):
    notebook.run(LOAD)
    notebook.run(f"%%entry_script score.py\n{gate.before(PLAIN)}")
    notebook.run("%mooring deploy nb --es score.py", wait=False)
    _await_record(home)

    notebook.kill_kernel(home)
    notebook.run(LOAD)
    told = notebook.text(notebook.run("service = %mooring show nb\nprint(service.state, service.error)"))

    assert "Failed" in told
    assert "interrupted" in told
    notebook.run(f"%%entry_script score.py\n{PLAIN}")
    assert "Healthy in" in notebook.text(notebook.run("%mooring deploy nb --es score.py"))


def _await_record(home):
    """The service is recorded, and its process starts."""
    from mooring.workspace import Workspace

    deadline = time.monotonic() + 120
    with Workspace.open() as workspace:
        while time.monotonic() < deadline:
            found = workspace.services.list()
            if found and any(event.phase == "started" for event in _events(workspace)):
                return
            time.sleep(0.2)
    raise AssertionError("nothing was recorded")


def _events(workspace):
    return [item for item in workspace.services.stream("nb") if hasattr(item, "phase")]
