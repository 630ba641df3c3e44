import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from mooring.configs import (
    DEPLOYMENT_CONFIGS,
    InferenceConfig,
    is_deployment_config,
    is_inference_config,
    load_document,
    settings_of,
)
from mooring.configs.json_schema import SCHEMA_FOLDER, render_schemas

FILES = Path(__file__).parents[2] / "workspaces" / "configs"
STRICT = sorted(
    path
    for path in FILES.rglob("*")
    if path.suffix in {".json", ".yml"} and not {"foreign", "tolerated"} & set(path.parts)
)


def schema(kind):
    return Draft202012Validator(json.loads(render_schemas()[f"{kind}-config.schema.json"]))


@pytest.mark.parametrize("name", sorted(render_schemas()))
def test_published_schemas_are_up_to_date(name):
    """Write them again with `python -m mooring.configs.json_schema`."""
    assert (SCHEMA_FOLDER / name).read_text(encoding="utf-8") == render_schemas()[name]


@pytest.mark.parametrize("kind", ["inference", "deployment", "workspace"])
def test_schemas_are_valid_draft_2020_12(kind):
    Draft202012Validator.check_schema(schema(kind).schema)


@pytest.mark.parametrize("path", STRICT, ids=lambda path: path.name)
def test_every_sample_is_valid(path):
    document = load_document(path)

    if is_inference_config(document):
        schema("inference").validate(document.value)
    elif is_deployment_config(document):
        schema("deployment").validate(document.value)
    else:
        assert path.name in {"myenv.yml", "conda_dependencies.yml"}


@pytest.mark.parametrize(
    ("content", "key"),
    [
        ({"computeType": "akz"}, "computeType"),
        ({"computeType": "AKS", "numReplicas": 0}, "numReplicas"),
        ({"computeType": "aci", "containerResourceRequirements": {"cpu": "much"}}, "cpu"),
        ({"computeType": "aci", "containerResourceRequirements": {"cpu": 0}}, "cpu"),
        ({"computeType": "local", "port": 70000}, "port"),
        ({"computeType": "aksendpoint", "trafficPercentile": 101}, "trafficPercentile"),
        ({"computeType": "aks", "namespace": "Upper"}, "namespace"),
    ],
)
def test_what_the_reader_refuses_the_schema_refuses(content, key):
    (error,) = schema("deployment").iter_errors(content)

    assert error.path[-1] == key


def test_the_schema_depends_on_the_compute_type():
    assert schema("deployment").is_valid({"computeType": "aci", "numReplicas": "ignored"})
    assert not schema("deployment").is_valid({"port": 1})


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"entryScript": 5},
        {"entryScript": "s.py", "runtime": "pyton"},
        {"entryScript": "s.py", "environment": []},
    ],
)
def test_wrong_inference_configs_are_refused(content):
    assert not schema("inference").is_valid(content)


@pytest.mark.parametrize("runtime", ["python", "Spark-Py", None])
def test_choices_are_read_in_any_case(runtime):
    assert schema("inference").is_valid({"entryScript": "s.py", "runtime": runtime})


def test_every_setting_of_a_file_is_in_its_schema_with_its_words():
    published = {"inference": InferenceConfig} | DEPLOYMENT_CONFIGS
    for name, cls in published.items():
        whole = schema("inference" if name == "inference" else "deployment").schema
        part = whole if name == "inference" else whole["$defs"][name]
        for one in settings_of(cls).values():
            for path in one.paths if one.in_file else ():
                found = part
                for step in path:
                    found = found["properties"][step]
                assert found["description"] == one.doc
                assert found.get("default") == one.default
