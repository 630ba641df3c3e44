"""What the registry promises to those who register, list, change and delete models."""

import hashlib
import json
import sys
from datetime import datetime, timezone

import pytest

from mooring.registry import (
    FrameworkVersionAlone,
    InvalidFilter,
    InvalidLabels,
    InvalidModelName,
    InvalidModelVersion,
    InvalidResources,
    InvalidSample,
    ModelInUse,
    ModelNotFound,
    PropertyImmutable,
    ResourceConfiguration,
)


def test_a_registered_file_has_every_fact(registry, model_file):
    version = registry.register(
        model_file,
        "diabetes",
        tags={"area": "health"},
        properties={"auc": "0.9"},
        description="Ridge",
        framework="ScikitLearn",
        framework_version="1.5",
        sample_input={"data": [[1, 2]]},
        sample_output=[3.5],
        resource_configuration=ResourceConfiguration(cpu=1, memory_in_gb=0.5),
        run_id="run-1",
        experiment_name="exp",
    )

    assert registry.get("diabetes") == version
    assert version.id == "diabetes:1"
    assert version.digest == f"sha256:{hashlib.sha256(model_file.read_bytes()).hexdigest()}"
    assert (version.entry, version.is_folder, version.size_bytes) == ("ridge.pkl", False, 12)
    assert [entry.path for entry in version.manifest] == ["ridge.pkl"]
    assert version.python_version == f"{sys.version_info.major}.{sys.version_info.minor}"
    assert version.created_time.tzinfo == timezone.utc
    assert abs((datetime.now(timezone.utc) - version.created_time).total_seconds()) < 60
    assert (version.tags, version.properties) == ({"area": "health"}, {"auc": "0.9"})
    assert (version.sample_input, version.sample_output) == ({"data": [[1, 2]]}, [3.5])
    assert version.resource_configuration == ResourceConfiguration(cpu=1, memory_in_gb=0.5)
    assert (version.run_id, version.experiment_name, version.framework_version) == ("run-1", "exp", "1.5")


def test_versions_rise_by_one_for_each_name(registry, model_file):
    ids = [registry.register(model_file, name).id for name in ("a", "a", "b", "a")]

    assert ids == ["a:1", "a:2", "b:1", "a:3"]


def test_get_without_a_version_gives_the_highest_number(registry, model_file):
    for _ in range(11):
        registry.register(model_file, "m")

    assert registry.get("m").version == 11
    assert registry.get_by_id("m").id == "m:11"
    assert registry.get_by_id("m:2").id == "m:2"


def test_a_deleted_version_is_never_given_again(registry, model_file):
    registry.register(model_file, "m")
    registry.register(model_file, "m")
    registry.delete("m:2")

    assert registry.get("m").id == "m:1"
    assert registry.register(model_file, "m").id == "m:3"


def test_a_name_whose_versions_are_all_deleted_is_gone_but_goes_on_counting(registry, model_file):
    registry.register(model_file, "m")
    registry.delete("m:1")

    with pytest.raises(ModelNotFound):
        registry.get("m")
    assert registry.list() == []
    assert registry.register(model_file, "m").id == "m:2"


def test_the_newest_remaining_version_is_listed_as_latest_after_a_deletion(registry, model_file):
    registry.register(model_file, "m", tags={"stage": "test"})
    registry.register(model_file, "m", tags={"stage": "test"})
    registry.delete("m:2")

    assert [v.id for v in registry.list(latest=True)] == ["m:1"]
    assert [v.id for v in registry.list(tags=[["stage", "test"]], latest=True)] == ["m:1"]


@pytest.mark.parametrize("name", ["", "-a", ".a", "a b", "a/b", "a:1", "é", "a" * 256, None, 3, "a\n"])
def test_names_that_break_the_rule_are_refused(registry, model_file, name):
    with pytest.raises(InvalidModelName, match="letters, digits"):
        registry.register(model_file, name)


@pytest.mark.parametrize("name", ["a", "9", "A-b_c.d", "a" * 255])
def test_names_within_the_rule_are_taken(registry, model_file, name):
    assert registry.register(model_file, name).name == name


@pytest.mark.parametrize("version", ["9", 0, -1, 1.0, True, 2**31])
def test_a_version_that_is_no_positive_int_is_refused(registry, version):
    with pytest.raises(InvalidModelVersion, match="version should be an int"):
        registry.get("m", version)


@pytest.mark.parametrize("model_id", ["m:", "m:x", "m:0", "m:-1", "m:1:2", "m:²", "m:99999999999999999999"])
def test_an_id_with_a_wrong_version_is_refused(registry, model_id):
    with pytest.raises(InvalidModelVersion):
        registry.get_by_id(model_id)


def test_an_unknown_name_is_answered_with_a_similar_one(registry, model_file):
    registry.register(model_file, "diabetes")

    with pytest.raises(ModelNotFound, match="did you mean 'diabetes'"):
        registry.get("diabets")


def test_an_unknown_version_is_answered_with_those_that_exist(registry, model_file):
    registry.register(model_file, "m")
    registry.register(model_file, "m")

    with pytest.raises(ModelNotFound, match=r"'m:7'.*versions 1, 2"):
        registry.get("m", 7)


@pytest.mark.parametrize("tags", [{"a": 1}, {1: "a"}, {"a": None}, {"": "a"}, ["a"], "a=b"])
def test_tags_that_are_no_strings_are_refused(registry, model_file, tags):
    with pytest.raises(InvalidLabels):
        registry.register(model_file, "m", tags=tags)
    assert registry.list() == []


def test_a_framework_version_without_a_framework_is_refused(registry, model_file):
    with pytest.raises(FrameworkVersionAlone):
        registry.register(model_file, "m", framework_version="1.5")


def test_a_framework_in_another_case_is_spelled_as_v1_does(registry, model_file):
    assert registry.register(model_file, "m", framework="scikitlearn").framework == "ScikitLearn"
    assert registry.register(model_file, "m", framework="XGBoost").framework == "XGBoost"


def test_packages_are_noted_only_for_a_known_framework(registry, model_file):
    assert registry.register(model_file, "m").packages == {}
    assert registry.register(model_file, "m", framework="Custom").packages == {}


def test_a_sample_that_is_no_json_is_refused(registry, model_file):
    with pytest.raises(InvalidSample, match="sample_input"):
        registry.register(model_file, "m", sample_input=object())
    with pytest.raises(InvalidSample, match="sample_output"):
        registry.register(model_file, "m", sample_output=float("nan"))


@pytest.mark.parametrize(
    "arguments", [{"cpu": 0}, {"memory_in_gb": -1}, {"gpu": 0}, {"cpu": "1"}, {"gpu": 0.5}]
)
def test_resources_must_be_above_zero(arguments):
    with pytest.raises(InvalidResources):
        ResourceConfiguration(**arguments)


def test_lists_are_filtered_by_every_condition(registry, model_file):
    registry.register(model_file, "a", tags={"area": "health", "stage": "test"}, framework="Onnx")
    registry.register(model_file, "a", tags={"area": "health"}, run_id="r")
    registry.register(model_file, "b", tags={"area": "finance"}, properties={"p": "1"}, framework="Onnx")

    def ids(*arguments, **conditions):
        return [version.id for version in registry.list(*arguments, **conditions)]

    assert ids() == ["b:1", "a:2", "a:1"]
    assert ids("a") == ["a:2", "a:1"]
    assert ids(latest=True) == ["b:1", "a:2"]
    assert ids(tags=["area"]) == ["b:1", "a:2", "a:1"]
    assert ids(tags=[("area", "health")]) == ["a:2", "a:1"]
    assert ids(tags=[["area", "health"], "stage"]) == ["a:1"]
    assert ids(tags=["stage"], latest=True) == []
    assert ids(properties=[["p", "1"]]) == ["b:1"]
    assert ids(framework="Onnx") == ["b:1", "a:1"]
    assert ids("a", framework="Onnx") == ["a:1"]
    assert ids("a", tags=["stage"], framework="Onnx") == ["a:1"]
    assert ids(run_id="r") == ["a:2"]
    assert ids("none") == []


def test_pages_follow_each_other_without_gap_or_overlap(registry, model_file):
    for _ in range(7):
        registry.register(model_file, "m", tags={"k": "v"})

    pages, before = [], None
    while page := registry.list(tags=["k"], limit=3, before=before):
        pages.append([version.version for version in page])
        before = page[-1].id

    assert pages == [[7, 6, 5], [4, 3, 2], [1]]


@pytest.mark.parametrize("tags", ["area", {"area": "health"}, [["a", "b", "c"]], [1], [["a", 1]]])
def test_a_filter_of_the_wrong_shape_is_refused(registry, tags):
    with pytest.raises(InvalidFilter, match="must be a list"):
        registry.list(tags=tags)


def test_update_changes_what_is_given_and_keeps_the_rest(registry, model_file):
    registry.register(model_file, "m", tags={"a": "1", "b": "2"}, description="old", sample_input=[1])

    registry.update("m:1", add_tags={"c": "3"}, remove_tags=["a", "unknown"], add_properties={"p": "1"})
    after = registry.update("m:1", description=None, resource_configuration=ResourceConfiguration(gpu=1))

    assert registry.get("m") == after
    assert after.tags == {"b": "2", "c": "3"}
    assert (after.properties, after.description, after.sample_input) == ({"p": "1"}, None, [1])
    assert after.resource_configuration == ResourceConfiguration(gpu=1)
    assert registry.list(tags=["a"]) == []
    assert [v.id for v in registry.list(tags=[["c", "3"]], latest=True)] == ["m:1"]


def test_tags_given_whole_replace_all(registry, model_file):
    registry.register(model_file, "m", tags={"a": "1"})

    assert registry.update("m", tags={}).tags == {}


def test_a_property_is_never_overwritten(registry, model_file):
    registry.register(model_file, "m", properties={"p": "1"})

    with pytest.raises(PropertyImmutable, match="'p'"):
        registry.update("m", add_properties={"p": "2", "q": "1"})
    assert registry.get("m").properties == {"p": "1"}


def test_a_model_in_use_is_not_deleted_and_its_services_are_named(registry, model_file):
    registry.register(model_file, "m")
    registry.claim("scorer", ["m"])
    registry.claim("other", ["m:1"])

    with pytest.raises(ModelInUse, match="'other', 'scorer'"):
        registry.delete("m:1")
    registry.release("scorer")
    registry.release("other", keep=["m:1"])
    assert registry.users("m:1") == ["other"]
    registry.release("other")
    assert registry.delete("m:1").id == "m:1"


def test_claiming_a_model_that_is_not_there_claims_nothing(registry, model_file):
    registry.register(model_file, "m")

    with pytest.raises(ModelNotFound):
        registry.claim("scorer", ["m:1", "m:2"])
    assert registry.users("m:1") == []


def test_claiming_twice_is_the_same_as_once(registry, model_file):
    registry.register(model_file, "m")
    registry.claim("scorer", ["m:1"])
    registry.claim("scorer", ["m:1"])

    assert registry.users("m") == ["scorer"]


def test_an_error_says_everything_as_json(registry):
    with pytest.raises(ModelNotFound) as caught:
        registry.get("m")
    assert json.loads(json.dumps(caught.value.to_dict()))["code"] == "model-not-found"
