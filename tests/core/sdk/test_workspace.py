import json
import logging

import pytest

from mooring import Environment, Workspace
from mooring.sdk.exceptions import UserErrorException, WorkspaceException
from mooring.sdk.unbuilt import NotBuiltYet


def test_the_default_workspace_needs_no_set_up(ws):
    assert ws.name == "default"
    assert ws.models == ws.webservices == ws.compute_targets == {}


def test_a_config_file_of_v1_names_the_workspace(folder):
    config = {"subscription_id": "s", "resource_group": "g", "workspace_name": "team-a"}
    (folder / ".azureml").mkdir()
    (folder / ".azureml" / "config.json").write_text(json.dumps(config))

    ws = Workspace.from_config()

    assert (ws.name, ws.subscription_id, ws.resource_group) == ("team-a", "s", "g")


def test_a_written_config_is_found_again_from_a_folder_below(folder, monkeypatch):
    Workspace.create("team-b").write_config()
    (folder / "deep" / "er").mkdir(parents=True)
    monkeypatch.chdir(folder / "deep" / "er")

    assert Workspace.from_config().name == "team-b"


def test_without_a_config_file_the_default_workspace_is_used_and_said(folder, caplog):
    with caplog.at_level(logging.WARNING):
        ws = Workspace.from_config()

    assert ws.name == "default"


def test_a_config_that_was_named_must_be_there_and_be_valid(folder):
    with pytest.raises(UserErrorException, match="nowhere"):
        Workspace.from_config(path="nowhere")
    (folder / "config.json").write_text('{"workspace_name": ')
    with pytest.raises(UserErrorException, match="not valid JSON"):
        Workspace.from_config(path="config.json")


def test_creating_twice_needs_exist_ok(folder):
    Workspace.create("twice")

    with pytest.raises(WorkspaceException, match="twice"):
        Workspace.create("twice")
    assert Workspace.create("twice", exist_ok=True).name == "twice"
    assert "twice" in Workspace.list()


def test_getting_a_workspace_that_is_not_there_says_how_to_make_it(folder):
    with pytest.raises(WorkspaceException, match="mooring workspace create"):
        Workspace.get("nowhere")


def test_environments_are_registered_with_versions(ws):
    environment = Environment("scoring")
    environment.python.conda_dependencies.add_pip_package("scikit-learn==1.5.0")

    registered = environment.register(workspace=ws)

    assert registered.version == "1"
    assert Environment.get(workspace=ws, name="scoring", version="1").name == "scoring"
    assert set(ws.environments) == set(Environment.list(ws)) == {"scoring"}


def test_what_is_kept_elsewhere_says_so(ws):
    with pytest.raises(NotBuiltYet, match="get_default_datastore"):
        ws.get_default_datastore()
    with pytest.raises(AttributeError):
        _ = ws.no_such_thing


def test_a_workspace_shows_itself(ws):
    assert "default" in repr(ws)
    assert "none yet" in ws._repr_html_()
