from pathlib import Path

import pytest

from mooring import Model, ResourceConfiguration, Workspace
from mooring.sdk.exceptions import WebserviceException


def register(ws, **also):
    return Model.register(workspace=ws, model_path="offset.txt", model_name="adder", **also)


def test_versions_rise_by_one_and_the_newest_is_found_by_name(ws):
    register(ws)
    second = register(ws)

    assert (second.id, second.version) == ("adder:2", 2)
    assert Model(ws, "adder").id == "adder:2"
    assert Model(ws, name="adder", version=1).id == Model(ws, id="adder:1").id == "adder:1"


def test_registering_prints_the_line_that_v1_printed(ws, capsys):
    register(ws)

    assert capsys.readouterr().out == "Registering model adder\n"


def test_a_model_keeps_what_it_was_registered_with(ws):
    register(
        ws,
        tags={"area": "health"},
        properties={"seed": "7"},
        description="adds",
        model_framework=Model.Framework.SCIKITLEARN,
        model_framework_version="1.7",
        sample_input_dataset={"data": [1]},
        resource_configuration=ResourceConfiguration(cpu=1, memory_in_gb=0.5),
    )
    model = Model(ws, "adder")

    assert model.tags == {"area": "health"}
    assert model.properties == {"seed": "7"}
    assert model.description == "adds"
    assert (model.model_framework, model.model_framework_version) == ("ScikitLearn", "1.7")
    assert model.sample_input_dataset == {"data": [1]}
    assert model.resource_configuration == ResourceConfiguration(cpu=1, memory_in_gb=0.5)


def test_models_are_found_by_tag_property_and_framework(ws):
    register(ws, tags={"area": "health"}, model_framework="Onnx")
    register(ws, properties={"seed": "7"})

    assert [m.version for m in Model.list(ws, tags=["area"])] == [1]
    assert [m.version for m in Model.list(ws, tags=[["area", "health"]])] == [1]
    assert [m.version for m in Model.list(ws, properties=[["seed", "7"]])] == [2]
    assert [m.version for m in Model.list(ws, model_framework="Onnx")] == [1]
    assert [m.version for m in Model.list(ws, name="adder", latest=True)] == [2]
    assert Model(ws, "adder", tags=[["area", "health"]]).version == 1


def test_tags_change_and_properties_do_not(ws):
    model = register(ws, tags={"a": "1"}, properties={"seed": "7"})

    model.add_tags({"b": "2"})
    model.remove_tags("a")
    model.add_properties({"more": "8"})

    assert Model(ws, "adder").tags == {"b": "2"}
    assert Model(ws, "adder").properties == {"seed": "7", "more": "8"}
    with pytest.raises(WebserviceException, match="seed"):
        model.add_properties({"seed": "9"})


def test_a_download_does_not_overwrite_unless_told_to(ws, folder):
    model = register(ws)
    (folder / "out").mkdir()

    path = model.download(target_dir="out")
    assert Path(path).read_text() == "10"

    with pytest.raises(
        WebserviceException, match=r"File already exists\. To overwrite, set exist_ok to True"
    ):
        model.download(target_dir="out")
    assert model.download(target_dir="out", exist_ok=True) == path


def test_a_model_that_is_not_there_is_a_webservice_exception(ws):
    with pytest.raises(WebserviceException, match="nobody"):
        Model(ws, "nobody")


def test_a_wrong_name_says_the_rule(ws):
    with pytest.raises(WebserviceException, match="-wrong"):
        Model.register(ws, "offset.txt", "-wrong")


def test_get_model_path_fetches_from_the_workspace_outside_a_service(ws):
    register(ws)

    path = Model.get_model_path("adder", _workspace=ws)

    assert path.replace("\\", "/").endswith("azureml-models/adder/1/offset.txt")
    assert Path(path).read_text() == "10"


def test_get_model_path_never_guesses(ws, v1_names):
    from azureml.exceptions import ModelNotFoundException

    with pytest.raises(ModelNotFoundException, match="not found in cache at azureml-models"):
        Model.get_model_path("nobody")
    with pytest.raises(WebserviceException, match="version should be an int"):
        Model.get_model_path("adder", version="9")


def test_a_card_shows_the_model_in_a_notebook(ws):
    html = register(ws, tags={"<b>": "&"})._repr_html_()

    assert "adder:1" in html
    assert "&lt;b&gt;=&amp;" in html


def test_a_model_survives_serialising(ws):
    payload = register(ws).serialize()

    assert (payload["id"], payload["name"], payload["version"]) == ("adder:1", "adder", 1)
    assert Model.deserialize(ws, payload).id == "adder:1"


def test_deleting_says_which_service_uses_the_model(ws, inference_config):
    model = register(ws)
    service = Model.deploy(ws, "user-of-it", [model], inference_config)
    service.wait_for_deployment()

    with pytest.raises(WebserviceException, match="user-of-it"):
        model.delete()

    service.delete()
    model.delete()
    assert Model.list(ws) == []


def test_a_workspace_is_a_named_store(ws):
    register(ws)
    other = Workspace.create("other")

    assert Model.list(other) == []
    assert set(ws.models) == {"adder"}
