from __future__ import annotations

import json
import subprocess
import sys

import pytest

from mooring.settings import HomeUnusable
from mooring.workspace import InvalidWorkspaceName, Workspace, WorkspaceExists, WorkspaceNotFound


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_the_default_workspace_needs_no_set_up(home):
    with Workspace.open() as workspace:
        assert workspace.name == "default"
        assert workspace.models.list() == []
        assert list(workspace.services.list()) == []
        assert list(workspace.environments.list()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="needs a folder that nobody can write, not even root")
def test_a_home_that_can_not_be_written_is_told_with_the_way_out(monkeypatch):
    monkeypatch.setenv("MOORING_HOME", "/proc/mooring")

    with pytest.raises(HomeUnusable, match=r"/proc/mooring, can't be written.* set MOORING_HOME"):
        Workspace.open().models  # noqa: B018 (the first use opens it)
    with pytest.raises(HomeUnusable):
        Workspace.create("other")


def test_opening_makes_nothing(home):
    Workspace.open().close()

    assert list(home.iterdir()) == []


def test_opening_loads_no_library(home):
    code = (
        "import sys; from mooring.workspace import Workspace; Workspace.open();"
        "print([n for n in ('sqlalchemy','alembic','uv','httpx','psutil','fsspec','yaml','jwt') if n in sys.modules])"
    )

    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "[]\n"
    )


def test_listing_services_loads_only_the_database(home):
    code = (
        "import sys; from mooring.workspace import Workspace; Workspace.open().services.list();"
        "print([n for n in ('alembic','uv','httpx','psutil','fsspec','yaml','jwt','http.client') if n in sys.modules])"
    )

    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "[]\n"
    )


def test_workspaces_keep_their_things_apart(home, tmp_path):
    model = tmp_path / "m.pkl"
    model.write_text("x")
    with Workspace.create("first") as first, Workspace.create("second") as second:
        first.models.register(model, "m")

        assert len(first.models.list()) == 1
        assert second.models.list() == []
    assert Workspace.list() == ["default", "first", "second"]


def test_a_name_that_was_never_created_is_refused_with_a_near_one(home):
    Workspace.create("production")

    with pytest.raises(WorkspaceNotFound, match="did you mean 'production'"):
        Workspace.open("prodution")


def test_opening_may_create(home):
    assert Workspace.open("fresh", create=True).name == "fresh"


def test_creating_twice_is_refused_unless_that_is_fine(home):
    Workspace.create("first")

    with pytest.raises(WorkspaceExists, match="'first'"):
        Workspace.create("first")
    assert Workspace.create("first", exist_ok=True).name == "first"


@pytest.mark.parametrize("name", ["../evil", "a", "", "with space", "-dash", "x" * 34, "new\n"])
def test_names_that_make_no_folder_are_refused(home, name):
    with pytest.raises(InvalidWorkspaceName):
        Workspace.create(name)


@pytest.mark.parametrize("place", [".azureml/config.json", "aml_config/config.json", "config.json"])
def test_v1s_config_file_names_the_workspace(home, tmp_path, monkeypatch, place):
    file = tmp_path / place
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps({"subscription_id": "0", "resource_group": "rg", "workspace_name": "my-team"}))
    below = tmp_path / "notebooks" / "deep"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)

    assert Workspace.open().name == "my-team"


def test_the_environment_variable_wins_over_the_config_file(home, tmp_path, monkeypatch):
    (tmp_path / "config.json").write_text('{"workspace_name": "my-team"}')
    monkeypatch.setenv("MOORING_WORKSPACE", "default")

    assert Workspace.open().name == "default"


@pytest.mark.parametrize("text", ["not json", "[]", '{"workspace_name": 3}', '{"workspace_name": "../x"}'])
def test_a_config_file_of_somebody_else_is_left_alone(home, tmp_path, text):
    (tmp_path / "config.json").write_text(text)

    assert Workspace.open().name == "default"


def test_what_is_closed_can_be_used_again(home):
    workspace = Workspace.open()
    workspace.models.list()
    workspace.close()

    assert workspace.models.list() == []
    workspace.close()


def test_the_database_is_for_its_owner_only(home):
    with Workspace.open() as workspace:
        workspace.models.list()
        files = list(workspace.settings.workspace_dir.glob("mooring.db*"))

        assert files
        assert {file.stat().st_mode & 0o777 for file in files} == {0o600}
