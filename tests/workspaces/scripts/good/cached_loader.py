import json
import os
from functools import lru_cache

import joblib


@lru_cache(maxsize=None)
def load(name):
    return joblib.load(os.path.join(os.environ["AZUREML_MODEL_DIR"], name))


def init():
    load("a.pkl")


def run(raw_data):
    body = json.loads(raw_data)
    return load(body["model"]).predict(body["data"]).tolist()
