import json

import pandas


def init():
    pass


def run(data):
    text = json.dumps(json.loads(data)["data"])
    return pandas.read_json(text).values.tolist()  # <- read-json-text:information
