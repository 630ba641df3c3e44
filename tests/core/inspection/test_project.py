"""What only shows with config, script, environment and models side by side."""

from __future__ import annotations

import json
from datetime import datetime, timezone

import pytest

from mooring.environments import Environment, resolve
from mooring.inspection import ModelFacts, Project, inspect_project
from mooring.registry.values import ManifestEntry, ModelVersion
from mooring.settings import load_settings

SCRIPT = """import os

import joblib
{imports}

def init():
    global model
    model = joblib.load(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.pkl"))


def run(raw_data):
    return str(model)
"""
CONDA = "name: env\ndependencies:\n  - python=3.10\n  - pip:\n      - azureml-defaults\n      - joblib\n{packages}"


def lay(folder, **files):
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_yml", ".yml").replace("_json", ".json").replace(
            "_py", ".py"
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder


def found(folder, models=None):
    return [(f.code, f.severity) for f in inspect_project([folder], models=models or ModelFacts())]


def project(folder, imports="", packages="", conda_yml=None, **more):
    lines = "".join(f"      - {package}\n" for package in packages.split())
    return lay(
        folder,
        score_py=SCRIPT.format(imports=imports),
        conda_yml=CONDA.format(packages=lines) if conda_yml is None else conda_yml,
        config_json='{"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml"}',
        **more,
    )


@pytest.mark.parametrize(
    ("imports", "packages"),
    [
        ("import sklearn.linear_model", "scikit-learn"),
        ("import numpy as np", "pandas"),
        ("from PIL import Image", "pillow"),
        ("import cv2", "opencv-python-headless"),
        ("import yaml, json, logging.config", "PyYAML"),
        ("from azureml.core.model import Model", ""),
        ("import azureml.monitoring", ""),
        ("from azure.storage.blob import BlobServiceClient", "azure-storage-blob"),
        ("from helper import parse", ""),
        ("from .relative import parse", ""),
        ("try:\n    import ujson\nexcept ImportError:\n    import json", ""),
        ("import opencensus.trace", "opencensus-ext-azure"),
        ("import tensorflow.keras, keras", "tensorflow-cpu"),
        ("if __name__ == '__main__':\n    import pytest", ""),
    ],
)
def test_packages_that_the_environment_holds_or_brings_are_right(imports, packages, tmp_path):
    project(tmp_path, imports, packages, src__helper_py="def parse(x):\n    return x\n")
    (tmp_path / "score.py").rename(tmp_path / "src" / "score.py")
    (tmp_path / "conda.yml").rename(tmp_path / "src" / "conda.yml")
    config = {
        "entryScript": "score.py",
        "sourceDirectory": "src",
        "runtime": "python",
        "condaFile": "conda.yml",
    }
    (tmp_path / "config.json").write_text(json.dumps(config))

    loud = [each for each in found(tmp_path) if each[1] != "hint"]
    assert loud == []


@pytest.mark.parametrize(
    ("imports", "packages", "severity"),
    [
        ("import sklearn", "numpy", "warning"),
        ("import PIL.Image", "numpy", "warning"),
        ("from transformers import pipeline", "torch", "warning"),
        ("import tensorflow_hub", "tensorflow", "warning"),
        ("import seaborn", "some-unknown-package", "information"),
    ],
)
def test_packages_that_it_lacks_are_told(imports, packages, severity, tmp_path):
    project(tmp_path, imports, packages)

    assert found(tmp_path) == [("package-missing", severity)]


def test_a_custom_image_may_hold_anything(tmp_path):
    project(tmp_path, "import seaborn")
    lay(
        tmp_path,
        config_json='{"entryScript": "score.py", "runtime": "python", "condaFile": "conda.yml", "baseImage": "my/image"}',
    )

    assert found(tmp_path) == []


def test_versions_of_the_environment_decide_what_is_gone(tmp_path):
    project(tmp_path, "from sklearn.externals.joblib import dump", "scikit-learn==1.3.2")
    assert found(tmp_path) == [("sklearn-externals", "error")]

    project(tmp_path, "from sklearn.externals.joblib import dump", "scikit-learn<0.23")
    assert found(tmp_path) == [("sklearn-externals", "hint")]


def test_an_environment_written_in_the_config_counts_as_well(tmp_path):
    lay(
        tmp_path,
        score_py=SCRIPT.format(imports="import seaborn"),
        config_json='{"entryScript": "score.py", "environment": {"name": "e", "python": {"condaDependencies": '
        '{"dependencies": ["python=3.11", {"pip": ["joblib"]}]}}}}',
    )

    assert found(tmp_path) == [("azureml-defaults-missing", "information"), ("package-missing", "warning")]


@pytest.mark.parametrize(
    ("conda", "problem"),
    [
        ("name: env\n dependencies:\n- python=3.10\n", "Must be valid JSON or YAML"),
        ("name: env\ndependecies:\n  - python=3.10\n", "There are no dependencies, but 'dependecies'"),
        ("name: env\ndependencies:\n  python: 3.10\n", "dependencies is a list, not an object"),
        ("- python=3.10\n", "A conda file is an object"),
        ("dependencies:\n- python=3.10\n - pip\n", "'python=3.10 - pip' is one entry"),
    ],
)
def test_a_file_that_a_config_names_must_be_a_conda_file(conda, problem, tmp_path):
    project(tmp_path, conda_yml=conda)

    errors = [each for each in inspect_project([tmp_path]) if each.severity == "error"]

    assert [each.path for each in errors] == [str(tmp_path / "conda.yml")]
    assert problem in errors[0].problem


def test_relative_paths_are_found_from_the_folder_they_were_written_for(tmp_path):
    (tmp_path / ".git").mkdir()
    lay(
        tmp_path,
        src__score_py=SCRIPT.format(imports=""),
        deploy__config_yml="entryScript: score.py\nsourceDirectory: src\nruntime: python\ncondaFile: ../env/conda.yml\n",
        env__conda_yml=CONDA.format(packages=""),
    )

    assert found(tmp_path) == []


def test_a_script_that_is_missing_or_outside_is_an_error_at_the_config(tmp_path):
    lay(tmp_path, config_json='{"entryScript": "nowhere.py"}')
    assert found(tmp_path) == [("file-missing", "error")]

    lay(
        tmp_path,
        config_json='{"entryScript": "../score.py", "sourceDirectory": "src"}',
        score_py="x = 1\n",
        src__other_py="",
    )
    assert ("entry-script-outside", "error") in found(tmp_path)


def test_a_home_that_nobody_has_is_a_path_like_any_other(tmp_path):
    lay(tmp_path, config_json='{"entryScript": "~nobody-at-all/score.py", "condaFile": "~0/conda.yml"}')

    assert {code for code, _ in found(tmp_path)} == {"file-missing"}


def test_a_script_named_by_a_config_is_one_whatever_it_looks_like(tmp_path):
    lay(tmp_path, model_py="def predict(x):\n    return x\n", config_json='{"entryScript": "model.py"}')

    assert found(tmp_path) == [("init-missing", "error"), ("run-missing", "error")]


def model(name="diabetes", version=1, files=("model.pkl",), packages=None, sample=None):
    return ModelVersion(
        name=name,
        version=version,
        digest="sha256:0",
        size_bytes=1,
        entry=files[0].partition("/")[0],
        is_folder="/" in files[0],
        created_time=datetime(2024, 1, 1, tzinfo=timezone.utc),
        created_by="me",
        packages=packages or {},
        sample_input=sample,
        manifest=tuple(ManifestEntry(file, "sha256:0", 1) for file in files),
    )


def deployed(*models):
    return ModelFacts(registered=list(models), deployed=list(models))


def test_the_deployed_model_decides_which_file_is_there(tmp_path):
    project(tmp_path)
    assert found(tmp_path, deployed(model())) == []
    assert found(tmp_path, deployed(model(files=("outputs/model.pkl",)))) == [("model-file", "warning")]
    assert found(tmp_path, deployed(model(), model("other"))) == [("model-file", "warning")]

    (finding,) = inspect_project([tmp_path], models=deployed(model(files=("ridge.pkl",))))
    assert finding.data["fix"]["edits"][0]["text"] == '"ridge.pkl"'
    assert finding.problem == "'model.pkl' is not in diabetes:1, which holds ridge.pkl."


@pytest.mark.parametrize(
    "path",
    [
        'Path(os.environ["AZUREML_MODEL_DIR"]) / "outputs" / "model.pkl"',
        'Path(os.getenv("AZUREML_MODEL_DIR")).joinpath("outputs", "model.pkl")',
        "f\"{os.getenv('AZUREML_MODEL_DIR')}/outputs/model.pkl\"",
        'os.getenv("AZUREML_MODEL_DIR") + "/outputs/model.pkl"',
        'os.path.join(os.path.join(os.environ["AZUREML_MODEL_DIR"], "outputs"), "model.pkl")',
        'os.path.join(str(ROOT / "outputs"), NAME)',
    ],
)
def test_a_path_below_the_models_is_understood_however_it_is_written(path, tmp_path):
    text = (
        'import os\nfrom pathlib import Path\n\nROOT = Path(os.environ["AZUREML_MODEL_DIR"])\nNAME = "model.pkl"\n\n\n'
        f"def init():\n    print({path})\n\n\ndef run(raw_data):\n    return raw_data\n"
    )
    lay(tmp_path, score_py=text)

    assert found(tmp_path, deployed(model(files=("outputs/model.pkl",)))) == []
    assert ("model-file", "warning") in found(tmp_path, deployed(model(files=("model.pkl",))))


def named(name):
    return f'from azureml.core.model import Model\n\n\ndef init():\n    print(Model.get_model_path("{name}"))\n\n\ndef run(x):\n    return x\n'


def test_names_of_models_are_held_against_the_registry_and_the_deployment(tmp_path):
    lay(tmp_path, score_py=named("diabetis"))

    assert found(tmp_path) == []
    assert found(tmp_path, ModelFacts(registered=[model()])) == [("model-unknown", "warning")]
    assert found(tmp_path, deployed(model())) == [("model-not-deployed", "error")]
    assert found(tmp_path, deployed(model("diabetis"))) == []


def test_another_version_than_in_training_is_told_at_the_pin(tmp_path):
    project(tmp_path, packages="scikit-learn==1.1.3")
    (finding,) = inspect_project(
        [tmp_path], models=deployed(model(packages={"scikit-learn": "1.3.2", "joblib": "1.2"}))
    )

    assert (finding.code, finding.severity, finding.span.line) == ("training-version", "warning", 7)
    assert finding.path.endswith("conda.yml")
    assert found(tmp_path, deployed(model(packages={"scikit-learn": "1.1.1"}))) == []


def test_it_is_told_once_and_also_where_only_the_conda_file_is_open(tmp_path):
    project(tmp_path, packages="scikit-learn==1.1.3")
    trained = deployed(model(packages={"scikit-learn": "1.3.2"}))

    together = inspect_project([tmp_path], models=trained)
    alone = inspect_project([tmp_path / "conda.yml", tmp_path / "config.json"], models=trained)

    assert [finding.code for finding in together] == ["training-version"]
    assert alone == together


def locked(folder, monkeypatch, packages="joblib==1.4.2"):
    """A project whose environment has been resolved, as a deployment does it."""
    monkeypatch.setenv("MOORING_HOME", str(folder / "home"))
    project(folder / "work", "import numpy", packages=packages)
    environment = Environment.from_conda_specification("e", folder / "work" / "conda.yml")
    resolve(environment, settings=load_settings())
    return folder / "work"


@pytest.mark.network
def test_what_an_environment_was_resolved_to_is_certain(tmp_path, monkeypatch):
    assert found(locked(tmp_path, monkeypatch)) == [("package-missing", "error")]


@pytest.mark.network
def test_a_resolved_version_is_held_against_the_one_of_the_training(tmp_path, monkeypatch):
    folder = locked(tmp_path, monkeypatch, packages="six<1.17")
    trained = deployed(model(packages={"six": "1.9.0", "numpy": "1.0"}))

    (finding,) = [
        each for each in inspect_project([folder], models=trained) if each.code == "training-version"
    ]

    assert (
        finding.problem == "six 1.16.0 is what it resolves to, but diabetes:1 was registered with six 1.9.0."
    )
    assert (finding.span.line, finding.path[-9:]) == (7, "conda.yml")


def test_settings_that_cannot_be_read_are_no_fault_of_a_conda_file(tmp_path, monkeypatch):
    monkeypatch.setenv("MOORING_USE_CONDA", "perhaps")
    project(tmp_path)

    assert found(tmp_path) == []


FRAME = "import pandas as pd\nfrom inference_schema.parameter_types.pandas_parameter_type import PandasParameterType\n"


@pytest.mark.parametrize(
    ("sample", "problem"),
    [
        ('pd.DataFrame({"age": [40], "bmi": [22.5]})', ""),
        ('pd.DataFrame(data=[{"age": 40, "bmi": 22.5}])', ""),
        ('pd.DataFrame([[40, 22.5]], columns=["age", "bmi"])', ""),
        (
            'pd.DataFrame({"age": pd.Series([40]), "bmi": pd.Series([22.5]), "sex": [1]})',
            "The sample has 3 columns",
        ),
        ('pd.DataFrame([{"age": 40, "bmj": 22.5}])', "no column 'bmj'; did you mean 'bmi'?"),
        ("pd.DataFrame([[40, 22.5, 1]])", "The sample has 3 columns"),
        ("frame_from_elsewhere()", ""),
    ],
)
def test_columns_of_a_frame_are_held_against_the_registered_sample(sample, problem, tmp_path):
    lay(
        tmp_path,
        score_py=f"{FRAME}from inference_schema.schema_decorators import input_schema\nfrom x import frame_from_elsewhere\n\n\n"
        f'def init():\n    pass\n\n\n@input_schema("data", PandasParameterType({sample}))\n'
        "def run(data):\n    return len(data)\n",
    )
    rows = deployed(model(sample={"data": [{"age": 40, "bmi": 22.5}]}))

    said = [f.problem for f in inspect_project([tmp_path], models=rows) if f.code == "sample-differs"]

    assert len(said) == bool(problem)
    assert problem in "".join(said)


def test_a_sample_of_another_width_is_told(tmp_path):
    lay(
        tmp_path,
        score_py="import numpy as np\nfrom inference_schema.parameter_types.numpy_parameter_type import NumpyParameterType\n"
        "from inference_schema.schema_decorators import input_schema\n\nsample = np.array([[1.0, 2.0]])\n\n\ndef init():\n    pass\n\n\n"
        '@input_schema("data", NumpyParameterType(sample))\ndef run(data):\n    return data.tolist()\n',
    )

    assert found(tmp_path, deployed(model(sample={"data": [[0, 0, 0]]}))) == [("sample-differs", "warning")]
    assert found(tmp_path, deployed(model(sample={"data": [[0, 0]]}))) == []
    assert found(tmp_path, deployed(model(sample="text"))) == []


def test_texts_of_an_editor_come_before_the_disk(tmp_path):
    project(tmp_path)
    open_texts = {str(tmp_path / "score.py"): SCRIPT.format(imports="import seaborn")}

    assert [f.code for f in Project([tmp_path], texts=open_texts).inspect()] == ["package-missing"]


def test_the_finding_of_a_script_and_its_config_is_told_once(tmp_path):
    project(tmp_path)
    (tmp_path / "score.py").write_text("def init(:\n")

    assert found(tmp_path) == [("entry-script-syntax", "error")]
