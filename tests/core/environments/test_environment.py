"""v1's `Environment`: its JSON, its folder, its names."""

import json

import pytest

from mooring.environments import CondaDependencies, ContainerRegistry, Environment
from mooring.environments.failures import CondaMissing, InvalidEnvironment

SERIALISED = {
    "name": "sklearn-env",
    "version": "3",
    "assetId": "abc",
    "environmentVariables": {"A": "1"},
    "inferencingStackVersion": "latest",
    "python": {
        "userManagedDependencies": False,
        "interpreterPath": "python",
        "condaDependenciesFile": None,
        "baseCondaEnvironment": None,
        "condaDependencies": {
            "channels": ["conda-forge"],
            "dependencies": ["python=3.8", {"pip": ["scikit-learn==1.0.2"]}],
            "name": "project_environment",
        },
    },
    "docker": {
        "enabled": True,
        "baseImage": "mcr.example/base:1",
        "baseDockerfile": None,
        "buildContext": None,
        "sharedVolumes": False,
        "shmSize": "4g",
        "arguments": ["--rm"],
        "baseImageRegistry": {
            "address": "r.example",
            "username": "u",
            "password": "hush",
            "registryIdentity": None,
        },
        "platform": {"os": "Linux", "architecture": "amd64"},
    },
    "spark": {"repositories": [], "packages": [], "precachePackages": True},
    "databricks": {"mavenLibraries": [], "pypiLibraries": []},
    "r": None,
}


def test_a_serialised_environment_survives_the_round_trip_with_every_field():
    assert Environment.from_dict(SERIALISED).to_dict() == SERIALISED


def test_missing_null_and_unknown_keys_mean_the_default():
    read = Environment.from_dict(
        {"name": "x", "python": None, "docker": {"enabled": None, "shmSize": None}, "madeUp": 1}
    )

    assert read.to_dict() == Environment("x").to_dict()


def test_a_section_of_the_wrong_shape_is_named():
    with pytest.raises(InvalidEnvironment, match=r"environment\.python.*'python3'"):
        Environment.from_dict({"name": "x", "python": "python3"})


def test_setting_a_dockerfile_clears_the_base_image_with_a_warning():
    environment = Environment.from_docker_image("x", "mine:1")

    with pytest.warns(UserWarning, match="base_image was cleared"):
        environment.docker.base_dockerfile = "FROM python:3.11"

    assert environment.docker.base_image is None


def test_a_dockerfile_may_be_a_path(tmp_path):
    path = tmp_path / "Dockerfile"
    path.write_text("FROM python:3.11\nRUN true\n")

    environment = Environment.from_dockerfile("x", str(path))

    assert environment.docker.base_dockerfile == "FROM python:3.11\nRUN true\n"
    assert environment.python.user_managed_dependencies


def test_passwords_and_tokens_never_show():
    environment = Environment.from_docker_image(
        "x", "mine:1", container_registry=ContainerRegistry("r", "u", "hush-1")
    )
    environment.python.user_managed_dependencies = False
    environment.python.conda_dependencies = CondaDependencies.create(
        pip_indexurl="https://me:hush-2@index.example/simple", pip_packages=["a @ https://me:hush-3@h/a.whl"]
    )

    shown = repr(environment) + repr(environment.docker.base_image_registry) + environment._repr_html_()

    assert "hush" not in shown


def test_html_escapes_what_users_write():
    environment = Environment("<script>alert(1)</script>")

    assert "<script>" not in environment._repr_html_()


def test_save_and_load_a_directory(tmp_path):
    environment = Environment.from_dict(SERIALISED)
    environment.save_to_directory(tmp_path / "env")

    definition = json.loads((tmp_path / "env" / "azureml_environment.json").read_text())

    assert "condaDependencies" not in definition["python"]
    assert "baseDockerfile" not in definition["docker"]
    assert Environment.load_from_directory(tmp_path / "env") == environment
    with pytest.raises(InvalidEnvironment, match="overwrite=True"):
        environment.save_to_directory(tmp_path / "env")


def test_a_clone_shares_nothing():
    environment = Environment.from_dict(SERIALISED)
    cloned = environment.clone("other")
    cloned.python.conda_dependencies.add_pip_package("numpy")

    assert cloned.name == "other"
    assert cloned.version is None
    assert environment.python.conda_dependencies.pip_packages == ["scikit-learn==1.0.2"]


def test_requirements_files_include_one_another(tmp_path):
    (tmp_path / "base.txt").write_text("numpy==1.26.4  # pinned\n")
    (tmp_path / "requirements.txt").write_text("-r base.txt\n\n# nothing\npandas>=2,\\\n  <3\n")

    environment = Environment.from_pip_requirements("x", tmp_path / "requirements.txt", pip_version="23.0")

    assert environment.python.conda_dependencies.pip_packages == ["numpy==1.26.4", "pandas>=2,   <3"]
    assert environment.python.conda_dependencies.conda_packages == ["pip=23.0"]


def test_a_missing_conda_file_is_named(tmp_path):
    with pytest.raises(InvalidEnvironment, match=r"nowhere\.yml"):
        Environment.from_conda_specification("x", tmp_path / "nowhere.yml")


@pytest.mark.parametrize(
    "text", ["- a\n- b\n", "dependencies: numpy\n", "dependencies: [a\n"], ids=["list", "text", "broken"]
)
def test_a_file_that_is_no_conda_file_says_so(tmp_path, text):
    path = tmp_path / "conda.yml"
    path.write_text(text)

    with pytest.raises(InvalidEnvironment):
        Environment.from_conda_specification("x", path)


def test_a_conda_file_that_is_no_yaml_is_told_with_the_place(tmp_path):
    path = tmp_path / "conda.yml"
    path.write_text("dependencies:\n - python=3.11\n - pip:\n   - scikit-learn\n  - oops\n")

    with pytest.raises(InvalidEnvironment, match=r"conda\.yml': line 5, column 3: expected <block end>"):
        Environment.from_conda_specification("x", path)


def test_reading_an_existing_conda_environment_needs_conda(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(CondaMissing, match="conda env export"):
        Environment.from_existing_conda_environment("x", "base")


def test_an_existing_conda_environment_is_what_conda_exports(monkeypatch, tmp_path):
    conda = tmp_path / "conda"
    conda.write_text("#!/bin/sh\nprintf 'name: t\\ndependencies:\\n  - python=3.9.1\\nprefix: /x\\n'\n")
    conda.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    environment = Environment.from_existing_conda_environment("x", "t")

    assert environment.python.conda_dependencies.as_dict() == {"name": "t", "dependencies": ["python=3.9.1"]}


def test_conda_dependencies_are_edited_by_name():
    conda = CondaDependencies.create(
        pip_packages=["scikit-learn==0.20.0"], conda_packages=["numpy=1.18"], python_version="3.6.2"
    )
    conda.add_pip_package("scikit_learn==0.22")
    conda.add_conda_package("numpy=1.19")
    conda.set_python_version("3.7")
    conda.remove_pip_package("azureml-defaults")
    conda.add_channel("pytorch")
    conda.remove_channel("anaconda")

    assert conda.as_dict() == {
        "name": "project_environment",
        "channels": ["conda-forge", "pytorch"],
        "dependencies": ["python=3.7", "numpy=1.19", {"pip": ["scikit_learn==0.22"]}],
    }


def test_conda_dependencies_are_saved_and_read_back(tmp_path):
    conda = CondaDependencies.create(
        conda_packages=["scikit-learn"], pip_packages=["azureml-defaults", "joblib"]
    )
    name = conda.save_to_file(str(tmp_path), "sub/myenv.yml")

    assert name == "sub/myenv.yml"
    assert CondaDependencies(tmp_path / name) == conda
