# packages: pandas==2.2.0
import json

import pandas as pd


def prepare(text):
    return pd.read_json(text, orient="records")  # <- read-json-text:warning


def init():
    pass


def run(raw_data):
    inner = json.loads(raw_data)["data"]
    first = pd.read_json(inner)  # <- read-json-text:warning
    return [prepare(raw_data).values.tolist(), first.values.tolist()]
