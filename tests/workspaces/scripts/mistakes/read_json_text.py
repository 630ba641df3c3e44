# packages: pandas==2.2.0
import json

import pandas as pd


def init():
    pass


def run(raw_data):
    frame = pd.read_json(raw_data, orient="split")  # <- read-json-text:warning
    other = pd.read_json(json.dumps({"a": [1]}))  # <- read-json-text:warning
    return [frame.values.tolist(), other.values.tolist()]
