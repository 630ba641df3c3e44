import json
import urllib.request

import pytest

from mooring import Model, ProcessWebservice, Webservice
from mooring.sdk.exceptions import WebserviceException


@pytest.fixture
def model(ws):
    return Model.register(ws, "offset.txt", "adder")


@pytest.fixture
def service(ws, model, inference_config):
    service = Model.deploy(ws, "adder", [model], inference_config, ProcessWebservice.deploy_configuration())
    service.wait_for_deployment()
    return service


def test_a_deployed_service_answers_and_tells_about_itself(ws, service):
    assert service.state == "Healthy"
    assert service.run('{"data": [1, 2]}') == [11.0, 12.0]
    assert service.run(b'{"data": [1]}') == service.run({"data": [1]}) == [11.0]
    assert service.compute_type == "PROCESS"
    assert service.scoring_uri == f"http://127.0.0.1:{service.port}/score"
    assert service.swagger_uri == f"http://127.0.0.1:{service.port}/swagger.json"
    assert [m.id for m in service.models] == ["adder:1"]
    with urllib.request.urlopen(service.swagger_uri) as answer:
        assert json.load(answer)["swagger"] == "2.0"


def test_a_service_is_found_again_by_name(ws, service):
    again = Webservice(name="adder", workspace=ws)

    assert isinstance(again, ProcessWebservice)
    assert again.scoring_uri == service.scoring_uri
    assert [s.name for s in Webservice.list(ws, model_name="adder")] == ["adder"]
    assert Webservice.list(ws, model_name="other") == []
    assert set(ws.webservices) == {"adder"}


def test_waiting_shows_the_phases_and_the_last_line_of_v1(ws, model, inference_config, capsys):
    service = Model.deploy(ws, "adder", [model], inference_config)
    service.wait_for_deployment(show_output=True)
    out = capsys.readouterr().out

    for phase in ("Plan", "Checked", "Environment", "Started", "Init", "Healthy"):
        assert f"  {phase}" in out
    assert out.endswith('PROCESS service creation operation finished, operation "Succeeded"\n')


def test_a_new_model_version_is_served_at_the_same_address(ws, service, folder):
    before = service.scoring_uri
    (folder / "offset.txt").write_text("20")
    newer = Model.register(ws, "offset.txt", "adder")

    service.update(models=[newer])
    service.wait_for_deployment()

    assert service.run({"data": [1]}) == [21.0]
    assert service.scoring_uri == before


def test_reload_runs_the_script_as_it_is_now(service, folder):
    script = folder / "score.py"
    script.write_text(script.read_text().replace("value + offset", "value - offset"))

    service.reload(wait=True)

    assert service.run({"data": [1]}) == [-9.0]


def test_rollback_serves_what_served_before(service, folder):
    script = folder / "score.py"
    script.write_text(script.read_text().replace("value + offset", "value - offset"))
    service.reload(wait=True)

    service.rollback()

    assert service.run({"data": [1]}) == [11.0]


def test_keys_guard_a_service_and_can_be_replaced(ws, model, inference_config):
    config = ProcessWebservice.deploy_configuration(auth_enabled=True, primary_key="first-primary-key")
    service = Model.deploy(ws, "guarded", [model], inference_config, config)
    service.wait_for_deployment()
    primary, secondary = service.get_keys()

    assert primary == "first-primary-key"
    assert service.run({"data": [1]}) == [11.0]

    service.regen_key("Primary")
    assert service.get_keys()[0] != primary
    assert service.get_keys()[1] == secondary
    assert service.run({"data": [1]}) == [11.0]

    shown = [
        repr(service),
        service._repr_html_(),
        json.dumps(service.serialize()),
        repr(config),
        service.get_logs(),
    ]
    assert not any(secret in text for text in shown for secret in (primary, secondary, *service.get_keys()))


def test_a_failing_script_is_told_with_its_line_and_leaves_the_old_one_serving(service, folder):
    script = folder / "score.py"
    script.write_text(script.read_text().replace("offset.txt", "wrong.txt"))

    with pytest.raises(WebserviceException) as caught:
        service.reload(wait=True)

    assert "line 7" in str(caught.value)
    assert service.run({"data": [1]}) == [11.0]


def test_a_name_that_is_taken_needs_overwrite(ws, service, model, inference_config):
    with pytest.raises(WebserviceException, match="already exists"):
        Model.deploy(ws, "adder", [model], inference_config)
    with pytest.raises(WebserviceException, match="already exists"):
        Webservice.check_for_existing_webservice(ws, "adder")

    replaced = Model.deploy(ws, "adder", [model], inference_config, overwrite=True)
    replaced.wait_for_deployment()
    assert replaced.scoring_uri == service.scoring_uri


def test_tags_and_properties_are_v1s(service):
    service.update(tags={"a": "1"}, description="adds")
    service.add_tags({"b": "2"})
    service.remove_tags(["a"])
    service.add_properties({"p": "1"})

    assert service.tags == {"b": "2"}
    assert service.properties == {"p": "1"}
    assert service.description == "adds"
    with pytest.raises(WebserviceException, match="No parameters provided to update"):
        service.update()


def test_a_deleted_service_is_gone(ws, service):
    service.delete()
    service.delete()

    assert service.state == "Deleting"
    assert Webservice.list(ws) == []
    with pytest.raises(WebserviceException, match="adder"):
        Webservice(ws, "adder")


def test_a_target_that_is_not_there_names_the_way_out_and_leaves_nothing(
    ws, model, inference_config, monkeypatch, tmp_path
):
    from mooring import AksWebservice

    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "nowhere"))
    with pytest.raises(WebserviceException, match="mooring computetarget attach"):
        Model.deploy(
            ws, "far-away", [model], inference_config, AksWebservice.deploy_configuration(cpu_cores=1)
        )

    assert Webservice.list(ws) == []


def test_all_mistakes_of_a_configuration_are_told_at_once():
    from mooring import AksWebservice

    with pytest.raises(WebserviceException) as caught:
        AksWebservice.deploy_configuration(cpu_cores=-1, autoscale_enabled=True, num_replicas=3)

    assert str(caught.value).count("Invalid configuration") == 2


def test_a_script_that_is_not_there_stops_the_configuration(folder):
    from mooring import InferenceConfig

    with pytest.raises(WebserviceException, match=r"nowhere\.py"):
        InferenceConfig(entry_script="nowhere.py")
