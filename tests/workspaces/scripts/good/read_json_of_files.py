import json
import os

import pandas as pd


def init():
    global table
    path = os.path.join(os.environ["AZUREML_MODEL_DIR"], "table.json")
    table = pd.read_json(path)


def run(raw_data):
    return [table.to_dict("records"), json.loads(raw_data)]
