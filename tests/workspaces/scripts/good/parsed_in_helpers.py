import json
import os

import joblib
import numpy as np
import pandas as pd


class NotReadable(Exception):
    pass


def read(text):
    try:
        return pd.DataFrame(json.loads(text)["rows"])
    except (KeyError, ValueError) as error:
        raise NotReadable(str(error)) from error


def answer(values):
    return [{"value": float(value), "label": str(index)} for index, value in enumerate(values)]


def init():
    global models
    models = {}
    for name in ("first", "second"):
        models[name] = joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], name, "model.pkl"))


def run(raw_data):
    rows = read(raw_data)
    found = {}
    for name, model in models.items():
        found[name] = answer(model.predict(rows))
    found["best"] = int(np.argmax([len(rows), 0]))
    found["classes"] = [int(index) for index in np.argmax(models["first"].predict_proba(rows), axis=1)]
    return found
