"""Registered and curated environments, over the real database."""

from types import SimpleNamespace

import pytest

from mooring.database import open_database
from mooring.database.environments import EnvironmentTable
from mooring.environments import Environment, EnvironmentRegistry, curated_names
from mooring.environments.failures import EnvironmentNotFound, ReservedName, UnknownCuratedEnvironment
from mooring.environments.reading import read_environment


@pytest.fixture
def workspace(tmp_path):
    database = open_database(f"sqlite:///{tmp_path / 'registry.db'}")
    yield SimpleNamespace(environments=EnvironmentRegistry(EnvironmentTable(database)))
    database.close()


def test_versions_rise_with_changes_only(workspace):
    environment = Environment("mine")
    first = environment.register(workspace)
    again = environment.clone("mine").register(workspace)
    environment = environment.clone("mine")
    environment.environment_variables["A"] = "1"
    second = environment.register(workspace)

    assert [first.version, again.version, second.version] == ["1", "1", "2"]
    assert environment.version == "2"


def test_get_answers_the_latest_or_a_version(workspace):
    for value in ("1", "2"):
        environment = Environment("mine")
        environment.environment_variables["A"] = value
        environment.register(workspace)

    assert Environment.get(workspace, "mine").environment_variables == {"A": "2"}
    assert Environment.get(workspace, "mine", "1").environment_variables == {"A": "1"}
    assert list(Environment.list(workspace)) == ["mine"]


def test_a_chosen_version_is_kept_and_numbers_go_on_above_it(workspace):
    chosen = Environment("mine")
    chosen.version = "7"
    chosen.register(workspace)
    later = Environment("mine")
    later.environment_variables["A"] = "1"

    assert later.register(workspace).version == "8"


def test_an_unknown_name_suggests_a_known_one(workspace):
    Environment("sklearn-env").register(workspace)

    with pytest.raises(EnvironmentNotFound, match="did you mean 'sklearn-env'"):
        Environment.get(workspace, "sklearn-emv")


@pytest.mark.parametrize("name", ["AzureML-mine", "Microsoft-thing", "azuremlx"])
def test_reserved_names_are_refused(workspace, name):
    with pytest.raises(ReservedName, match=name):
        Environment(name).register(workspace)


@pytest.mark.parametrize("name", curated_names())
def test_every_curated_name_has_a_readable_equivalent(workspace, name):
    environment = Environment.get(workspace, name)

    assert environment.name == name
    assert read_environment(environment).python


def test_an_unknown_curated_name_lists_ours(workspace):
    with pytest.raises(UnknownCuratedEnvironment, match="AzureML-Minimal"):
        Environment.get(workspace, "AzureML-PySpark-MmlSpark-0.15")


def test_a_curated_environment_becomes_ones_own_by_clone(workspace):
    cloned = Environment.get(workspace, "AzureML-sklearn-1.0-ubuntu20.04-py38-cpu").clone("mine")

    assert cloned.register(workspace).version == "1"
