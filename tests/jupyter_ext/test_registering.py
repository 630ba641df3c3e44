"""`%mooring register`: fitted objects in their own format, with framework, version and a sample."""

from __future__ import annotations

import pytest

from mooring.workspace import Workspace

DATA = "import numpy as np\nX_train = np.arange(40.0).reshape(20, 2)\ny = X_train.sum(1)\n"
FRAME = "import pandas as pd\nX_train = pd.DataFrame({'age': [1, 2, 3], 'town': ['a', 'b', 'a']})\ny = [1, 2, 3]\n"

MODELS = {
    "sklearn": (
        "from sklearn.linear_model import Ridge\nmodel = Ridge().fit(X_train, y)",
        "model.pkl",
        "ScikitLearn",
    ),
    "xgboost": (
        "import xgboost\nmodel = xgboost.XGBRegressor(n_estimators=2).fit(X_train, y)",
        "model.ubj",
        "XGBoost",
    ),
    "lightgbm": (
        "import lightgbm\nmodel = lightgbm.LGBMRegressor(n_estimators=2, verbose=-1).fit(X_train, y)",
        "model.txt",
        "LightGBM",
    ),
    "onnx": (
        (
            "from onnx import helper, TensorProto as T\n"
            "i, o = (helper.make_tensor_value_info(n, T.FLOAT, [1, 2]) for n in 'io')\n"
            "model = helper.make_model(helper.make_graph([helper.make_node('Identity', ['i'], ['o'])], 'g', [i], [o]))"
        ),
        "model.onnx",
        "Onnx",
    ),
    "keras": (
        (
            "import os\nos.environ['KERAS_BACKEND'] = 'numpy'\nimport keras\n"
            "model = keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)])"
        ),
        "model.keras",
        "TfKeras",
    ),
    "torch": ("import torch\nmodel = torch.nn.Linear(2, 1)", "model.pt", "PyTorch"),
}


@pytest.mark.parametrize("library", list(MODELS))
@pytest.mark.filterwarnings("ignore")
def test_an_object_is_saved_in_its_own_format(cell, library, monkeypatch):
    if library == "keras":
        monkeypatch.setenv("KERAS_BACKEND", "numpy")
    module = pytest.importorskip(library, exc_type=ImportError)
    fit, file, framework = MODELS[library]
    assert "Error" not in cell(DATA + fit)

    told = cell("%mooring register model -n diabetes")

    with Workspace.open() as workspace:
        model = workspace.models.get("diabetes")
    assert (model.entry, model.framework, model.framework_version) == (
        file,
        framework,
        str(module.__version__),
    )
    assert f"saved as {file}" in told
    if library in ("sklearn", "xgboost", "lightgbm"):
        assert model.sample_input == {"data": [[0.0, 1.0], [2.0, 3.0]]}
        assert model.packages


def test_rows_of_a_frame_with_words_keep_their_columns_names(cell):
    cell(
        f"{FRAME}from sklearn.pipeline import make_pipeline\nfrom sklearn.preprocessing import OneHotEncoder\n"
        "from sklearn.linear_model import Ridge\nmodel = make_pipeline(OneHotEncoder(), Ridge()).fit(X_train, y)"
    )

    assert "Sample: first rows of X_train" in cell("%mooring register model")

    with Workspace.open() as workspace:
        assert workspace.models.get("model").sample_input == {
            "data": [{"age": 1, "town": "a"}, {"age": 2, "town": "b"}]
        }


def test_a_sample_of_ones_own_is_taken(shell, cell):
    cell(
        f"{DATA}from sklearn.linear_model import Ridge\nmodel = Ridge().fit(X_train, y)\nmine = {{'rows': [1]}}"
    )

    cell("%mooring register model -n a --sample-input mine")
    cell("%mooring register model -n b --sample-input '{\"x\": 1}'")
    cell("%mooring register model -n c --sample-input X_train[5:6]")

    with Workspace.open() as workspace:
        samples = [workspace.models.get(name).sample_input for name in "abc"]
    assert samples == [{"rows": [1]}, {"x": 1}, {"data": [[10.0, 11.0]]}]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("from sklearn.linear_model import Ridge\nmodel = Ridge()", "model-not-fitted"),
        ("model = object()", "not-a-model"),
        (
            (
                f"{DATA}from sklearn.preprocessing import FunctionTransformer\n"
                "model = FunctionTransformer(lambda x: x).fit(X_train)"
            ),
            "model-not-picklable",
        ),
        ("", "model-path-missing"),
    ],
    ids=["not fitted", "no model", "lambda", "no such variable or file"],
)
def test_what_can_not_be_registered_is_told(cell, text, code):
    cell(text)

    told = cell("%mooring register model")

    assert "Error" in told
    assert "Traceback" not in told
    assert f"(code {code})" in told


def test_a_sample_without_whole_rows_is_refused(cell):
    cell(f"{FRAME}from sklearn.linear_model import Ridge\nmodel = Ridge().fit(X_train[['age']], y)")

    assert "(code no-sample)" in cell("%mooring register model --sample-input X_train[:0]")
    assert "A set can't be sent as JSON" in cell("some = {1}\n%mooring register model --sample-input some")


def test_a_folder_lends_its_name(cell, tmp_path):
    (tmp_path / "weights.bin").write_bytes(b"a")

    assert f"Registered {tmp_path.name}:1" in cell("%mooring register .")


def test_files_folders_and_paths_in_variables(cell, tmp_path):
    (tmp_path / "ridge.pkl").write_bytes(b"a")
    cell("from pathlib import Path\nwhere = Path('ridge.pkl')")

    assert "Registered ridge:1" in cell("%mooring register ridge.pkl")
    assert "Registered ridge:2" in cell("%mooring register where")
    assert "Registered other:1" in cell("%mooring register -p ridge.pkl -n other")


def test_a_variable_goes_to_the_service_as_it_takes_it(shell, cell, tmp_path):
    cell(f"{DATA}from sklearn.linear_model import Ridge\nmodel = Ridge().fit(X_train, y)")
    cell("%mooring register model")
    (tmp_path / "score.py").write_text(
        "import json\n\n\ndef init():\n    pass\n\n\ndef run(data):\n    return json.loads(data)\n"
    )
    cell("%mooring deploy nb -m model:1 --es score.py")

    cell("a = %mooring test nb --data X_train[:1]")
    cell("import pandas as pd\nframe = pd.DataFrame(X_train[:1])\nb = %mooring test nb --data frame")
    cell("body = {'data': 7}\nc = %mooring test nb --data body")
    cell("d = %mooring test nb")
    (tmp_path / "body.json").write_text('{"data": 8}')
    cell("e = %mooring test nb --data @body.json")

    names = shell.user_ns
    assert names["a"] == names["b"] == {"data": [[0.0, 1.0]]}
    assert (names["c"], names["e"]) == ({"data": 7}, {"data": 8})
    assert names["d"] == {"data": [[0.0, 1.0], [2.0, 3.0]]}
