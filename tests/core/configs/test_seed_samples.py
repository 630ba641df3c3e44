"""The samples of v1's own documentation, word for word."""

import json

import pytest

from mooring.configs import (
    AciDeploymentConfig,
    AksDeploymentConfig,
    InferenceConfig,
    LocalDeploymentConfig,
    load_inference_config,
)
from mooring.environments import Environment

CONDA_2019 = """name: project_environment
dependencies:
  - python=3.6.2
  - pip:
    - azureml-defaults
    - scikit-learn==0.20.0
    - inference-schema[numpy-support]
"""


class LocalWebservice:
    deploy_configuration = LocalDeploymentConfig


class AciWebservice:
    deploy_configuration = AciDeploymentConfig


class AksWebservice:
    deploy_configuration = AksDeploymentConfig


NAMES = {
    "InferenceConfig": InferenceConfig, "LocalWebservice": LocalWebservice, "AciWebservice": AciWebservice,
    "AksWebservice": AksWebservice,
}  # fmt: skip


def run(sample, **names):
    scope = {**NAMES, **names}
    exec(sample, scope)
    return scope


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for root in (tmp_path, tmp_path / "C:" / "abc"):
        (root / "x" / "y").mkdir(parents=True)
        (root / "x" / "y" / "score.py").write_text("def init(): pass\ndef run(d): return d\n")
        (root / "env").mkdir()
        (root / "env" / "myenv.yml").write_text(CONDA_2019)
    return tmp_path


def test_inference_config_of_august_2019(folder):
    config = run("""inference_config = InferenceConfig(runtime="python",
                                   entry_script="x/y/score.py",
                                   conda_file="env/myenv.yml")
""")["inference_config"]

    assert config.resolve().script_in_app == "score.py"
    assert "scikit-learn==0.20.0" in config.environment_for("s").python.conda_dependencies.pip_packages


def test_inference_config_of_may_2019_with_a_source_directory(folder):
    config = run("""inference_config = InferenceConfig(source_directory="C:/abc",
                                   runtime= "python",
                                   entry_script="x/y/score.py",
                                   conda_file="env/myenv.yml")
""")["inference_config"]

    assert config.resolve().script_in_app == "abc/x/y/score.py"
    assert config.resolve().conda_path == folder / "C:" / "abc" / "env" / "myenv.yml"


def test_inference_config_of_july_2020_with_an_environment(folder):
    (folder / "path-to-score.py").write_text("")
    (folder / "path_to_score.py").write_text("def run(d): return d\n")
    sample = """inference_config = InferenceConfig(entry_script='path-to-score.py',
                                    environment=myenv)
"""

    with pytest.raises(Exception, match='invalid name "path-to-score" for provided entry script'):
        run(sample, myenv=Environment("myenv"))
    config = run(sample.replace("path-to-score", "path_to_score"), myenv=Environment("myenv"))[
        "inference_config"
    ]
    assert config.environment == Environment("myenv")


@pytest.mark.parametrize(
    ("sample", "expected"),
    [
        ("deployment_config = LocalWebservice.deploy_configuration(port=8890)", LocalDeploymentConfig(8890)),
        ("deployment_config = AciWebservice.deploy_configuration(cpu_cores = 1, memory_gb = 1)", AciDeploymentConfig(1, 1)),
        (
            "deployment_config = AksWebservice.deploy_configuration(cpu_cores = 1, memory_gb = 1)",
            AksDeploymentConfig(cpu_cores=1, memory_gb=1),
        ),
    ],
)  # fmt: skip
def test_deployment_configurations(sample, expected):
    assert run(sample)["deployment_config"] == expected


def test_the_json_the_documentation_describes(folder):
    """`runtime`, `entryScript` and `condaFile`, as the command line samples pass them."""
    path = folder / "inferenceconfig.json"
    path.write_text(
        json.dumps({"entryScript": "x/y/score.py", "runtime": "python", "condaFile": "env/myenv.yml"})
    )

    config, findings = load_inference_config(path)

    assert (config.runtime, findings) == ("python", [])
