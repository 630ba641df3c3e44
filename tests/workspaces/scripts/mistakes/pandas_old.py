# packages: pandas==2.1.0
import json

import pandas as pd


def init():
    global base
    base = pd.DataFrame({"a": [1]})


def run(raw_data):
    frame = pd.DataFrame(json.loads(raw_data)["rows"])
    frame = frame.append({"a": 1}, ignore_index=True)  # <- pandas-removed:warning
    features = frame.drop("y", 1)  # <- pandas-removed:warning
    matrix = features.as_matrix()  # <- pandas-removed:warning
    return [features.ix[0].tolist(), matrix.tolist()]  # <- pandas-removed:warning
