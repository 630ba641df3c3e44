"""Command lines that can't be understood get the one to write instead; the seeds' own slips among them."""

import pytest


@pytest.mark.parametrize("slip", ["-ic", "-dc", "-ct", "-cp", "-es"])
def test_one_dash_where_two_belong_is_told(mooring, slip):
    """Old documentation writes `az ml model deploy -ic inferenceconfig.json`."""
    ran = mooring("model", "deploy", "-n", "scorer", slip, "file.json")

    assert ran.exit_code == 2
    assert f"{slip} has one dash where two belong" in ran.err
    assert f"-{slip}" in ran.err


def test_deploy_without_a_name_says_how_to_name_it(mooring):
    """Old documentation deploys without -n."""
    ran = mooring("model", "deploy", "-m", "mymodel:1", "--ic", "inferenceconfig.json")

    assert ran.exit_code == 2
    assert "-n/--name is missing" in ran.err
    assert "-n scorer" in ran.err


def test_service_with_a_bare_name_says_how_to_delete_it(mooring):
    """Old documentation deletes with `az ml service <name of webservice>`."""
    ran = mooring("service", "myservice")

    assert ran.exit_code == 2
    assert "mooring service delete -n myservice" in ran.err


def test_delete_with_a_bare_id_says_which_flag_takes_it(mooring):
    """Old documentation deletes with `az ml model delete <model id>`."""
    ran = mooring("model", "delete", "mymodel:1")

    assert ran.exit_code == 2
    assert "mooring model delete -i mymodel:1" in ran.err


def test_an_unknown_word_suggests_a_near_one(mooring):
    ran = mooring("modle", "list")

    assert ran.exit_code == 2
    assert "did you mean 'model'?" in ran.err


def test_a_verb_of_v1_that_is_not_here_is_no_typing_error(mooring):
    ran = mooring("model", "profile", "-n", "x")

    assert ran.exit_code == 2
    assert "known from Azure ML v1" in ran.err


def test_an_unknown_flag_names_the_help(mooring):
    ran = mooring("model", "list", "--nonsense")

    assert ran.exit_code == 2
    assert "--nonsense" in ran.err
    assert "mooring model list --help" in ran.err


def test_an_output_format_that_does_not_exist_lists_those_that_do(mooring):
    ran = mooring("model", "list", "-o", "xml")

    assert ran.exit_code == 2
    assert "table, json, jsonc, yaml, tsv" in ran.err


def test_a_tag_without_a_value_says_how_to_write_one(mooring):
    ran = mooring("model", "register", "-n", "m", "-p", "x", "--tag", "area")

    assert ran.exit_code == 2
    assert "--tag area=VALUE" in ran.err


def test_a_number_that_is_none_says_what_is_wanted(mooring):
    ran = mooring("model", "show", "-n", "m", "--version", "one")

    assert ran.exit_code == 2
    assert "whole number" in ran.err
    assert "'one'" in ran.err


def test_with_json_output_the_mistake_is_json_on_stderr(mooring):
    import json

    ran = mooring("model", "delete", "mymodel:1", "-o", "json")

    assert json.loads(ran.err)["code"] == "usage"
    assert json.loads(ran.err)["exit_code"] == 2
    assert ran.out == ""


def test_an_option_before_the_command_is_told_where_it_goes(mooring):
    ran = mooring("-n", "scorer", "service", "show")

    assert ran.exit_code == 2
    assert "Write options after the command" in ran.err
    assert "mooring scorer" not in ran.err
