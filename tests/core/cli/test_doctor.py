"""`mooring doctor` on a healthy machine and on ones that lack something."""

import sys
from importlib.util import find_spec

import pytest


@pytest.fixture
def offline_index(monkeypatch):
    """An index on a port where nobody listens."""
    monkeypatch.setenv("UV_DEFAULT_INDEX", "http://someone:secret@127.0.0.1:9/simple")


def by_check(ran):
    return {line["check"]: line for line in ran.json}


def test_a_healthy_machine_is_exit_code_0(mooring, offline_index):
    ran = mooring("doctor", "-o", "json")

    assert ran.exit_code == 0
    assert {"python", "uv", "home", "disk", "database", "artifacts", "services"} <= by_check(ran).keys()
    assert by_check(ran)["database"]["status"] == "ok"


def test_an_index_out_of_reach_is_a_warning_without_its_password(mooring, offline_index):
    ran = mooring("doctor", "-o", "json")

    assert by_check(ran)["package index"]["status"] == "warning"
    assert "secret" not in ran.out + ran.err


def test_an_engine_that_does_not_run_is_a_note_with_the_deployments_own_remedy(
    mooring, offline_index, tmp_path, monkeypatch
):
    from mooring.engine.errors import not_running

    place = f"unix://{tmp_path}/none.sock"
    monkeypatch.setenv("DOCKER_HOST", place)

    ran = mooring("doctor", "-o", "json")

    assert ran.exit_code == 0
    assert by_check(ran)["docker"] == {
        "status": "note",
        "check": "docker",
        "found": not_running(place).problem,
        "remedy": not_running(place).remedy,
    }


@pytest.mark.docker
def test_an_engine_that_runs_is_shown_with_its_version(mooring, offline_index, engine):
    ran = mooring("doctor", "-o", "json")

    assert by_check(ran)["docker"]["status"] == "ok"
    assert engine.place in by_check(ran)["docker"]["found"]


def test_a_home_that_is_a_file_is_an_error_with_a_remedy(mooring, offline_index, tmp_path, monkeypatch):
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    monkeypatch.setenv("MOORING_HOME", str(blocked))

    ran = mooring("doctor")

    assert ran.exit_code == 1
    assert "error" in ran.out
    assert "MOORING_HOME" in ran.out


def test_a_damaged_database_is_an_error_with_a_remedy(mooring, offline_index, home):
    folder = home / "workspaces" / "default"
    folder.mkdir(parents=True)
    (folder / "mooring.db").write_bytes(b"this is no database, it only looks like a file" * 100)

    ran = mooring("doctor", "-o", "json")
    (folder / "mooring.db").unlink()

    assert ran.exit_code == 1
    assert by_check(ran)["database"]["status"] == "error"
    assert by_check(ran)["database"]["remedy"]


@pytest.mark.skipif(sys.platform != "linux", reason="needs a folder that nobody can write, not even root")
def test_a_home_that_can_not_be_written_does_not_stop_the_other_checks(mooring, offline_index, monkeypatch):
    monkeypatch.setenv("MOORING_HOME", "/proc/mooring")

    ran = mooring("doctor", "-o", "json")

    assert ran.exit_code == 1
    assert by_check(ran)["home"]["status"] == by_check(ran)["database"]["status"] == "error"
    assert "MOORING_HOME" in by_check(ran)["database"]["remedy"]
    assert "package index" in by_check(ran)


def test_the_library_for_conda_is_looked_for_when_it_is_asked_for(mooring, offline_index, monkeypatch):
    assert "conda" not in by_check(mooring("doctor", "-o", "json"))
    monkeypatch.setenv("MOORING_USE_CONDA", "1")
    found = by_check(mooring("doctor", "-o", "json"))["conda"]

    assert found["status"] == ("ok" if find_spec("rattler") else "warning")
