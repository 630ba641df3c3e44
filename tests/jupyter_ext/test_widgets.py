"""Widgets without a page: what they answer, what is saved of them, what they cost."""

from __future__ import annotations

import threading
import time

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter

from mooring.configs import InferenceConfig, ProcessDeploymentConfig
from mooring.workspace import Workspace
from mooring_jupyter.widgets import DeployWidget, ModelsWidget, RegisterWidget, ServiceWidget
from mooring_jupyter.widgets.live import Rounds

SCRIPT = "def init():\n    pass\n\n\ndef run(data):\n    print('asked')\n    return [1]\n"


@pytest.fixture
def service(tmp_path):
    (tmp_path / "score.py").write_text(SCRIPT)
    with Workspace.open() as workspace:
        workspace.services.deploy(
            "nb",
            [],
            InferenceConfig(entry_script=str(tmp_path / "score.py")),
            ProcessDeploymentConfig(auth_enabled=True),
        )
        yield workspace


@pytest.fixture
def widget(service):
    made = ServiceWidget("nb")
    yield made
    made.close()


def test_it_answers_what_the_page_asks(widget):
    assert widget.facts["service"]["state"] == "Healthy"
    assert widget.do_test(body='{"data": 1}')["body"] == [1]
    assert len(widget.do_details()["place"]["workers"]) == 1
    assert next(each["language"] for each in widget.do_snippets()) == "python"
    assert widget.do_history()[-1]["phase"] == "healthy"
    assert any("asked" in line["text"] for line in widget.do_last_start())


def test_a_key_is_in_the_answer_to_its_question_and_nowhere_else(widget, service):
    key = service.services.keys("nb").primary

    assert widget.do_keys()["primary"] == key
    assert key not in str(widget.get_state())
    assert key not in str(widget._repr_mimebundle_())
    assert key not in str(widget.do_details())


def test_what_goes_wrong_is_told_and_never_raised(widget, service):
    said = []
    widget.send = lambda content, buffers=None: said.append(content)
    service.services.delete("nb")

    widget._answer("details", 1, {})
    widget._answer("test", 2, {"wrong": True})

    assert said[0]["error"]["code"] == "service-not-found"
    assert said[0]["error"]["remedy"]
    assert "Traceback" not in str(said)


def test_it_is_told_about_changes_by_one_thread_for_all(service):
    before = set(threading.enumerate())
    widgets = [ServiceWidget("nb") for _ in range(50)]
    try:
        watching = [
            each for each in threading.enumerate() if each.name == "mooring-watch" and each not in before
        ]
        assert len(watching) == 1

        service.services.delete("nb")
        deadline = time.monotonic() + 90
        while not all(widget.facts["gone"] for widget in widgets) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert all(widget.facts["gone"] for widget in widgets)
    finally:
        for widget in widgets:
            widget.close()


def test_a_form_of_nothing_says_what_is_missing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    form, register, models = DeployWidget(), RegisterWidget(), ModelsWidget()
    said = []
    for widget in (form, register):
        widget.send = lambda content, buffers=None: said.append(content)

    form._answer("plan", 1, {"given": {"name": "nb"}})
    register._answer("register", 2, {"given": {}})
    models.close()

    assert [each["error"]["problem"] for each in said] == [
        "Name the entry script or an inference config.",
        "Choose a model, or name its file.",
    ]


def test_rounds_have_one_thread_however_often_somebody_comes_and_goes():
    rounds, came = Rounds("mooring-test-rounds", 0.01), []

    def member():
        came.append(threading.current_thread())
        raise RuntimeError("one that fails does not end the rounds")

    for _ in range(20):
        rounds.join(member)
        rounds.leave(member)
    rounds.join(member)
    _await(lambda: len(came) > 3)
    rounds.leave(member)

    assert len(set(came)) == 1
    _await(lambda: not any(each.name == "mooring-test-rounds" for each in threading.enumerate()))


def test_answers_that_no_page_can_show_are_told_and_cut(cell, tmp_path):
    (tmp_path / "score.py").write_text(
        "from azureml.contrib.services.aml_response import AMLResponse\n\n\ndef init():\n    pass\n\n\n"
        "def run(data):\n    if 'bytes' in data:\n        return AMLResponse(bytes(range(256)), 200)\n"
        "    return 'x' * 10_000_000\n"
    )
    cell("%mooring deploy nb --es score.py")
    widget = ServiceWidget("nb")
    try:
        long, binary = widget.do_test(body="{}"), widget.do_test(body='{"bytes": 1}')
    finally:
        widget.close()

    assert (long["status"], len(long["body"])) == (200, 100_000)
    assert long["note"] == "the first 100,000 of 10,000,002 bytes"
    assert (binary["status"], binary["body"]) == (200, "")
    assert binary["note"].startswith("256 bytes of ")


def _await(is_so):
    deadline = time.monotonic() + 90
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("make", "told"),
    [
        ("ServiceWidget(None)", "None is no service."),
        ("ServiceWidget('')", "'' is no service."),
        ("ServiceWidget('nb', workspace=5)", "5 is no workspace."),
        ("ServiceWidget('nb', workspace='nowhere')", "There is no workspace named 'nowhere'."),
        ("DeployWidget(5)", "5 is no registered model."),
        ("DeployWidget([None])", "None is no registered model."),
        ("DeployWidget('nothing:1')", "Model 'nothing:1' is not registered."),
        ("RegisterWidget([1])", "[1] is no variable of this notebook."),
        ("ModelsWidget(5)", "5 is no workspace."),
    ],
)
def test_a_wrong_argument_is_told_in_the_cell(cell, make, told):
    cell("from mooring_jupyter.widgets import DeployWidget, ModelsWidget, RegisterWidget, ServiceWidget")

    shown = cell(make)

    assert told in shown
    assert "Fix" in shown
    assert "Traceback" not in shown


def test_forms_take_objects_and_names(shell, cell, tmp_path):
    (tmp_path / "ridge.pkl").write_bytes(b"a")
    cell("one = %mooring register ridge.pkl\ntwo = %mooring register ridge.pkl\nmine = {1: 2}")
    cell("from mooring_jupyter.widgets import DeployWidget, RegisterWidget")

    cell("by_object, by_name, of_mine = DeployWidget(one), DeployWidget('ridge'), RegisterWidget(mine)")

    made = shell.user_ns
    assert made["by_object"].facts["given"]["models"] == ["ridge:1"]
    assert made["by_name"].facts["given"]["models"] == ["ridge:2"]
    assert made["of_mine"].facts["given"]["what"] == "mine"


@pytest.mark.filterwarnings("default")
def test_a_page_without_a_kernel_shows_a_card_without_a_key(tmp_path, service):
    """As nbviewer and GitHub show a saved notebook: with the widgets' state, and without it."""
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [
        nbformat.v4.new_code_cell("%load_ext mooring"),
        nbformat.v4.new_code_cell(
            "from mooring_jupyter.widgets import ModelsWidget, ServiceWidget\nServiceWidget('nb')"
        ),
        nbformat.v4.new_code_cell("ModelsWidget()"),
    ]
    NotebookClient(notebook, timeout=150, store_widget_state=True).execute()
    key = service.services.keys("nb").primary

    with_state = HTMLExporter().from_notebook_node(notebook)[0]
    notebook.metadata.pop("widgets")
    without_state = HTMLExporter().from_notebook_node(notebook)[0]

    assert "Webservice <b>nb</b>" in without_state
    assert "Healthy" in without_state
    assert key not in with_state
    assert key not in nbformat.writes(notebook)
