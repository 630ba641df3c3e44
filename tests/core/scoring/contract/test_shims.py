"""Stand-ins for packages: what scripts can rely on, and that the real packages win."""

from __future__ import annotations

import importlib
import json
import pickle
import sys

import pytest

from mooring.scoring import collection
from mooring.scoring.shims import install_shims
from mooring.scoring.shims.exceptions import ModelNotFoundException, WebserviceException


@pytest.fixture
def shims(process):
    install_shims()


@pytest.fixture
def models(tmp_path, monkeypatch):
    """`get_model_path` over a model root of the test's own."""
    from mooring.scoring.shims import model

    monkeypatch.setattr(model, "MODELS_DIR", str(tmp_path / "azureml-models"))
    monkeypatch.chdir(tmp_path)

    def make(*paths):
        for path in paths:
            target = tmp_path / "azureml-models" / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text("model")
        return model.Model.get_model_path

    return make


def test_the_highest_version_is_a_number_not_a_word(models, tmp_path):
    get = models("m/9/a.pkl", "m/10/b.pkl")

    assert get("m") == str(tmp_path / "azureml-models/m/10/b.pkl")
    assert get("m", version=9) == str(tmp_path / "azureml-models/m/9/a.pkl")


def test_a_folder_model_is_its_folder(models, tmp_path):
    assert models("m/1/folder/x.bin")("m") == str(tmp_path / "azureml-models/m/1/folder")


def test_a_missing_model_is_looked_for_in_the_working_directory(models, tmp_path):
    get = models()
    (tmp_path / "local.pkl").write_text("x")

    assert get("local.pkl") == "local.pkl"
    with pytest.raises(
        ModelNotFoundException, match="Model gone not found in cache at azureml-models or in current"
    ):
        get("gone")


@pytest.mark.parametrize(
    ("paths", "version", "error"),
    [(("m/1/a", "m/1/b"), None, WebserviceException), (("m/1/a",), "1", WebserviceException), (("m/v1/a",), None, ValueError)],
    ids=["two-entries", "version-is-text", "version-folder-is-text"],
)  # fmt: skip
def test_a_guess_is_never_returned(models, paths, version, error):
    get = models(*paths)

    with pytest.raises(error):
        get("m", version=version)


def test_scripts_that_catch_the_error_can_fall_back(load):
    served = load(
        "from azureml.core.model import Model\nfrom azureml.exceptions import WebserviceException\n"
        "def init():\n    global path\n    try:\n        path = Model.get_model_path('none')\n    except WebserviceException:\n        path = 'fallback'\n"
        "def run(data):\n    return path\n"
    )

    assert served.post(1).body == b'"fallback"'


def test_old_imports_work(load):
    served = load(
        "from azureml.core import Model, Workspace, Run, Environment, Dataset, Experiment, Datastore\n"
        "from azureml.core.model import Model as M2\nfrom azureml.core.run import Run as R2\n"
        "from azureml.monitoring import ModelDataCollector\nimport azureml.train.automl\n"
        "from azureml.ai.monitoring import Collector\nfrom azure.ai.mlmonitoring import Collector as C2\n"
        "from azureml.api.schema.dataTypes import DataTypes\nfrom azureml.api.schema.sampleDefinition import SampleDefinition\n"
        "from azureml.api.realtime.services import generate_schema\n"
        "def run(data):\n    Run.get_context().log('a', 1)\n    return [M2 is Model, C2 is Collector]\n"
    )

    assert served.post(1).body == b"[true, true]"


def test_what_a_service_has_not_says_so(shims):
    core = importlib.import_module("azureml.core")
    exceptions = importlib.import_module("azureml.exceptions")

    with pytest.raises(exceptions.UserErrorException, match=r"config\.json"):
        core.Workspace.from_config()
    with pytest.raises(exceptions.RunEnvironmentException):
        core.Run.get_context(allow_offline=False)
    with pytest.raises(AttributeError):
        _ = core.Run.get_context().experiment
    with pytest.raises(exceptions.WebserviceException, match=r"Dataset\.get_by_name"):
        core.Dataset.get_by_name(None, "x")


def test_collectors_take_every_signature_and_drop_data_without_a_sink(shims):
    collector = importlib.import_module("azureml.monitoring").ModelDataCollector
    modern = importlib.import_module("azureml.ai.monitoring").Collector

    assert collector("m", identifier="inputs", feature_names=["a"]).collect([1]) is None
    assert collector("m", designation="inputs").collect([[1]]) is None
    assert collector(model_name="m").collect([1], "id") is None
    context = modern(name="inputs", on_error=lambda error: None).collect({"a": 1})
    assert modern(name="outputs").collect({"a": 1}, context) is context


def test_a_sink_gets_what_is_collected_and_may_fail(shims, caplog):
    collector = importlib.import_module("azureml.monitoring").ModelDataCollector("m", designation="inputs")
    got = []
    collection.set_sink(lambda name, data, context: got.append((name, data)) or 1 / 0)
    try:
        collector.collect([1])
    finally:
        collection.set_sink(None)

    assert got == [("m/inputs", [1])]
    assert "the request goes on" in caplog.text


@pytest.fixture
def packages(tmp_path, monkeypatch, shims):
    """Make importable packages out of a table of sources."""

    def make(**files):
        for name, text in files.items():
            path = tmp_path / "site" / (name.replace("__", "/") + ".py")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            for folder in list(path.parents)[:-1]:
                if folder == tmp_path / "site":
                    break
                (folder / "__init__.py").touch()
            _forget(name.partition("__")[0], monkeypatch)
        monkeypatch.syspath_prepend(str(tmp_path / "site"))

    return make


def _forget(package, monkeypatch):
    """The real one, which another test may have imported; it comes back afterwards."""
    for name in list(sys.modules):
        if name.partition(".")[0] == package:
            monkeypatch.delitem(sys.modules, name)


def test_scripts_and_pickles_find_modules_that_moved(packages):
    packages(
        sklearn__externals___arff="",
        sklearn__linear_model___ridge="class Ridge: pass\n",
        sklearn__tree___classes="class Tree: pass\n",
        joblib__numpy_pickle="class Wrapper: pass\n",
    )

    names = ("sklearn.externals.joblib", "sklearn.externals.joblib.numpy_pickle", "sklearn.linear_model.ridge", "sklearn.tree.tree")  # fmt: skip
    found = [importlib.import_module(name).__name__ for name in names]

    assert found == ["joblib", "joblib.numpy_pickle", "sklearn.linear_model._ridge", "sklearn.tree._classes"]
    assert pickle.loads(b"csklearn.linear_model.ridge\nRidge\n.").__module__ == "sklearn.linear_model._ridge"
    assert sys.modules["joblib"].__spec__.name == "joblib"


def test_a_renamed_package_has_the_same_modules_inside(packages):
    """numpy 2's pickles say numpy._core; on an older numpy that is numpy.core, and never a second copy of it."""
    packages(joblib__func_inspect__deep="x = 1\n", sklearn__externals___arff="")

    old = importlib.import_module("sklearn.externals.joblib.func_inspect.deep")

    assert old is importlib.import_module("joblib.func_inspect.deep")


def test_a_missing_module_stays_missing(shims):
    for name in ("sklearn.nothing", "azureml.nothing", "numpy.core_nothing", "inference_schema.nothing"):
        with pytest.raises(ModuleNotFoundError):
            importlib.import_module(name)


def test_real_packages_win(packages):
    packages(azureml__monitoring="REAL = True\n", inference_schema__schema_decorators="REAL = True\n")

    assert importlib.import_module("azureml.monitoring").REAL
    assert importlib.import_module("inference_schema.schema_decorators").REAL
    assert importlib.import_module("azureml.core").Model  # beside the real part, the missing one is offered


def test_both_names_of_the_response_are_one_class(load):
    served = load(
        "from azureml.contrib.services.aml_response import AMLResponse as A\n"
        "from azureml_inference_server_http.api.aml_response import AMLResponse as B\n"
        "def run(data):\n    return A is B\n"
    )

    assert json.loads(served.post(1).body) is True


def test_installing_twice_is_installing_once(shims):
    before = list(sys.meta_path)

    install_shims()

    assert sys.meta_path == before
