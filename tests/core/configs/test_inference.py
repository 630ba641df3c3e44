import inspect
import json
from pathlib import Path

import pytest

from mooring.configs import (
    ConfigUnreadable,
    InferenceConfig,
    InvalidInferenceConfig,
    inspect_inference_config,
    load_inference_config,
    parse_inference_config,
    read_document,
    settings_of,
)
from mooring.environments import ContainerRegistry, Environment
from mooring.findings import Span

FILES = Path(__file__).parents[2] / "workspaces" / "configs"
SCRIPT = "def init():\n    pass\n\n\ndef run(data):\n    return data\n"


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "score.py").write_text(SCRIPT)
    return tmp_path


def problems(*arguments, **named):
    with pytest.raises(InvalidInferenceConfig) as caught:
        InferenceConfig(*arguments, **named)
    return caught.value.problem.splitlines()


def said(findings):
    return [(finding.code, finding.severity) for finding in findings]


# ---- the constructor --------------------------------------------------------------------------------------------


def test_arguments_come_in_v1s_order():
    assert list(inspect.signature(InferenceConfig).parameters) == [
        "entry_script", "runtime", "conda_file", "extra_docker_file_steps", "source_directory", "enable_gpu",
        "description", "base_image", "base_image_registry", "cuda_version", "environment",
    ]  # fmt: skip


def test_an_entry_script_is_enough(here):
    config = InferenceConfig("score.py")

    assert repr(config) == "InferenceConfig(entry_script='score.py')"
    assert config.environment_for("scorer") is None


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ({"entry_script": ""}, ["Error, need to specify entry_script."]),
        ({"entry_script": None}, ["Error, need to specify entry_script."]),
        (
            {"entry_script": "nowhere.py"},
            [
                "entry_script nowhere.py doesn't exist. entry_script should be path relative to current working directory."
            ],
        ),
        (
            {"entry_script": "notes.txt"},
            ["Invalid driver type. Currently only Python drivers are supported."],
        ),
        (
            {"entry_script": "score.py", "source_directory": "nowhere"},
            ["source directory nowhere doesn't exist."],
        ),
        ({"entry_script": "score.py", "conda_file": "no.yml"}, ["Conda file no.yml doesn't exist."]),
        (
            {"entry_script": "score.py", "extra_docker_file_steps": "no"},
            ["extra docker file steps no doesn't exist."],
        ),
        (
            {"entry_script": "score.py", "runtime": "pyton"},
            ["Provided runtime not supported. Possible runtimes are: spark-py|python"],
        ),
        (
            {"entry_script": "score.py", "cuda_version": "11.0"},
            ["Provided cuda_version not supported. Possible cuda_versions are: 9.0|9.1|10.0"],
        ),
        (
            {"entry_script": "score.py", "runtime": "spark-py", "base_image": "x"},
            ["Custom base image is not supported for spark-py run time."],
        ),
        (
            {"entry_script": "score.py", "base_image_registry": ContainerRegistry("a", "u")},
            ["Address, Username and Password must be provided for base image registry."],
        ),
        ({"entry_script": 5}, ["Invalid configuration, entry_script must be the path of a file or folder."]),
    ],
)
def test_v1s_messages(here, arguments, expected):
    (here / "notes.txt").write_text("x")

    assert problems(**arguments) == expected


@pytest.mark.parametrize("name", ["my-score.py", "1score.py", "class.py"])
def test_a_script_must_be_importable_by_name(here, name):
    (here / name).write_text(SCRIPT)

    (line,) = problems(name)
    assert line.startswith(f'Error, invalid name "{name[:-3]}" for provided entry script.')


def test_all_that_is_wrong_is_said_at_once(here):
    assert len(problems("no.py", runtime="x", conda_file="no.yml")) == 3


def test_a_syntax_error_stops_it_at_its_line(here):
    (here / "score.py").write_text("def init():\n    x = (1,\n")

    with pytest.raises(InvalidInferenceConfig) as caught:
        InferenceConfig("score.py")
    (finding,) = caught.value.findings
    assert (finding.code, finding.path, finding.span.line) == (
        "entry-script-syntax",
        str(here / "score.py"),
        2,
    )
    assert "score.py is no Python that this interpreter can parse" in finding.problem


@pytest.mark.parametrize(
    "source", [b"\xef\xbb\xbfx = 1\r\n", b"# -*- coding: latin-1 -*-\nx = '\xe9'\n", b's = "\\d"\n', b""]
)
def test_scripts_with_marks_cookies_and_odd_escapes_are_python(here, source):
    (here / "score.py").write_bytes(source)

    assert InferenceConfig("score.py").validate() == []


@pytest.mark.parametrize("source", [b"x = '\xe9'\n", b"\x00", b"x = " + b"(" * 3000])
def test_scripts_that_python_can_not_read_are_findings(here, source):
    (here / "score.py").write_bytes(source)

    assert problems("score.py")[0].count("is no Python that this interpreter can parse") == 1


def test_the_script_is_never_run(here):
    (here / "score.py").write_text("open('ran', 'w')")

    InferenceConfig("score.py")

    assert not (here / "ran").exists()


@pytest.mark.parametrize("old", [{"runtime": "python"}, {"conda_file": "c.yml"}, {"enable_gpu": True},
                                 {"cuda_version": "10.0"}, {"base_image": "x"}, {"extra_docker_file_steps": "c.yml"}])  # fmt: skip
def test_an_environment_and_an_old_argument_are_an_error(here, old):
    (here / "c.yml").write_text("name: c\n")

    assert problems("score.py", environment=Environment("e"), **old)[0] == (
        "Error, unable to provide runtime, conda_file, extra_docker_file_steps, enable_gpu, cuda_version, or "
        "base_image along with an environment object."
    )


def test_an_environment_goes_with_source_directory_and_description(here):
    config = InferenceConfig("score.py", source_directory=".", description="d", environment=Environment("e"))

    assert config.environment_for("scorer") == Environment("e")


def test_the_password_of_a_registry_is_not_shown(here):
    config = InferenceConfig(
        "score.py", base_image="x", base_image_registry=ContainerRegistry("a", "u", "hunter2")
    )

    assert "hunter2" not in repr(config) + str(config.to_dict())
    assert config.to_dict(reveal=True)["baseImageRegistry"]["password"] == "hunter2"


def test_the_old_arguments_describe_an_environment(here):
    (here / "c.yml").write_text("name: c\ndependencies: [python=3.8, {pip: [joblib]}]\n")
    config = InferenceConfig(
        "score.py", "python", "c.yml", base_image="mine", base_image_registry=ContainerRegistry("a", "u", "p")
    )

    environment = config.environment_for("scorer")

    assert environment.name == "scorer-env"
    assert list(environment.python.conda_dependencies.pip_packages) == ["joblib"]
    assert environment.docker.base_image == "mine"
    assert environment.docker.base_image_registry.address == "a"
    assert environment.inferencing_stack_version == "latest"


# ---- files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "script_in_app"),
    [
        ("old-style/inferenceconfig.json", "score.py"),
        ("mlops/inference_config.yml", "score.py"),
        ("serialised/inferenceConfig.json", "src/score.py"),
        ("nested/inference-config-withenv.json", "service/scripts/score.py"),
        ("nested/inferenceeConfig.yml", "service/scripts/score.py"),
    ],
)
def test_real_files_load_from_any_directory_without_warnings(path, script_in_app, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    config, findings = load_inference_config(FILES / path)

    assert config.resolve().script_in_app == script_in_app
    assert config.resolve().script_path.is_file()
    assert [finding for finding in findings if finding.severity != "information"] == []


def test_every_optional_key_may_be_null(here):
    content = {one.key: None for one in settings_of(InferenceConfig).values()} | {"entryScript": "score.py"}
    content |= {"schemaFile": None, "extraDockerFileSteps": None}

    config, findings = parse_inference_config(json.dumps(content))

    assert (config, findings) == (InferenceConfig("score.py"), [])


@pytest.mark.parametrize("key", ["extraDockerfileSteps", "extraDockerFileSteps"])
def test_both_spellings_of_docker_steps_are_read(here, key):
    (here / "steps").write_text("RUN true\n")

    config, findings = parse_inference_config(json.dumps({"entryScript": "score.py", key: "steps"}))

    assert config.extra_docker_file_steps == "steps"
    assert config.resolve().extra_docker_steps_path == here / "steps"
    assert findings == []


@pytest.mark.parametrize("key", ["schemaFile", "dependencies"])
def test_keys_of_2018_are_information(here, key):
    _, findings = parse_inference_config(json.dumps({"entryScript": "score.py", key: "x"}))

    assert said(findings) == [("key-ignored", "information")]


def test_a_description_is_read(here):
    assert parse_inference_config('{"entryScript": "score.py", "description": "d"}')[0].description == "d"


def test_in_a_file_the_environment_wins_and_each_old_key_is_said(here):
    config, findings = parse_inference_config(
        json.dumps(
            {"entryScript": "score.py", "runtime": "python", "condaFile": "nowhere.yml", "cudaVersion": "10.0",
             "enableGpu": False, "environment": {"name": "e", "python": {}}},
        )
    )  # fmt: skip

    assert (config.runtime, config.conda_file, config.environment.name) == (None, None, "e")
    assert [f.problem for f in findings] == [
        f"{key} is ignored because environment is set." for key in ("runtime", "condaFile", "cudaVersion")
    ]
    assert {f.severity for f in findings} == {"information"}


@pytest.mark.parametrize("nothing", [None, {}])
def test_an_empty_environment_is_none(here, nothing):
    config, findings = parse_inference_config(
        json.dumps({"entryScript": "score.py", "runtime": "python", "environment": nothing})
    )

    assert (config.environment, config.runtime, findings) == (None, "python", [])


def test_an_environment_with_nothing_but_a_name_is_left_to_the_registry(here):
    config, findings = parse_inference_config(
        '{"entryScript": "score.py", "environment": {"name": "AzureML-Minimal", "version": "3", "docker": null}}'
    )

    assert (config.environment, findings) == (None, [])
    assert config.environment_definition == {"name": "AzureML-Minimal", "version": "3"}
    assert config.to_dict()["environment"] == {"name": "AzureML-Minimal", "version": "3"}


def test_a_serialised_environment_is_understood():
    config, findings = load_inference_config(FILES / "serialised" / "inferenceConfig.json")

    assert findings == []
    assert config.environment.name == "diabetes-scoring"
    assert config.environment.version == "1"
    assert config.environment.docker.base_image.endswith("intelmpi2018.3-ubuntu16.04")
    assert list(config.environment.python.conda_dependencies.pip_packages) == [
        "azureml-defaults",
        "scikit-learn",
    ]


def test_conda_dependencies_as_v1_took_them_on_upload(here):
    dependencies = {"conda": ["python=3.8"], "pip": ["azureml-defaults", "joblib"]}
    content = {"entryScript": "score.py", "environment": {"name": "e", "python": {"condaDependencies": {"dependencies": [dependencies]}}}}  # fmt: skip

    config, _ = parse_inference_config(json.dumps(content))

    assert "joblib" in config.environment.python.conda_dependencies.pip_packages


def test_a_conda_file_of_an_environment_is_found_and_missed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    config, _ = load_inference_config(FILES / "nested" / "inference-config-withenv.json")
    assert "scikit-learn==0.20.0" in config.environment.python.conda_dependencies.pip_packages

    text = '{"entryScript": "score.py",\n "environment": {"python": {"condaDependenciesFile": "no.yml"}}}'
    (tmp_path / "score.py").write_text(SCRIPT)
    with pytest.raises(InvalidInferenceConfig, match=r"2:17: Conda file no\.yml doesn't exist"):
        parse_inference_config(text, tmp_path / "ic.json")


def test_unknown_keys_are_warned_about_with_a_hint(here):
    _, findings = parse_inference_config(
        '{"entryScript": "score.py",\n "condafile": "x", "environment": {"pyton": {}, "docker": {"image": "x", "preparation": null}}}'
    )

    assert [(f.code, f.severity) for f in findings] == [("key-unknown", "warning")] * 3
    assert [f.problem for f in findings] == [
        "condafile is not known and is ignored; did you mean 'condaFile'?",
        "environment.pyton is not known and is ignored; did you mean 'python'?",
        "environment.docker.image is not known and is ignored.",
    ]
    assert findings[0].span == Span(2, 2, 2, 13)


@pytest.mark.parametrize("environment", ["myenv:1", ["myenv"], 3])
def test_an_environment_that_is_no_object_names_the_way_out(here, environment):
    with pytest.raises(InvalidInferenceConfig, match="environment must be an object") as caught:
        parse_inference_config(json.dumps({"entryScript": "score.py", "environment": environment}))
    assert "-e and --ev" in caught.value.remedy


@pytest.mark.parametrize("section", [{"docker": 5}, {"docker": {"arguments": 5}}, {"python": {"condaDependencies": 7}},
                                     {"environmentVariables": []}])  # fmt: skip
def test_sections_of_another_shape_are_findings(here, section):
    document = read_document(json.dumps({"entryScript": "score.py", "environment": section}))

    _, findings = inspect_inference_config(document)

    assert [f.severity for f in findings if f.severity == "error"] in ([], ["error"])


def test_wrong_values_in_a_file_are_refused_with_their_places(here):
    with pytest.raises(InvalidInferenceConfig) as caught:
        parse_inference_config("entryScript: nowhere.py\nruntime: pyton\nenableGpu: perhaps\n", "ic.yml")

    assert caught.value.problem.splitlines() == [
        "Error parsing --inference-config-file. ic.yml:3:12: Invalid configuration, enable_gpu must be true or false.",
        "ic.yml:2:10: Provided runtime not supported. Possible runtimes are: spark-py|python",
        "ic.yml:1:14: entry_script nowhere.py doesn't exist. entry_script should be path relative to current working directory.",
    ]


def test_a_yaml_version_number_is_a_version(here):
    config, findings = parse_inference_config("entryScript: score.py\ncudaVersion: 10.0\nenableGpu: True\n")

    assert (config.cuda_version, config.enable_gpu, findings) == ("10.0", True, [])


@pytest.mark.parametrize("text", ["[]", "7", "words"])
def test_other_shapes_are_refused(text):
    with pytest.raises(InvalidInferenceConfig, match="is an object with entryScript"):
        parse_inference_config(text)


def test_a_file_that_is_not_there_is_refused_in_v1s_words(here):
    with pytest.raises(
        ConfigUnreadable, match=r"Error parsing --inference-config-file\. Must be valid JSON or YAML"
    ):
        InferenceConfig.load("nowhere.json")


def test_load_and_parse_give_the_configuration(here):
    (here / "ic.yml").write_text("entryScript: score.py\n")

    assert InferenceConfig.load("ic.yml") == InferenceConfig("score.py")
    assert InferenceConfig.parse("entryScript: score.py\n", here / "ic.yml") == InferenceConfig("score.py")


def test_to_dict_is_what_a_file_would_hold(here):
    (here / "c.yml").write_text("name: c\n")
    content = {"entryScript": "score.py", "runtime": "python", "condaFile": "c.yml", "enableGpu": True}

    assert InferenceConfig.parse(json.dumps(content)).to_dict() == content


def test_a_registry_in_an_environment_keeps_its_password_to_itself(here):
    registry = {"address": "a", "username": "u", "password": "hunter2"}
    content = {
        "entryScript": "score.py",
        "environment": {"name": "e", "docker": {"baseImageRegistry": registry}},
    }

    config = InferenceConfig.parse(json.dumps(content))

    assert "hunter2" not in repr(config) + repr(config.origin) + str(config.to_dict())
    assert "hunter2" in str(config.to_dict(reveal=True))
