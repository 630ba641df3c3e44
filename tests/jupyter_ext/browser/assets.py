"""Cells that several tests run, and where."""

import pytest

in_both = pytest.mark.parametrize(
    "notebook", ["lab/tree", "notebooks"], ids=["JupyterLab", "Notebook 7"], indirect=True
)
LOAD = "%load_ext mooring"
TRAIN = (
    "import numpy as np\nfrom sklearn.linear_model import Ridge\nX_train = np.arange(40.0).reshape(20, 2)\n"
    "model = Ridge().fit(X_train, X_train.sum(1))"
)
SCORE = """%%entry_script score.py
import json
import os

import joblib


def init():
    global model
    model = joblib.load(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "model.pkl"))


def run(data):
    print("asked for", data)
    return model.predict(json.loads(data)["data"]).tolist()
"""
PLAIN = "def init():\n    pass\n\n\ndef run(data):\n    return [1]\n"
FAILING = "def init():\n    pass\n\n\ndef run(data):\n    rows = data.upper()\n    return rows[0] / 2\n"
NOT_STARTING = "def init():\n    open('nowhere.pkl')\n\n\ndef run(data):\n    return [1]\n"
WIDGETS = "from mooring_jupyter.widgets import DeployWidget, ModelsWidget, RegisterWidget, ServiceWidget\n"
