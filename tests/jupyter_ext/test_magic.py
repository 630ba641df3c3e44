"""`%load_ext mooring` and `%mooring …` in a real IPython shell."""

from __future__ import annotations

import _thread
import json
import re
import sys
import threading
import time

import pytest
from IPython.core.completer import provisionalcompleter


@pytest.fixture
def ridge(shell, tmp_path):
    (tmp_path / "ridge.pkl").write_bytes(b"a model")
    shell.run_line_magic("mooring", "model register -n diabetes -p ridge.pkl --tag area=health")


def test_a_doing_verb_prints_and_returns_its_object(shell, tmp_path, capsys):
    (tmp_path / "ridge.pkl").write_bytes(b"a model")

    returned = shell.run_line_magic("mooring", "model register -n diabetes -p ridge.pkl")

    assert returned.id == "diabetes:1"
    assert "Registered diabetes:1" in capsys.readouterr().out


def test_list_returns_v1_objects_that_show_themselves_as_a_table(shell, ridge, capsys):
    capsys.readouterr()

    models = shell.run_line_magic("mooring", "model list")

    assert [model.id for model in models] == ["diabetes:1"]
    assert type(models[0]).__name__ == "Model"
    assert "diabetes" in repr(models)
    assert "<td>area=health</td>" in models._repr_html_()
    assert re.search(r"<td>\d{4}-\d\d-\d\d \d\d:\d\d UTC</td>", models._repr_html_())
    assert capsys.readouterr().out == ""


def test_show_returns_the_object(shell, ridge):
    shell.run_cell("newest = %mooring model show -n diabetes")

    assert shell.user_ns["newest"].tags == {"area": "health"}


def test_an_explicit_format_prints(shell, ridge, capsys):
    capsys.readouterr()

    assert shell.run_line_magic("mooring", "model show -n diabetes -o json") is None
    assert json.loads(capsys.readouterr().out)["id"] == "diabetes:1"


def test_a_failure_shows_the_command_lines_words_and_stops_the_cell(shell, capsys):
    done = shell.run_cell("%mooring model show -n nothing\nreached = True")

    told = capsys.readouterr()
    assert not done.success
    assert "Model 'nothing' is not registered" in told.out + told.err
    assert "Traceback" not in told.out + told.err
    assert "reached" not in shell.user_ns


def test_a_slip_gets_the_same_answer_as_on_the_command_line(shell, capsys):
    shell.run_cell("%mooring model delete diabetes:1")

    assert "mooring model delete -i diabetes:1" in capsys.readouterr().out


def test_serve_would_take_the_kernels_place(shell, capsys):
    shell.run_cell("%mooring serve score.py")

    assert "!mooring serve score.py" in capsys.readouterr().out


def test_commands_in_hints_can_be_run_in_a_cell(shell, cell, tmp_path):
    (tmp_path / "ridge.pkl").write_bytes(b"a model")

    assert "undo: %mooring model delete -i ridge:1" in cell("%mooring register ridge.pkl")
    assert "with: %mooring service list." in cell("%mooring show nothing")
    assert "%mooring model delete -i ridge:1" not in cell("!echo mooring model delete -i ridge:1")


def test_a_failure_in_a_cell_of_ones_own_is_told_without_frames(shell, cell):
    told = cell("from azureml.core import Workspace\n\nWorkspace.get(name='nowhere')\n")

    assert "There is no workspace named 'nowhere'" in told
    assert "At   line 3: Workspace.get(name='nowhere')" in told
    assert "site-packages" not in told
    assert "Traceback" not in told


def test_a_name_that_is_no_variable_is_told_where_data_is_expected(shell, ridge, tmp_path, cell):
    (tmp_path / "score.py").write_text("def init():\n    pass\n\n\ndef run(data):\n    return data\n")
    cell("%mooring deploy nb --es score.py\nX_test = [[1, 2]]")

    assert (
        "X_tets is no variable of this notebook, so its name is sent as text; did you mean 'X_test'?"
        in cell("%mooring test nb --data X_tets[:1]")
    )
    assert "no variable" not in cell("%mooring test nb --data true")
    assert "X_test[0, 0] has no value: TypeError" in cell("%mooring test nb --data 'X_test[0, 0]'")


def test_an_open_quote_is_told(shell, capsys):
    shell.run_cell('%mooring service run -n x -d "')

    assert "open quote" in capsys.readouterr().out


def test_variables_of_the_notebook_can_be_used(shell, ridge):
    shell.user_ns["wanted"] = "diabetes"

    shell.run_cell("found = %mooring model show -n {wanted}")

    assert shell.user_ns["found"].id == "diabetes:1"


def test_verbs_flags_and_names_are_completed(shell, ridge):
    def after(text):
        with provisionalcompleter():
            return [each.text for each in shell.Completer.completions(text, len(text))]

    assert "model" in after("%mooring mo")
    assert "register" in after("%mooring model reg")
    assert "--latest" in after("%mooring model list --la")
    assert "diabetes" in after("%mooring model show -n d")


def test_a_deployed_service_is_called_from_a_cell(shell, ridge, tmp_path):
    (tmp_path / "score.py").write_text("def init():\n    pass\n\ndef run(data):\n    return [1, 2]\n")
    shell.run_line_magic("mooring", "model deploy -n scorer -m diabetes:1 --es score.py")

    service = shell.run_line_magic("mooring", "service show -n scorer")
    answer = shell.run_line_magic("mooring", "service run -n scorer -d x")

    assert (service.name, service.state) == ("scorer", "Healthy")
    assert answer == [1, 2]


def test_the_short_words_are_the_command_lines_verbs(shell, ridge, tmp_path, cell):
    (tmp_path / "score.py").write_text("def init():\n    pass\n\ndef run(data):\n    return [1, 2]\n")

    assert "Healthy in" in cell("service = %mooring deploy -n nb -m diabetes:1 --es score.py")
    cell("answer = %mooring test nb --data '{\"data\": [[1]]}'")
    cell("both = %mooring services")
    cell("models = %mooring models")

    names = shell.user_ns
    assert (names["service"].name, names["service"].state) == ("nb", "Healthy")
    assert names["answer"] == [1, 2]
    assert [service.name for service in names["both"]] == ["nb"]
    assert [model.id for model in names["models"]] == ["diabetes:1"]
    assert "Generation 1 serves" in cell("%mooring logs nb")
    assert "revision 2" in cell("%mooring update nb --add-tag a=b --scoring-timeout-ms 900")
    assert "Deleted nb" in cell("%mooring delete nb")


def test_short_words_flags_names_and_variables_are_completed(shell, ridge):
    shell.user_ns["X_test"] = {"data": [[1]]}

    def after(text):
        with provisionalcompleter():
            return [each.text for each in shell.Completer.completions(text, len(text))]

    assert "deploy" in after("%mooring de")
    assert "--overwrite" in after("%mooring deploy -n nb --ov")
    assert "diabetes" in after("%mooring deploy nb -m d")
    assert "X_test" in after("answer = %mooring test nb --data X_")
    assert "--data" in after("answer = %mooring test nb --d")


def test_alone_it_says_what_there_is(cell):
    assert "%mooring deploy" in cell("%mooring")


def test_keys_are_handed_over_and_shown_on_demand_only(shell, tmp_path, cell):
    from mooring.workspace import Workspace

    (tmp_path / "score.py").write_text("def init():\n    pass\n\ndef run(data):\n    return [1, 2]\n")
    cell("%mooring deploy nb --es score.py --auth-enabled true")
    with Workspace.open() as workspace:
        key = workspace.services.keys("nb").primary

    shown = cell("%mooring service get-keys -n nb")
    cell("keys = %mooring service get-keys -n nb")

    assert key not in shown
    assert "primaryKey" in shown
    assert shell.user_ns["keys"]["primaryKey"] == key
    assert key in cell("%mooring service get-keys -n nb -o json")


def test_following_a_log_ends_with_an_interrupt_and_no_error(shell, ridge, tmp_path, cell):
    (tmp_path / "score.py").write_text("def init():\n    pass\n\ndef run(data):\n    return [1, 2]\n")
    cell("%mooring deploy nb -m diabetes:1 --es score.py")
    threading.Thread(
        target=interrupt_once_told, args=("Generation 1 serves", sys.stdout), daemon=True
    ).start()

    told = cell("%mooring logs nb -f")

    assert "Generation 1 serves" in told
    assert "Interrupt" not in told
    assert "Error" not in told


def interrupt_once_told(text, screen):
    """As a person who has read it presses Interrupt."""
    while text not in screen.getvalue():
        time.sleep(0.05)
    _thread.interrupt_main()
