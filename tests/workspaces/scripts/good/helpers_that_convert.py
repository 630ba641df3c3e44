import json
import os
import pickle

import numpy as np


def load(path):
    with open(path, "rb") as file:
        return pickle.load(file)


def convert(value):
    if isinstance(value, np.ndarray):
        return value.tolist()
    return value


def scores(rows):
    values = np.array(rows, dtype=float)
    return values


def init():
    global clf
    clf = load(os.path.join(os.getenv("AZUREML_MODEL_DIR"), "clf.pkl"))


def run(raw_data):
    rows = scores(json.loads(raw_data)["data"])
    answer = convert(clf.predict(rows))
    total = scores(rows).sum()
    return {"answer": answer, "total": float(total), "n": len(scores(rows))}
