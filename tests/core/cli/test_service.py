"""The main job from the command line: register, deploy, call, watch, update, delete. Real processes."""

import json
import signal
import subprocess
import sys

import pytest

SCORE = """
import json, os

def init():
    global factor
    folder = os.environ["AZUREML_MODEL_DIR"]
    with open(os.path.join(folder, os.listdir(folder)[0])) as file:
        factor = int(file.read())
    print("the factor is", factor)

def run(raw_data):
    return [factor * sum(row) for row in json.loads(raw_data)["data"]]
"""


@pytest.fixture
def project(work, mooring):
    """A folder of v1 assets, and `times:1` and `times:2` registered."""
    (work / "score.py").write_text(SCORE)
    (work / "inferenceconfig.json").write_text('{"entryScript": "score.py"}')
    (work / "deploymentconfig.json").write_text('{"computeType": "process", "authEnabled": true}')
    for factor in (2, 3):
        (work / "factor.txt").write_text(str(factor))
        assert mooring("model", "register", "-n", "times", "-p", "factor.txt").exit_code == 0
    return work


@pytest.fixture
def scorer(project, mooring):
    """A service `scorer` of `times:1`."""
    ran = mooring(
        *("model", "deploy", "-n", "scorer", "-m", "times:1"),
        *("--ic", "inferenceconfig.json", "--dc", "deploymentconfig.json"),
    )
    assert ran.exit_code == 0, ran.err
    return ran


def answer_of(ran):
    assert ran.exit_code == 0, ran.err
    return json.loads(ran.out)


def test_the_main_job(mooring, scorer):
    """The six command lines of the main job, in order."""
    assert "Healthy in" in scorer.out
    assert "mooring service delete -n scorer" in scorer.out
    for phase in ("Plan", "Checked", "Environment", "Started", "Init"):
        assert f"\n  {phase}" in "\n" + scorer.err

    assert answer_of(mooring("service", "run", "-n", "scorer", "-d", '{"data": [[1,2,3]]}')) == [12]

    assert "the factor is 2" in mooring("service", "get-logs", "-n", "scorer").out

    updated = mooring("service", "update", "-n", "scorer", "-m", "times:2")
    assert updated.exit_code == 0
    assert "mooring service rollback -n scorer" in updated.out
    assert answer_of(mooring("service", "run", "-n", "scorer", "-d", '{"data": [[1,2,3]]}')) == [18]

    assert mooring("service", "delete", "-n", "scorer").exit_code == 0
    assert mooring("service", "show", "-n", "scorer").exit_code == 3


def test_answers_for_programs(mooring, scorer):
    listed = mooring("service", "list", "-o", "json")
    shown = mooring("service", "show", "-n", "scorer", "-o", "json").json

    assert shown.pop("requests")["failed"] == 0
    assert shown.pop("replicas") == []
    assert listed.json == [shown]
    assert (shown["state"], shown["modelIds"], shown["authEnabled"]) == ("Healthy", ["times:1"], True)
    assert mooring("service", "list", "-o", "tsv").out.split("\t")[:2] == ["scorer", "Healthy"]
    assert mooring("service", "list", "--model-name", "other", "-o", "json").json == []
    assert mooring("service", "list", "--model-id", "times:1", "-c", "process", "-o", "json").json == [shown]


def test_a_table_for_people_shows_state_and_url(mooring, scorer):
    shown = mooring("service", "show", "-n", "scorer").out

    assert "Healthy" in shown
    assert "http://127.0.0.1:" in shown


def test_a_request_from_a_file_and_from_stdin(mooring_process, mooring, scorer, work):
    (work / "sample.json").write_text('{"data": [[1]]}')

    assert answer_of(mooring("service", "run", "-n", "scorer", "-d", "@sample.json")) == [2]
    assert answer_of(
        mooring_process("service", "run", "-n", "scorer", "-d", "-", stdin='{"data": [[2]]}')
    ) == [4]
    assert mooring("service", "run", "-n", "scorer", "-d", "@nothing.json").exit_code == 2


def test_a_request_the_script_fails_on_points_to_the_log(mooring, scorer):
    ran = mooring("service", "run", "-n", "scorer", "-d", "no json")

    assert ran.exit_code == 1
    assert "mooring service get-logs -n scorer" in ran.err


def test_keys_are_shown_when_asked_for_and_never_otherwise(mooring, scorer):
    keys = mooring("service", "get-keys", "-n", "scorer", "-o", "json").json
    alone = mooring("service", "get-keys", "-n", "scorer", "-o", "primary").out.strip()

    assert alone == keys["primaryKey"]
    everything = scorer.out + scorer.err
    for words in (("list",), ("show", "-n", "scorer"), ("get-logs", "-n", "scorer")):
        ran = mooring("service", *words, "-o", "json")
        everything += ran.out + ran.err
    assert keys["primaryKey"] not in everything
    assert keys["secondaryKey"] not in everything


def test_a_key_can_be_replaced_and_read_from_a_file(mooring, scorer, work):
    before = mooring("service", "get-keys", "-n", "scorer", "-o", "json").json

    regenerated = mooring("service", "regen-key", "-n", "scorer", "-k", "primary")
    (work / "key.txt").write_text("a-key-of-my-own\n")
    mooring("service", "regen-key", "-n", "scorer", "-k", "Secondary", "-s", "@key.txt")

    after = mooring("service", "get-keys", "-n", "scorer", "-o", "json").json
    assert after["primaryKey"] not in (before["primaryKey"], regenerated.out)
    assert after["secondaryKey"] == "a-key-of-my-own"


def test_a_token_is_asked_for_where_there_is_none(mooring, scorer):
    ran = mooring("service", "get-access-token", "-n", "scorer")

    assert ran.exit_code == 1
    assert "tokenAuthEnabled" in ran.err


def test_a_taken_name_is_exit_code_4_and_overwrite_replaces(mooring, scorer):
    words = ("model", "deploy", "-n", "scorer", "-m", "times:2", "--ic", "inferenceconfig.json")
    before = mooring("service", "show", "-n", "scorer", "-o", "json").json["scoringUri"]

    assert mooring(*words).exit_code == 4
    assert mooring(*words, "--overwrite").exit_code == 0
    assert mooring("service", "show", "-n", "scorer", "-o", "json").json["scoringUri"] == before


def test_a_model_in_use_is_exit_code_4_with_the_services_name(mooring, scorer):
    ran = mooring("model", "delete", "-i", "times:1")

    assert ran.exit_code == 4
    assert "'scorer'" in ran.err


def test_update_of_nothing_runs_the_edited_script(mooring, scorer, work):
    (work / "score.py").write_text(SCORE.replace("factor * sum", "100 * sum"))

    assert mooring("service", "update", "-n", "scorer").exit_code == 0
    assert answer_of(mooring("service", "run", "-n", "scorer", "-d", '{"data": [[1]]}')) == [100]

    assert mooring("service", "rollback", "-n", "scorer").exit_code == 0
    assert answer_of(mooring("service", "run", "-n", "scorer", "-d", '{"data": [[1]]}')) == [2]


def test_tags_change_without_touching_what_runs(mooring, scorer):
    mooring("service", "update", "-n", "scorer", "--add-tag", "a=1", "--add-tag", "b=2")
    ran = mooring("service", "update", "-n", "scorer", "--remove-tag", "a")

    assert "not touched" in ran.out
    assert mooring("service", "show", "-n", "scorer", "-o", "json").json["tags"] == {"b": "2"}


def test_a_switch_of_v1_may_stand_alone_or_take_true_and_false(mooring, scorer):
    def auth():
        return mooring("service", "show", "-n", "scorer", "-o", "json").json["authEnabled"]

    assert mooring("service", "update", "-n", "scorer", "--auth-enabled", "false").exit_code == 0
    assert auth() is False
    assert mooring("service", "update", "-n", "scorer", "--ae").exit_code == 0
    assert auth() is True


def test_flags_win_over_files_and_settings_of_other_places_are_told(mooring, project):
    ran = mooring(
        *("model", "deploy", "-n", "scorer", "-m", "times:1", "--ic", "inferenceconfig.json"),
        *("--dc", "deploymentconfig.json", "--auth-enabled", "false", "--num-replicas", "3", "--tag", "a=b"),
    )

    assert ran.exit_code == 0
    assert "--num-replicas has no effect with computeType process" in ran.err
    shown = mooring("service", "show", "-n", "scorer", "-o", "json").json
    assert (shown["authEnabled"], shown["tags"]) == (False, {"a": "b"})


def test_deploy_without_files(mooring, project):
    """Everything by flags, on the default place."""
    ran = mooring(
        "model", "deploy", "-n", "scorer", "-m", "times", "--es", "score.py", "--ct", "process", "-o", "json"
    )

    assert ran.json["modelIds"] == ["times:2"]
    assert ran.err == ""


def test_models_from_the_file_that_register_wrote(mooring, project):
    mooring("model", "register", "-n", "other", "-p", "factor.txt", "-t", "model.json")

    ran = mooring("model", "deploy", "-n", "scorer", "-f", "model.json", "--es", "score.py", "-o", "json")

    assert ran.json["modelIds"] == ["other:1"]


def test_a_place_that_is_not_there_names_the_way_out_and_leaves_nothing(mooring, project, monkeypatch):
    monkeypatch.setenv("KUBECONFIG", str(project / "nowhere"))
    (project / "aks.json").write_text('{"computeType": "aks"}')

    ran = mooring(
        "model", "deploy", "-n", "scorer", "-m", "times:1", "--ic", "inferenceconfig.json", "--dc", "aks.json"
    )

    assert ran.exit_code == 5
    assert "mooring computetarget attach kubernetes" in ran.err
    assert mooring("service", "list", "-o", "json").json == []


def test_a_script_that_fails_is_exit_code_5_with_one_verdict(mooring, project):
    (project / "score.py").write_text(SCORE.replace("os.listdir(folder)[0]", '"model.pkl"'))
    words = ("model", "deploy", "-n", "scorer", "-m", "times:1", "--ic", "inferenceconfig.json")

    ran = mooring(*words)

    assert ran.exit_code == 5
    assert "model.pkl" in ran.err
    assert "Fix" in ran.err
    assert "Traceback" not in ran.err
    shown = mooring("service", "show", "-n", "scorer", "-o", "json").json
    assert shown["state"] == "Failed"
    as_json = json.loads(mooring(*words, "-o", "json").err)
    assert as_json["failure"]["code"] == shown["error"]["code"]


def test_a_script_with_a_syntax_error_is_told_before_anything_is_made(mooring, project):
    (project / "score.py").write_text("def init(:\n")

    ran = mooring("model", "deploy", "-n", "scorer", "-m", "times:1", "--ic", "inferenceconfig.json")

    assert ran.exit_code in (1, 5)
    assert "score.py" in ran.err
    assert mooring("service", "list", "-o", "json").json == []


def test_no_wait_returns_before_and_the_service_comes_up(mooring, project):
    """The words after --no-wait hold no secret in any process list: they go through a pipe."""
    (project / "key.txt").write_text("a-key-of-my-own")
    ran = mooring(
        *("model", "deploy", "-n", "scorer", "-m", "times:1", "--ic", "inferenceconfig.json"),
        *("--ae", "--kp", "@key.txt", "--no-wait", "-o", "json"),
    )
    assert ran.exit_code == 0, ran.err

    followed = follow_until(b"Healthy")

    assert b"the factor is 2" in followed
    assert mooring("service", "get-keys", "-n", "scorer", "-o", "primary").out.strip() == "a-key-of-my-own"


def test_no_wait_tells_what_is_refused(mooring, scorer):
    ran = mooring(
        "model", "deploy", "-n", "scorer", "-m", "times:1", "--ic", "inferenceconfig.json", "--no-wait"
    )

    assert ran.exit_code == 4
    assert "already exists" in ran.err


def test_ctrl_c_undoes_a_deployment(mooring, project):
    """Nothing is left of it: no service, no process, and the name is free."""
    (project / "score.py").write_text(
        "import threading\n\ndef init():\n    threading.Event().wait()\n\ndef run(data):\n    pass\n"
    )
    with subprocess.Popen(
        [
            sys.executable,
            "-m",
            "mooring",
            "model",
            "deploy",
            "-n",
            "scorer",
            "-m",
            "times:1",
            "--es",
            "score.py",
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as deploying:
        for line in deploying.stderr:
            if b"Started" in line:
                break
        deploying.send_signal(signal.SIGINT)
        told = deploying.stderr.read()
        assert deploying.wait(60) == 130

    assert b"Interrupted" in told
    assert b"Traceback" not in told
    assert mooring("service", "list", "-o", "json").json == []


def test_follow_shows_the_past_and_goes_on(mooring, scorer):
    assert b"the factor is 2" in follow_until(b"Healthy")


def test_logs_of_the_last_start_and_a_number_of_lines(mooring, scorer):
    mooring("service", "update", "-n", "scorer", "-m", "times:2")

    last = mooring("service", "get-logs", "-n", "scorer", "--last-start").out
    assert "the factor is 3" in last
    assert "the factor is 2" not in last
    assert len(mooring("service", "get-logs", "-n", "scorer", "-l", "2").out.splitlines()) == 2
    assert "text" in mooring("service", "get-logs", "-n", "scorer", "--num_lines", "1", "-o", "json").json[0]


def test_what_is_not_there_is_exit_code_3(mooring):
    for verb in ("show", "delete", "get-keys", "get-logs", "update", "reload", "rollback"):
        assert mooring("service", verb, "-n", "nothing").exit_code == 3, verb


def follow_until(word):
    """Read `get-logs --follow` until a line holds the word; then Ctrl-C, as a person would."""
    seen = b""
    with subprocess.Popen(
        [sys.executable, "-m", "mooring", "service", "get-logs", "-n", "scorer", "--follow"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as reader:
        for line in reader.stdout:
            seen += line
            if word in line:
                break
        reader.send_signal(signal.SIGINT)
        reader.stderr.read()
        assert reader.wait(20) == 130
    return seen
