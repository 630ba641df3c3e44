"""`mooring model …` on real files and a real store."""

import json

import pytest
import yaml


@pytest.fixture
def ridge(work):
    path = work / "ridge.pkl"
    path.write_bytes(b"a model")
    return path


@pytest.fixture
def diabetes(mooring, ridge):
    """`diabetes:1`, registered."""
    assert (
        mooring("model", "register", "-n", "diabetes", "-p", "ridge.pkl", "--tag", "area=health").exit_code
        == 0
    )


def test_register_says_the_id_and_how_to_undo(mooring, ridge):
    """The first line of the main job."""
    ran = mooring("model", "register", "-n", "diabetes", "-p", "ridge.pkl", "--tag", "area=health")

    assert ran.exit_code == 0
    assert "Registered diabetes:1" in ran.out
    assert "mooring model delete -i diabetes:1" in ran.out


def test_the_old_documentations_onnx_line_works(mooring, work):
    """`az ml model register -n onnx_mnist -p mnist/model.onnx`, word for word."""
    (work / "mnist").mkdir()
    (work / "mnist" / "model.onnx").write_bytes(b"onnx")

    ran = mooring("model", "register", "-n", "onnx_mnist", "-p", "mnist/model.onnx", "-o", "json")

    assert ran.json["id"] == "onnx_mnist:1"


def test_an_asset_path_without_a_run_says_what_it_means(mooring):
    ran = mooring(
        "model", "register", "-n", "sklearn_mnist", "--asset-path", "outputs/sklearn_mnist_model.pkl"
    )

    assert ran.exit_code == 2
    assert "--run-id" in ran.err


def test_register_keeps_everything_it_is_told(mooring, ridge):
    ran = mooring(
        *(
            "model",
            "register",
            "-n",
            "m",
            "-p",
            "ridge.pkl",
            "--tag",
            "a=1",
            "--tag",
            "b=2",
            "--property",
            "p=q",
        ),
        *("-d", "free text", "--model-framework", "ScikitLearn", "--model-framework-version", "1.7"),
        *("--cc", "0.5", "--gb", "1", "-o", "json"),
    )

    assert ran.json["tags"] == {"a": "1", "b": "2"}
    assert ran.json["properties"] == {"p": "q"}
    assert ran.json["description"] == "free text"
    assert ran.json["framework"] == "ScikitLearn"
    assert ran.json["resourceConfiguration"]["cpu"] == 0.5


def test_the_metadata_file_names_the_model(mooring, ridge, work):
    mooring("model", "register", "-n", "m", "-p", "ridge.pkl", "-t", "model.json")

    assert json.loads((work / "model.json").read_text())["modelId"] == "m:1"


def test_a_run_metadata_file_gives_run_and_experiment(mooring, ridge, work):
    (work / "run.json").write_text(json.dumps({"run_id": "r1", "_experiment_name": "exp"}))

    ran = mooring("model", "register", "-n", "m", "-p", "ridge.pkl", "-f", "run.json", "-o", "json")

    assert (ran.json["runId"], ran.json["experimentName"]) == ("r1", "exp")


def test_a_metadata_file_that_is_none_says_how_to_make_one(mooring, ridge, work):
    (work / "run.json").write_text("[]")

    ran = mooring("model", "register", "-n", "m", "-p", "ridge.pkl", "-f", "run.json")

    assert ran.exit_code == 1
    assert "has no 'run_id'" in ran.err


def test_azure_only_flags_are_ignored_with_one_notice(mooring, diabetes):
    ran = mooring("model", "list", "-g", "group", "--subscription-id", "0", "--path", ".")

    assert ran.exit_code == 0
    assert ran.err.count("note:") == 1
    assert "--resource-group, --subscription-id, --path" in ran.err


def test_for_programs_stderr_is_for_errors_alone(mooring, diabetes):
    assert mooring("model", "list", "-g", "group", "-o", "json").err == ""


def test_list_filters(mooring, diabetes, work):
    (work / "other").write_bytes(b"x")
    mooring("model", "register", "-n", "bert", "-p", "other")

    def names(*words):
        return [model["name"] for model in mooring("model", "list", *words, "-o", "json").json]

    assert names() == ["bert", "diabetes"]
    assert names("-n", "bert") == ["bert"]
    assert names("--tag", "area") == ["diabetes"]
    assert names("--tag", "area=health") == ["diabetes"]
    assert names("--tag", "area=none") == []
    assert names("-l") == ["bert", "diabetes"]


def test_an_empty_list_says_how_to_begin_and_nothing_to_a_pipe(mooring):
    ran = mooring("model", "list")

    assert ran.exit_code == 0
    assert ran.out == ""
    assert "mooring model register" in ran.err


def test_show_by_id_by_name_and_in_yaml(mooring, diabetes):
    assert "diabetes:1" in mooring("model", "show", "-i", "diabetes:1").out
    assert mooring("model", "show", "-n", "diabetes", "-o", "json").json["version"] == 1
    assert (
        yaml.safe_load(mooring("model", "show", "-n", "diabetes", "--version", "1", "-o", "yaml").out)["id"]
        == "diabetes:1"
    )


def test_a_missing_model_is_exit_code_3(mooring, diabetes):
    ran = mooring("model", "show", "-i", "diabetes:9", "-o", "json")

    assert ran.exit_code == 3
    assert json.loads(ran.err)["code"] == "model-not-found"


def test_update_changes_labels(mooring, diabetes):
    mooring(
        "model",
        "update",
        "-i",
        "diabetes:1",
        "--add-tag",
        "stage=test",
        "--remove-tag",
        "area",
        "--description",
        "new",
    )

    shown = mooring("model", "show", "-i", "diabetes:1", "-o", "json").json
    assert shown["tags"] == {"stage": "test"}
    assert shown["description"] == "new"


def test_an_update_of_nothing_says_what_could_change(mooring, diabetes):
    assert "--add-tag" in mooring("model", "update", "-i", "diabetes:1").err


def test_download_refuses_to_overwrite_unless_told(mooring, diabetes, work):
    assert mooring("model", "download", "-i", "diabetes:1", "-t", "out").out.strip() == "out/ridge.pkl"
    assert (work / "out" / "ridge.pkl").read_bytes() == b"a model"

    assert mooring("model", "download", "-i", "diabetes:1", "-t", "out").exit_code != 0
    assert mooring("model", "download", "-i", "diabetes:1", "-t", "out", "--overwrite").exit_code == 0


def test_delete_removes_the_version_and_gc_lists_nothing_young(mooring, diabetes):
    assert mooring("model", "delete", "-i", "diabetes:1").exit_code == 0
    assert mooring("model", "show", "-i", "diabetes:1").exit_code == 3
    assert mooring("gc", "-o", "json").json == []


def test_a_workspace_of_its_own_has_models_of_its_own(mooring, diabetes):
    assert mooring("workspace", "create", "-w", "lab").exit_code == 0

    assert mooring("model", "list", "-w", "lab", "-o", "json").json == []
    assert mooring("workspace", "create", "-w", "lab").exit_code == 4
    assert mooring("workspace", "create", "-w", "lab", "--exist-ok").exit_code == 0
    assert {each["name"] for each in mooring("workspace", "list", "-o", "json").json} == {"default", "lab"}
    assert mooring("workspace", "show", "-w", "lab", "-o", "json").json["models"] == 0
    assert mooring("model", "list", "-w", "nowhere").exit_code == 3


def test_no_rich_and_no_vendor_for_a_usage_mistake(mooring_process):
    """What fails at once must not pay for a database."""
    ran = mooring_process("model", "delete", "x:1", PYTHONPROFILEIMPORTTIME="1")

    assert ran.exit_code == 2
    assert "sqlalchemy" not in ran.err
    assert "rich.status" not in ran.err
    assert "pydantic" not in ran.err
