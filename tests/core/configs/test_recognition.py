from pathlib import Path

import pytest

from mooring.configs import (
    inspect_deployment_config,
    is_deployment_config,
    is_inference_config,
    load_document,
    may_be_config,
    read_document,
)

FILES = Path(__file__).parents[2] / "workspaces" / "configs"
CONDA = {"myenv.yml", "conda_dependencies.yml"}
OURS = sorted(
    path
    for path in FILES.rglob("*")
    if path.suffix in {".json", ".yml"} and "foreign" not in path.parts and path.name not in CONDA
)
FOREIGN = sorted(path for path in (FILES / "foreign").rglob("*") if path.is_file())


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_our_files_are_recognised_whatever_their_name(path):
    document = load_document(path)
    is_inference = "entryScript" in document.value

    assert is_inference_config(document) == is_inference
    assert is_deployment_config(document) == (not is_inference)
    assert may_be_config(document.text)


@pytest.mark.parametrize("path", FOREIGN, ids=lambda path: path.name)
def test_files_of_other_tools_are_left_alone(path):
    document = load_document(path)

    assert not is_inference_config(document)
    assert not is_deployment_config(document)


def test_there_are_files_of_both_kinds():
    assert len(OURS) >= 12
    assert len(FOREIGN) >= 6


@pytest.mark.parametrize(
    "text",
    [
        "runtime: python\ncondaFile: myenv.yml\n",
        '{"entryScript": null}',
        '{"sourceDirectory": "src", "runtime": "python"}',
    ],
)
def test_a_broken_inference_config_is_still_one(text):
    assert is_inference_config(read_document(text))


@pytest.mark.parametrize(
    "text",
    [
        '{"computeType": "akz", "authEnabled": true}',
        '{"containerResourceRequirements": {"cpu": 1}, "authEnabled": true}',
        '{"computeType": "Local"}',
        '{"$schema": "../schemas/deployment-config.schema.json", "computeType": "aci"}',
        '{"computeType": "aci", "properties": {"team": "ridge"}}',
    ],
)
def test_a_broken_deployment_config_is_still_one(text):
    assert is_deployment_config(read_document(text))


@pytest.mark.parametrize(
    "text", ["[]", "3", "name: x\ndependencies: []\n", "{}", '{"environment": {}, "description": "x"}']
)
def test_anything_else_is_neither(text):
    document = read_document(text)

    assert not is_inference_config(document)
    assert not is_deployment_config(document)


def test_our_own_schema_is_no_unknown_key():
    document = read_document('{"$schema": "urn:mooring:deployment-config", "computeType": "aci"}')

    assert inspect_deployment_config(document)[1] == []


def test_text_without_one_of_our_words_needs_no_parsing():
    assert not may_be_config('{"dependencies": []}')
