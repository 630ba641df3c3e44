import pytest

from mooring import Model, Run
from mooring.sdk import Experiment
from mooring.sdk.exceptions import RunEnvironmentException
from mooring.sdk.unbuilt import NotBuiltYet


def test_an_old_training_script_logs_and_registers(ws, folder):
    run = Experiment(workspace=ws, name="myexperiment").start_logging()
    run.log("mse", 0.5)
    run.log("mse", 0.4)
    (folder / "outputs").mkdir()
    (folder / "outputs" / "sklearn_mnist_model.pkl").write_bytes(b"model")

    model = run.register_model(model_name="sklearn_mnist", model_path="outputs/sklearn_mnist_model.pkl")
    run.complete()

    assert model.id == "sklearn_mnist:1"
    assert (model.run_id, model.experiment_name) == (run.id, "myexperiment")
    assert [m.id for m in Model.list(ws, run_id=run.id)] == ["sklearn_mnist:1"]
    assert run.get_metrics() == {"mse": [0.5, 0.4]}
    assert run.get_status() == "Completed"


def test_what_was_uploaded_to_the_run_is_registered_from_there(ws, folder):
    run = Experiment(ws, "e").start_logging()
    run.upload_file("outputs/model.txt", "offset.txt")
    (folder / "offset.txt").unlink()

    assert run.get_file_names() == ["outputs/model.txt"]
    assert run.register_model("kept", "outputs/model.txt").size_bytes == 2


def test_without_a_path_the_models_name_is_the_path(ws, folder):
    (folder / "named").write_text("x")

    assert Run.get_context().register_model("named").name == "named"


def test_there_is_no_submitted_run(folder):
    with pytest.raises(RunEnvironmentException):
        Run.get_context(allow_offline=False)


def test_training_elsewhere_is_not_offered(ws):
    with pytest.raises(NotBuiltYet, match="start_logging"):
        Experiment(ws, "e").submit(object())
